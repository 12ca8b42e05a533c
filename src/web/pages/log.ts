import { Router } from 'express'
import type { Request, Response } from 'express'
import { spend } from '../../actions/limits'
import type { App } from '../../app'
import type { Check } from '../../core/check'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import type { Run } from '../../core/runs'
import { HOUR } from '../../core/time'
import { NEWEST } from '../../store/event-log'
import type { EventCursor, EventFilter, LoggedEvent } from '../../store/event-log'
import { frameOfCheck } from '../about-check'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { titleOf } from '../channel-names'
import { fileStem } from '../csv'
import { showError } from '../errors'
import { exportLine, FORMATS } from '../log-export'
import type { ExportFormat } from '../log-export'
import { cursorOf, readLogFilter } from '../log-filter'
import { logPage } from '../log-page'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { rootPath } from '../show'
import { markRead } from '../unread'

const EVENTS = 100
const RUNS = 500

/** Bodies up to this size are read to show how they begin. */
const BODY_START_BYTES = 2000

/** How much of each body goes into a file. */
const EXPORTED_BYTES = 10_000

/** Events that are fetched at a time while a file is written. */
const EXPORT_STEP = 500

const EXPORTS = { what: 'export', limit: 10, periodMs: HOUR }

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
    const { tz } = visitorOf(request).user
    const filter = readLogFilter(request, tz)
    const before = cursorOf(valueOf(request, 'before'))
    const isRuns = valueOf(request, 'view') === 'runs'
    const { pingLogLimit } = logLimitOf(project, await store.users.find(project.ownerId))
    const afterN = lastHiddenN(check, { pingLogLimit })
    const [found, oldest, channels, runs] = await Promise.all([
      isRuns
        ? { events: [], next: null, lookedDownTo: null }
        : store.eventLog.page(check.id, { filter: filter.events, before, afterN, limit: EVENTS }),
      store.pings.oldest(check.id, afterN),
      store.channels.ofProject(project.id),
      isRuns ? store.runs.latest(check.id, { afterN, limit: RUNS }) : null,
    ])
    const pings = found.events.flatMap((each) => (each.type === 'ping' ? [each.ping] : []))
    const small = pings.filter(({ bodyBytes }) => bodyBytes > 0 && bodyBytes <= BODY_START_BYTES)
    const [tookMs, bodies] = await Promise.all([
      store.eventLog.durations(check.id, pings),
      store.eventLog.bodies(
        check.id,
        small.map(({ n }) => n),
        BODY_START_BYTES,
      ),
    ])
    const model = logPage({
      check,
      project,
      filter,
      found,
      isOlder: before.n !== NEWEST.n,
      tookMs,
      bodies,
      channelNames: new Map(channels.map((each) => [each.id, titleOf(each)])),
      oldest,
      limit: pingLogLimit,
      runs: runs === null ? null : runs.filter((run) => fits(run, filter.events)),
      hasObjects: config.objects !== null,
      nowAt: clock(),
      tz,
      paths,
    })
    await markRead(store, visitorOf(request).user.id, check)
    await render(request, response, 'log', model, frameOfCheck(request, 'Log', { canRefresh: true }))
  })

  async function exportLog(request: Request, response: Response, format: ExportFormat): Promise<void> {
    const check = checkOf(request)
    const project = projectOf(request)
    const { user } = visitorOf(request)
    if (exporting.has(user.id)) {
      const detail = 'Another export of yours is under way. Wait until it is finished.'
      return await showError(request, response, 429, { detail })
    }
    const spent = await spend(store.budgets, [{ ...EXPORTS, who: `user ${user.id}` }], clock())
    if (!spent.ok) {
      response.setHeader('Retry-After', Math.ceil((spent.problem.retryAfterMs ?? HOUR) / 1000))
      const detail = 'Ten exports in an hour are all there are. Try again later.'
      return await showError(request, response, 429, { detail })
    }
    exporting.add(user.id)
    try {
      const afterN = lastHiddenN(check, logLimitOf(project, await store.users.find(project.ownerId)))
      const { events: filter } = readLogFilter(request, user.tz)
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
    } finally {
      exporting.delete(user.id)
    }
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

/** When there is room again, or nobody reads any more. */
function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.once('drain', done)
    response.once('close', done)
  })
}
