import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import type { Check } from '../../core/check'
import type { Ping } from '../../core/ping'
import type { Instant } from '../../core/time'
import { checkOf, projectOf, requireVisitor, visitorOf, withCheck } from '../auth'
import { durationsOf, kindOf, sourceOf } from '../log'
import { pathsBelow } from '../paths'
import type { Paths } from '../paths'
import { render } from '../render'
import { inZone, moment, nameOf, rootPath, size, took } from '../show'
import type { PingPage } from '../view-models'

/** Larger bodies are cut on the page: web-ui.md C10. */
const SHOWN_BYTES = 1_000_000

/** How far back from a ping the start of its run is looked for, and most pings read to find it. */
const START_WITHIN = 500
const MOST_READ = 1000

/** One ping with its body: web-ui.md C10. */
export function pingPages(app: App): Router {
  const { store, config } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = [requireVisitor, withCheck]

  routes.get(
    '/checks/:check/pings/:n/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const check = checkOf(request)
      const ping = await pingOf(request)
      if (ping === null) return next()
      const [body, recent] = await Promise.all([
        ping.bodyBytes > 0 ? store.pings.body(check.id, ping.n) : null,
        store.pings.latest(check.id, { afterN: Math.max(0, ping.n - START_WITHIN), limit: MOST_READ }),
      ])
      const project = projectOf(request)
      const model = pingPage({
        check,
        project,
        ping,
        body,
        durationMs: durationsOf(recent).get(ping.n) ?? null,
        tz: visitorOf(request).user.tz,
        paths,
      })
      const title = `Ping #${ping.n} – ${nameOf(check)}`
      await render(request, response, 'ping', model, { title, project, section: 'checks' })
    },
  )

  routes.get(
    '/checks/:check/pings/:n/body/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const check = checkOf(request)
      const ping = await pingOf(request)
      const body = ping === null ? null : await store.pings.body(check.id, ping.n)
      if (ping === null || body === null) return next()
      response
        .status(200)
        .set('Content-Type', 'application/octet-stream')
        .set('Content-Disposition', `attachment; filename="${check.code}-${ping.n}.${ending(ping, body)}"`)
        .send(body)
    },
  )

  async function pingOf(request: Request): Promise<Ping | null> {
    const n = String(request.params['n'])
    return /^[1-9]\d{0,8}$/.test(n) ? await store.pings.find(checkOf(request).id, Number(n)) : null
  }

  return routes
}

interface PingSource {
  check: Check
  project: { code: string; name: string }
  ping: Ping
  body: Buffer | null
  durationMs: number | null
  tz: string
  paths: Paths
}

export function pingPage({ check, project, ping, body, durationMs, tz, paths }: PingSource): PingPage {
  const { icon, word } = kindOf(ping)
  return {
    trail: [
      { text: project.name, url: paths.checks(project.code) },
      { text: nameOf(check), url: paths.check(check.code) },
    ],
    n: ping.n,
    icon,
    word: ping.exitStatus === null || ping.kind !== 'fail' ? word : `Failure, exit status ${ping.exitStatus}`,
    older: ping.n > 1 ? paths.ping(check.code, ping.n - 1) : null,
    newer: ping.n < check.pingCount ? paths.ping(check.code, ping.n + 1) : null,
    facts: factsOf(ping, durationMs, tz),
    content: body === null ? null : contentOf(body, paths.pingBody(check.code, ping.n)),
  }
}

function factsOf(ping: Ping, durationMs: number | null, tz: string): PingPage['facts'] {
  const fact = (label: string, value: string, isCode = false): PingPage['facts'][number] => ({
    label,
    value,
    time: null,
    mono: isCode,
    copy: false,
  })
  return [
    { ...fact('Received', receivedAt(ping.at, tz)), time: moment(ping.at, tz) },
    fact('As', sourceOf(ping)),
    ...(durationMs === null ? [] : [fact('Run time', took(durationMs))]),
    ...(ping.runId === null ? [] : [{ ...fact('Run', ping.runId, true), copy: true }]),
    ...(ping.exitStatus === null ? [] : [fact('Exit status', String(ping.exitStatus))]),
    fact('User agent', ping.userAgent === '' ? 'none' : ping.userAgent),
    fact('Body', ping.bodyBytes === 0 ? 'none' : size(ping.bodyBytes)),
  ]
}

function receivedAt(at: Instant, tz: string): string {
  return `${inZone(at, tz)} ${tz}`
}

function contentOf(body: Buffer, downloadUrl: string): NonNullable<PingPage['content']> {
  const isLong = body.length > SHOWN_BYTES
  return {
    text: body.subarray(0, SHOWN_BYTES).toString('utf8'),
    sizeText: size(body.length),
    cut: isLong
      ? `Only the first ${size(SHOWN_BYTES)} are shown. Download the original to see all of it.`
      : null,
    downloadUrl,
  }
}

/** By what is in it: mail, text, or anything. */
function ending(ping: Ping, body: Buffer): 'eml' | 'txt' | 'bin' {
  if (ping.scheme === 'email') return 'eml'
  return body.includes(0) ? 'bin' : 'txt'
}
