import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import type { Ping } from '../../core/ping'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import { SECOND } from '../../core/time'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { htmlOfBody } from '../body-view'
import { showError } from '../errors'
import { FRAME_POLICY } from '../mail-html'
import { pathsBelow } from '../paths'
import { noteOn, pingPage } from '../ping-page'
import { numberOf, valueOf } from '../query'
import { render } from '../render'
import { nameOf, rootPath } from '../show'

/** How often, and how soon, a page asks again by itself for a body that is on its way to storage. */
const ASKS_AGAIN = 5
const PENDING_S = 3

/** When to ask again for a body that the storage does not give: it is left alone for about so long. */
const RETRY_MS = 20 * SECOND

/** One ping with its body: web-ui.md C10. */
export function pingPages(app: App): Router {
  const { store, config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onCheck('read-only')

  routes.get('/checks/:check/pings/:n/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    const project = projectOf(request)
    const hidden = await hiddenOf(request)
    const ping = await pingOf(request, hidden)
    if (ping === null) {
      return await showError(request, response, 404, { detail: 'No details for this event.' })
    }
    const [body, tookMs, partnerN] = await Promise.all([
      actions.bodies.read(check, ping),
      store.pingLog.durations(check.id, [ping]),
      store.pingLog.partner(check.id, ping),
    ])
    const asked = Object.fromEntries(
      (['view', 'wrap', 'numbers', 'colours', 'json'] as const).map((key) => [key, valueOf(request, key)]),
    )
    const model = pingPage({
      check,
      project,
      ping,
      lastHiddenN: hidden,
      body,
      bodyLimitBytes: config.pingBodyLimitBytes ?? Infinity,
      durationMs: tookMs.get(ping.n) ?? null,
      partnerN: partnerN !== null && partnerN > hidden ? partnerN : null,
      tz: visitorOf(request).user.tz,
      paths,
      asked,
    })
    const tries = numberOf(request, 'try', 0, ASKS_AGAIN)
    if (body.state === 'pending' && tries < ASKS_AGAIN) {
      response.set('Refresh', `${PENDING_S}; url=${paths.ping(check.code, ping.n)}?try=${tries + 1}`)
    }
    const title = `Ping #${ping.n} – ${nameOf(check)}`
    await render(request, response, 'ping', model, { title, project, section: 'checks' })
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
          .send(noteOn(found))
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
