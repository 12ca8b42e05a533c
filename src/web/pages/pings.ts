import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import type { Check } from '../../core/check'
import type { Ping } from '../../core/ping'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import type { StoredBody } from '../../core/stored-body'
import { SECOND } from '../../core/time'
import type { Instant } from '../../core/time'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { kindOf, sourceOf } from '../log'
import { FRAME_POLICY, harmlessHtml } from '../mail-html'
import { htmlOf, mailView } from '../mail-view'
import { pathsBelow } from '../paths'
import type { Paths } from '../paths'
import { render } from '../render'
import { inZone, moment, nameOf, rootPath, size, took } from '../show'
import type { PingPage } from '../view-models'

/** Larger bodies are cut on the page: web-ui.md C10. */
const SHOWN_BYTES = 1_000_000

/** When to ask again for a body that the storage does not give: it is left alone for about so long. */
const RETRY_MS = 20 * SECOND

/** One ping with its body: web-ui.md C10. */
export function pingPages(app: App): Router {
  const { store, config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onCheck('read-only')

  routes.get(
    '/checks/:check/pings/:n/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const check = checkOf(request)
      const ping = await pingOf(request)
      if (ping === null) return next()
      const [body, tookMs] = await Promise.all([
        actions.bodies.read(check, ping),
        store.pingLog.durations(check.id, [ping]),
      ])
      const project = projectOf(request)
      const view = request.query['view']
      const model = pingPage({
        check,
        project,
        ping,
        lastHiddenN: lastHiddenN(check, logLimitOf(project, await store.users.find(project.ownerId))),
        body,
        durationMs: tookMs.get(ping.n) ?? null,
        tz: visitorOf(request).user.tz,
        paths,
        wanted: typeof view === 'string' ? view : '',
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

  // The HTML of a mail, for the frame on the page; just as inert when it is opened by itself.
  routes.get(
    '/checks/:check/pings/:n/html/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const ping = await pingOf(request)
      const found = ping?.scheme === 'email' ? await actions.bodies.read(checkOf(request), ping) : null
      const html = found?.state === 'present' ? htmlOf(found.bytes) : null
      if (html === null) return next()
      response
        .status(200)
        .set('Content-Type', 'text/html; charset=utf-8')
        .set('Content-Security-Policy', FRAME_POLICY)
        .set('X-Frame-Options', 'SAMEORIGIN')
        .set('Referrer-Policy', 'no-referrer')
        .set('Cache-Control', 'no-store')
        .send(harmlessHtml(html))
    },
  )

  async function pingOf(request: Request): Promise<Ping | null> {
    const n = String(request.params['n'])
    if (!/^[1-9]\d{0,8}$/.test(n)) return null
    const check = checkOf(request)
    const project = projectOf(request)
    const owner = await store.users.find(project.ownerId)
    const limit = logLimitOf(project, owner)
    return Number(n) > lastHiddenN(check, limit) ? await store.pings.find(check.id, Number(n)) : null
  }

  return routes
}

interface PingSource {
  check: Check
  project: { code: string; name: string }
  ping: Ping
  /** That one and those before it are not shown any more. */
  lastHiddenN?: number
  body: StoredBody
  durationMs: number | null
  tz: string
  paths: Paths
  /** Which view of a mail is asked for; '' for the best. */
  wanted?: string
}

export function pingPage(source: PingSource): PingPage {
  const { check, project, ping, body, durationMs, tz, paths, wanted = '' } = source
  const { icon, word } = kindOf(ping)
  const url = paths.ping(check.code, ping.n)
  return {
    trail: [
      { text: project.name, url: paths.checks(project.code) },
      { text: nameOf(check), url: paths.check(check.code) },
    ],
    n: ping.n,
    icon,
    word: ping.exitStatus === null || ping.kind !== 'fail' ? word : `Failure, exit status ${ping.exitStatus}`,
    older: ping.n > Math.max(0, source.lastHiddenN ?? 0) + 1 ? paths.ping(check.code, ping.n - 1) : null,
    newer: ping.n < check.pingCount ? paths.ping(check.code, ping.n + 1) : null,
    facts: factsOf(ping, durationMs, tz),
    content: body.state === 'present' ? contentOf(body.bytes, paths.pingBody(check.code, ping.n)) : null,
    mail:
      body.state === 'present' && ping.scheme === 'email'
        ? mailView({ body: body.bytes, url, htmlUrl: `${url}html/`, wanted, mostBytes: SHOWN_BYTES })
        : null,
    bodyNote: noteOn(body),
  }
}

/** The sentences of web-ui.md C10. */
function noteOn(body: StoredBody): string | null {
  switch (body.state) {
    case 'none':
    case 'present':
      return null
    case 'pending':
      return 'The body is still being stored. Try again in a few seconds.'
    case 'missing':
      return 'The body is in object storage, which is not set up any more.'
    case 'unavailable':
      return 'Body storage does not answer right now.'
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
