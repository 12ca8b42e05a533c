import type { App } from '../../app'
import type { Check } from '../../core/check'
import { apiTime } from '../../core/check-document'
import type { Ping } from '../../core/ping'
import { logLimitOf } from '../../core/ping-log'
import { SECOND } from '../../core/time'
import { refusal } from './answer'
import { checkLoaders } from './checks'
import { pageAnswer, pageOf } from './paging'
import { apiRoute, empty, json, NUMBER, UUID } from './route'
import type { ApiCall, ApiRoute } from './route'

/** Pings in one answer, however many are kept: spec/management-api.md [M42]. */
const MOST_PINGS = 1000

/** The log of pings: E9 and E10 of spec/management-api.md §8. */
export function pingRoutes(app: App): ApiRoute[] {
  const { store, config, actions } = app
  const { withCheck } = checkLoaders(app)

  async function limitOf({ project }: ApiCall): Promise<number> {
    const owner = await store.users.find(project.ownerId)
    return logLimitOf(project, owner).pingLogLimit
  }

  const list = withCheck(async (call, check) => {
    const paged = pageOf(call)
    if (!paged.ok) return refusal(paged.problem)
    const logLimit = await limitOf(call)
    const page = paged.value
    const pings =
      page === null
        ? await store.pings.latest(check.id, { afterN: 0, limit: Math.min(logLimit, MOST_PINGS) })
        : await store.pings.latest(check.id, {
            afterN: Math.max(0, check.pingCount - logLimit),
            beforeN: page.before,
            limit: page.limit,
          })
    const tookMs = await store.pingLog.durations(check.id, pings)
    const last = page !== null && pings.length === page.limit ? (pings.at(-1)?.n ?? null) : null
    const documents = pings.map((ping) => present(call, check, ping, tookMs.get(ping.n)))
    return page === null ? json({ pings: documents }) : pageAnswer(call, { pings: documents }, last)
  })

  const body = withCheck(async (call, check) => {
    const n = Number(call.parts[1])
    // Longer numbers than any ping has must not reach the database.
    if (n > check.pingCount || n <= check.pingCount - (await limitOf(call))) return 'no page'
    const ping = await store.pings.find(check.id, n)
    if (ping === null || ping.bodyBytes === 0) return 'no page'
    const found = await actions.bodies.read(check, ping)
    if (found.state === 'unavailable') return empty(503)
    return found.state === 'present' ? { status: 200, bytes: found.bytes } : 'no page'
  })

  function present({ version }: ApiCall, { code }: Check, ping: Ping, tookMs: number | undefined): unknown {
    const { n } = ping
    const bodyUrl = `${config.siteRoot}/api/v${version}/checks/${code}/pings/${n}/body`
    return {
      type: ping.kind,
      date: pingTime(ping.at),
      n,
      scheme: ping.scheme,
      remote_addr: ping.remoteAddress,
      method: ping.method,
      ua: ping.userAgent,
      rid: ping.runId,
      body_url: ping.bodyBytes > 0 ? bodyUrl : null,
      ...(tookMs === undefined ? {} : { duration: Math.round(tookMs / 10) / 100 }),
    }
  }

  return [
    apiRoute(`checks/(${UUID})/pings/`, {
      GET: { needs: 'read-write', summary: 'Lists the pings of a check, newest first.', answer: list },
    }),
    apiRoute(`checks/(${UUID})/pings/(${NUMBER})/body`, {
      GET: { needs: 'read-write', summary: 'Shows the body of a ping, as it came.', answer: body },
    }),
  ]
}

/** Six digits of the second, unless they are all zero: [M22]. */
function pingTime(at: number): string {
  const ms = at % SECOND
  return ms === 0 ? apiTime(at) : apiTime(at).replace('+', `.${String(ms).padStart(3, '0')}000+`)
}
