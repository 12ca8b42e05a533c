import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Channel } from '../../core/channel'
import type { Check } from '../../core/check'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import type { Project } from '../../core/project'
import type { Run } from '../../core/runs'
import { NEWEST } from '../../store/event-log'
import type { EventCursor, EventFilter, EventPage, LoggedEvent } from '../../store/event-log'
import { frameOfCheck } from '../about-check'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { titleOf } from '../channel-names'
import { zoneOf } from '../check-zones'
import { fileStem } from '../csv'
import { showError } from '../errors'
import { drained, mayExport } from '../exporting'
import { exportLine, FORMATS } from '../log-export'
import type { ExportFormat } from '../log-export'
import { entriesOf } from '../log-entries'
import { cursorOf, cursorText, logQuery, pingQueryOf, readLogFilter } from '../log-filter'
import type { LogFilter } from '../log-filter'
import { logPage } from '../log-page'
import { pathsBelow } from '../paths'
import { queryOf, valueOf } from '../query'
import { partOf, render, sendText } from '../render'
import { rootPath } from '../show'
import { markRead } from '../unread'
import type { LogEntry } from '../view-parts'

const EVENTS = 100
const RUNS = 500

/** Older events that a page takes at a time without being left. */
const MORE_EVENTS = 50

const NOTHING: EventPage = { events: [], from: NEWEST, next: null, lookedDownTo: null }

/** How much of each body goes into a file. */
const EXPORTED_BYTES = 10_000

/** Events that are fetched at a time while a file is written. */
const EXPORT_STEP = 500

/** The whole log of a check, searched and taken along: C09 of web-ui.md. */
export function logPages(app: App): Router {
  const { store, config, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  /** Who is being sent a file, by account. */
  const exporting = new Set<number>()

  routes.get('/checks/:check/log/', onCheck('read-only'), async (request: Request, response: Response) => {
    const format = valueOf(request, 'export')
    if (format === 'csv' || format === 'ndjson') return await exportLog(request, response, format)
    const check = checkOf(request)
    const project = projectOf(request)
    const { user } = visitorOf(request)
    const filter = filterOf(request)
    const { pingLogLimit } = await limitOf(project)
    const afterN = lastHiddenN(check, { pingLogLimit })
    const search = { filter: filter.events, afterN, limit: EVENTS }
    const upwards = cursorOf(valueOf(request, 'after'))
    const before = cursorOf(valueOf(request, 'before'))
    const isRuns = valueOf(request, 'view') === 'runs'
    if (upwards !== null && !isRuns) {
      const { next, isMore } = await store.eventLog.newer(check.id, { ...search, after: upwards })
      const url = paths.checkPart(check.code, 'log')
      // A page that reaches the newest event is the first one.
      const query = logQuery(filter, isMore ? { before: cursorText(next) } : {})
      return response.redirect(303, query === '' ? url : `${url}?${query}`)
    }
    const [found, oldest, channels, runs] = await Promise.all([
      isRuns ? NOTHING : store.eventLog.page(check.id, { ...search, before: before ?? NEWEST }),
      store.pings.oldest(check.id, afterN),
      store.channels.ofProject(project.id),
      isRuns ? store.runs.latest(check.id, { afterN, limit: RUNS }) : null,
    ])
    const model = logPage({
      check,
      project,
      filter,
      events: await rowsOf(request, found.events, channels),
      from: found.from,
      older: found.next,
      lookedDownTo: found.lookedDownTo,
      isOlder: before !== null,
      oldest,
      limit: pingLogLimit,
      runs: runs === null ? null : runs.filter((run) => fits(run, filter.events)),
      hasObjects: config.objects !== null,
      nowAt: clock(),
      ownTz: user.tz,
      tz: tzOf(request),
      paths,
    })
    await markRead(store, user.id, check)
    const frame = { canRefresh: true, scripts: ['events'] }
    await render(request, response, 'log', model, frameOfCheck(request, 'Log', frame))
  })

  // What came in since a page was made, for the top of it; or what is older than what it shows, for its end.
  routes.get(
    '/checks/:check/log_events/',
    onCheck('read-only'),
    async (request: Request, response: Response) => {
      const check = checkOf(request)
      const project = projectOf(request)
      const filter = filterOf(request)
      const afterN = lastHiddenN(check, await limitOf(project))
      const search = { filter: filter.events, afterN, limit: EVENTS }
      const before = cursorOf(valueOf(request, 'before'))
      if (before !== null) {
        const found = await store.eventLog.page(check.id, { ...search, before, limit: MORE_EVENTS })
        const next = found.next === null ? null : cursorText(found.next)
        return await answer(request, response, found.events, { before: next })
      }
      const known = /"([\d.]+)"/.exec(request.get('if-none-match') ?? '')?.[1] ?? ''
      const after = cursorOf(known) ?? cursorOf(valueOf(request, 'after'))
      if (after === null) return await showError(request, response, 400)
      const { events, next, isMore } = await store.eventLog.newer(check.id, { ...search, after })
      const version = cursorText(next)
      response.setHeader('ETag', `"${version}"`)
      if (version === known) return void response.status(304).end()
      await answer(request, response, events, { version, full: false, more: isMore })
    },
  )

  async function answer(
    request: Request,
    response: Response,
    events: readonly LoggedEvent[],
    about: object,
  ): Promise<void> {
    const channels = events.some(({ type }) => type === 'notification')
      ? await store.channels.ofProject(projectOf(request).id)
      : []
    const html = partOf(request, 'event-rows', { events: await rowsOf(request, events, channels) })
    const generated_at = new Date(clock()).toISOString()
    const text = JSON.stringify({ ...about, generated_at, events_html: html })
    await sendText(request, response, { status: 200, type: 'application/json; charset=utf-8', text })
  }

  function rowsOf(
    request: Request,
    events: readonly LoggedEvent[],
    channels: readonly Channel[],
  ): Promise<LogEntry[]> {
    const pingQuery = pingQueryOf(filterOf(request))
    return entriesOf(store, {
      check: checkOf(request),
      events,
      channels,
      tz: tzOf(request),
      paths,
      pingQuery,
    })
  }

  function tzOf(request: Request): string {
    return zoneOf(valueOf(request, 'tz'), checkOf(request), visitorOf(request).user.tz)
  }

  function filterOf(request: Request): LogFilter {
    const ownTz = visitorOf(request).user.tz
    return readLogFilter(queryOf(request), { tz: tzOf(request), ownTz })
  }

  async function limitOf(project: Project): Promise<{ pingLogLimit: number }> {
    return logLimitOf(project, await store.users.find(project.ownerId))
  }

  async function exportLog(request: Request, response: Response, format: ExportFormat): Promise<void> {
    const { user } = visitorOf(request)
    if (exporting.has(user.id)) {
      const detail = 'Another export of yours is under way. Wait until it is finished.'
      return await showError(request, response, 429, { detail })
    }
    exporting.add(user.id)
    try {
      await sendLog(request, response, format)
    } finally {
      exporting.delete(user.id)
    }
  }

  async function sendLog(request: Request, response: Response, format: ExportFormat): Promise<void> {
    const check = checkOf(request)
    const project = projectOf(request)
    if (!(await mayExport(app, request, response))) return
    const afterN = lastHiddenN(check, await limitOf(project))
    const { events: filter } = filterOf(request)
    const channels = await store.channels.ofProject(project.id)
    const names = new Map(channels.map((each) => [each.id, titleOf(each)]))
    const withBodies = valueOf(request, 'bodies') !== ''
    const date = new Date(clock()).toISOString().slice(0, 10)
    const name = `${fileStem(check)}-events-${date}.${format}`
    response
      .status(200)
      .set('Content-Type', FORMATS[format].type)
      .set('Content-Disposition', `attachment; filename="${name}"`)
    response.write(FORMATS[format].head(withBodies))
    for await (const events of everything(check, filter, afterN)) {
      const pings = events.flatMap((each) => (each.type === 'ping' ? [each.ping] : []))
      const bodied = withBodies ? pings.filter(({ bodyBytes }) => bodyBytes > 0).map(({ n }) => n) : []
      const context = {
        tookMs: await store.eventLog.durations(check.id, pings),
        bodies: withBodies ? await store.eventLog.bodies(check.id, bodied, EXPORTED_BYTES) : null,
        channelName: ({ told }: Extract<LoggedEvent, { type: 'notification' }>) =>
          names.get(told.channelId) ?? (told.channelName || told.channelKind),
      }
      const text = events.map((event) => exportLine(event, format, context)).join('')
      // As fast as it is taken, so that a slow reader costs no memory.
      if (!response.write(text)) await drained(response)
      if (response.destroyed) return
    }
    response.end()
  }

  async function* everything(
    check: Check,
    filter: EventFilter,
    afterN: number,
  ): AsyncGenerator<LoggedEvent[]> {
    for (let before: EventCursor | null = NEWEST; before !== null;) {
      const step = await store.eventLog.page(check.id, { filter, before, afterN, limit: EXPORT_STEP })
      yield step.events
      before = step.next
    }
  }

  return routes
}

function fits(run: Run, { fromAt, untilAt, runId }: EventFilter): boolean {
  const at = run.endedAt ?? run.startedAt
  if (fromAt !== null && at < fromAt) return false
  if (untilAt !== null && run.startedAt >= untilAt) return false
  return runId === '' || (run.runId ?? '').startsWith(runId)
}
