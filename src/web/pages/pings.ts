import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import type { Check, Status } from '../../core/check'
import type { Ping } from '../../core/ping'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import { SECOND } from '../../core/time'
import { NEWEST } from '../../store/event-log'
import type { EventCursor, EventFilter, LoggedEvent } from '../../store/event-log'
import { frameOfCheck } from '../about-check'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { htmlOfBody, SWITCHES } from '../body-view'
import { showError } from '../errors'
import { isFragment } from '../fragments'
import { readLogFilter } from '../log-filter'
import type { LogFilter } from '../log-filter'
import { FRAME_POLICY } from '../mail-html'
import { pathsBelow } from '../paths'
import { ON_ITS_WAY_MS, pingPage } from '../ping-page'
import { numberOf, valueOf } from '../query'
import { render } from '../render'
import { rootPath } from '../show'

/** How often, and how soon, a page asks again by itself for a body that is on its way to storage. */
const ASKS_AGAIN = 5
const PENDING_S = 3

/** Most steps through a long log on the way to a neighbour. */
const MOST_STEPS = 10

/** When to ask again for a body that the storage does not give: it is left alone for about so long. */
const RETRY_MS = 20 * SECOND

/** One ping with its body: web-ui.md C10. */
export function pingPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onCheck('read-only')

  routes.get('/checks/:check/pings/:n/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    const project = projectOf(request)
    const hidden = await hiddenOf(request)
    const ping = await pingOf(request, hidden)
    if (ping === null) return await tellNothing(request, response)
    const ownTz = visitorOf(request).user.tz
    const log = valueOf(request, 'log')
    const filter = readLogFilter(new URLSearchParams(log), { tz: ownTz, ownTz })
    const nowAt = clock()
    const [body, tookMs, partnerN, olderN, newerN, statusThen] = await Promise.all([
      actions.bodies.read(check, ping),
      store.pingLog.durations(check.id, [ping]),
      store.pingLog.partner(check.id, ping),
      neighbour(check, ping.n, { filter, afterN: hidden, towards: 'older' }),
      neighbour(check, ping.n, { filter, afterN: hidden, towards: 'newer' }),
      ping.kind === 'ign' ? statusAt(check, ping) : check.status,
    ])
    const tries = numberOf(request, 'try', 0, ASKS_AGAIN)
    const asksAgain = body.state === 'pending' && nowAt - ping.at < ON_ITS_WAY_MS && tries < ASKS_AGAIN
    const model = pingPage({
      check,
      project,
      ping,
      body,
      bodyLimitBytes: config.pingBodyLimitBytes ?? Infinity,
      durationMs: tookMs.get(ping.n) ?? null,
      partnerN: partnerN !== null && partnerN > hidden ? partnerN : null,
      tz: ownTz,
      paths,
      asked: Object.fromEntries((['view', ...SWITCHES] as const).map((key) => [key, valueOf(request, key)])),
      nowAt,
      log,
      olderN,
      newerN,
      statusThen,
      askAgain: asksAgain ? { afterS: PENDING_S, tries: tries + 1 } : null,
    })
    // A part of another page is asked for again by a script.
    const again = isFragment(request) ? null : (model.bodyNote?.again ?? null)
    if (again?.afterS) response.set('Refresh', `${again.afterS}; url=${again.url}`)
    const frame = frameOfCheck(request, `Ping #${ping.n}`, { scripts: ['events'] })
    await render(request, response, 'ping', model, frame)
  })

  // The last time it was heard how the job went.
  routes.get(
    '/checks/:check/last_ping/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const check = checkOf(request)
      const afterN = await hiddenOf(request)
      const n = await store.pings.lastEnd(check.id, afterN)
      if (n === null) return next()
      response.redirect(303, paths.ping(check.code, n))
    },
  )

  routes.get(
    '/checks/:check/pings/:n/body/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const check = checkOf(request)
      const ping = await pingOf(request)
      if (ping === null) return next()
      const found = await actions.bodies.read(check, ping)
      if (found.state === 'unavailable') {
        return void response
          .status(503)
          .set('Retry-After', String(RETRY_MS / SECOND))
          .send('Body storage does not answer right now.')
      }
      if (found.state !== 'present') return next()
      const body = found.bytes
      response
        .status(200)
        .set('Content-Type', 'application/octet-stream')
        .set('Content-Disposition', `attachment; filename="${check.code}-${ping.n}.${ending(ping, body)}"`)
        .send(body)
    },
  )

  // The HTML of a body, for the frame on the page; just as inert when it is opened by itself.
  routes.get(
    '/checks/:check/pings/:n/html/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const ping = await pingOf(request)
      const found = ping === null ? null : await actions.bodies.read(checkOf(request), ping)
      const isMail = ping?.scheme === 'email'
      const html = found?.state === 'present' ? htmlOfBody(found.bytes, { isMail }) : null
      if (html === null) return next()
      response
        .status(200)
        .set('Content-Type', 'text/html; charset=utf-8')
        .set('Content-Security-Policy', FRAME_POLICY)
        .set('X-Frame-Options', 'SAMEORIGIN')
        .set('Referrer-Policy', 'no-referrer')
        .set('Cache-Control', 'no-store')
        .send(html)
    },
  )

  /** A page that says so, which dialogs can show. */
  async function tellNothing(request: Request, response: Response): Promise<void> {
    const detail = 'No details for this event.'
    if (!isFragment(request)) return await showError(request, response, 404, { detail })
    const model = { heading: `Ping #${String(request.params['n'])}`, text: [detail], link: null }
    await render(request, response, 'message', model, frameOfCheck(request, model.heading, { status: 404 }))
  }

  /** The next one in a log: the one before or after it, or further away where the log is filtered. */
  async function neighbour(
    check: Check,
    n: number,
    { filter, afterN, towards }: { filter: LogFilter; afterN: number; towards: 'older' | 'newer' },
  ): Promise<number | null> {
    if (!filter.isActive) {
      const next = towards === 'older' ? n - 1 : n + 1
      return next > Math.max(0, afterN) && next <= check.pingCount ? next : null
    }
    const events = { ...filter.events, withFlips: false, withNotifications: false }
    const search = { filter: events, afterN, limit: 1 }
    let cursor: EventCursor | null = { ...NEWEST, n: towards === 'older' ? n : n + 1 }
    for (let steps = 0; cursor !== null && steps < MOST_STEPS; steps++) {
      const found: { events: LoggedEvent[]; next: EventCursor | null } =
        towards === 'older'
          ? await store.eventLog.page(check.id, { ...search, before: cursor })
          : await newer(check, search, cursor)
      const [event] = found.events
      if (event?.type === 'ping') return event.ping.n
      cursor = found.next
    }
    return null
  }

  async function newer(
    check: Check,
    search: { filter: EventFilter; afterN: number; limit: number },
    after: EventCursor,
  ): Promise<{ events: LoggedEvent[]; next: EventCursor | null }> {
    const { events, next, isMore } = await store.eventLog.newer(check.id, { ...search, after })
    return { events, next: isMore ? next : null }
  }

  /** What the check was when a ping came. */
  async function statusAt(check: Check, { at }: Ping): Promise<Status> {
    const reach = { fromAt: 0, untilAt: at + 1, beforeId: Number.MAX_SAFE_INTEGER, limit: 1 }
    const { flips } = await store.flips.page(check.id, reach)
    return flips[0]?.to ?? 'new'
  }

  async function hiddenOf(request: Request): Promise<number> {
    const project = projectOf(request)
    const owner = await store.users.find(project.ownerId)
    return lastHiddenN(checkOf(request), logLimitOf(project, owner))
  }

  async function pingOf(request: Request, hidden?: number): Promise<Ping | null> {
    const n = String(request.params['n'])
    if (!/^[1-9]\d{0,8}$/.test(n)) return null
    const check = checkOf(request)
    const afterN = hidden ?? (await hiddenOf(request))
    return Number(n) > afterN ? await store.pings.find(check.id, Number(n)) : null
  }

  return routes
}

/** By what is in it: mail, text, or anything. */
function ending(ping: Ping, body: Buffer): 'eml' | 'txt' | 'bin' {
  if (ping.scheme === 'email') return 'eml'
  return body.includes(0) ? 'bin' : 'txt'
}
