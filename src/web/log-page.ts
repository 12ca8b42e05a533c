import { dayOf, instantOf } from '../core/calendar'
import { MONTHS } from '../core/chart-scale'
import type { Check } from '../core/check'
import type { Ping } from '../core/ping'
import type { Run } from '../core/runs'
import type { Instant } from '../core/time'
import { count } from '../core/words'
import type { EventCursor } from '../store/event-log'
import { zoneLinks } from './check-zones'
import { cursorText, LOG_KINDS, logQuery } from './log-filter'
import type { LogFilter } from './log-filter'
import type { LoggedRun, LogPage } from './log-models'
import type { Paths } from './paths'
import { fixedMoment, inZone, nameOf, took } from './show'
import type { LogEntry } from './view-parts'

/** Most months that can be jumped to. */
const MOST_MONTHS = 24

export interface LogPageSource {
  check: Check
  project: { code: string; name: string }
  filter: LogFilter
  events: LogEntry[]
  /** Where it begins, and where what is older goes on; null: nothing does. */
  from: EventCursor
  older: EventCursor | null
  /** Down to which ping was looked, if there may be more that fits below. */
  lookedDownTo: number | null
  /** It begins somewhere else than at the newest event. */
  isOlder: boolean
  /** The oldest ping that is shown. */
  oldest: Ping | null
  /** How many pings are kept. */
  limit: number
  /** Null while events are looked at. */
  runs: Run[] | null
  hasObjects: boolean
  nowAt: Instant
  /** Of the visitor. */
  ownTz: string
  tz: string
  paths: Paths
}

const VIEW = { events: {}, runs: { view: 'runs' } }

export function logPage(source: LogPageSource): LogPage {
  const { check, project, filter, paths, tz, runs } = source
  const url = paths.checkPart(check.code, 'log')
  const link = (more: Record<string, string>): string => {
    const query = logQuery(filter, more)
    return query === '' ? url : `${url}?${query}`
  }
  const { kinds, ...form } = filter.form
  return {
    trail: [
      { text: project.name, url: paths.checks(project.code) },
      { text: nameOf(check), url: paths.check(check.code) },
    ],
    url,
    tz,
    tabs: [
      { key: 'events', label: 'Events', url: link({}), current: runs === null },
      { key: 'runs', label: 'Runs', url: link({ view: 'runs' }), current: runs !== null },
    ],
    filter: {
      ...form,
      kinds: LOG_KINDS.map(({ key, label }) => ({ key, label, on: kinds.includes(key) })),
      isActive: filter.isActive,
      tz: filter.tz,
      ignored: filter.ignored.length === 0 ? '' : `Ignored: ${filter.ignored.join(', ')}.`,
    },
    searchNote: source.hasObjects
      ? 'Looks into addresses, user agents and bodies of up to 100 bytes. Larger bodies are in object storage and are not searched once they are there.'
      : 'Looks into addresses, user agents and bodies as they came. In bodies, upper and lower case matter; mails are searched as they were encoded.',
    zones: zoneLinks(check, source, (zone) => {
      const query = logQuery(
        { ...filter, tz: zone === source.ownTz ? '' : zone },
        VIEW[runs === null ? 'events' : 'runs'],
      )
      return query === '' ? url : `${url}?${query}`
    }),
    months: monthsOf(source, link),
    countText: countText(source),
    events: source.events,
    poll: pollOf(source),
    olderUrl: source.older === null ? null : link({ before: cursorText(source.older) }),
    olderLabel:
      source.lookedDownTo === null
        ? 'Load older'
        : `Looked down to ping #${source.lookedDownTo}. Look further`,
    newerUrl: source.isOlder ? link({ after: cursorText(source.from) }) : null,
    newestUrl: source.isOlder ? link({}) : null,
    runs: runs === null ? null : runs.map((run) => runRow(run, source)),
    exports: {
      csv: link({ export: 'csv' }),
      ndjson: link({ export: 'ndjson' }),
      csvWithBodies: link({ export: 'csv', bodies: 'on' }),
    },
  }
}

/** What happens now belongs on top of the newest page only, and not where a time is asked for that is over. */
function pollOf({ check, filter, from, isOlder, runs, paths }: LogPageSource): LogPage['poll'] {
  if (isOlder || runs !== null || filter.events.untilAt !== null) return null
  const query = logQuery(filter)
  const url = paths.checkPart(check.code, 'log_events')
  return { url: query === '' ? url : `${url}?${query}`, version: cursorText(from) }
}

/** What follows '100 shown'. */
function countText({ oldest, limit, tz }: LogPageSource): string {
  if (oldest === null) return '; no ping is stored.'
  const date = inZone(oldest.at, tz).slice(0, 10)
  const pruned = oldest.n - 1
  const gone = pruned === 0 ? '' : `; ${count(pruned, 'older ping')} were pruned (limit ${limit})`
  return `; the oldest stored ping is #${oldest.n} of ${date}${gone}.`
}

function monthsOf(
  { oldest, nowAt, tz }: LogPageSource,
  link: (more: Record<string, string>) => string,
): LogPage['months'] {
  if (oldest === null) return []
  const months: LogPage['months'] = []
  let { year, month } = dayOf(nowAt, tz)
  for (;;) {
    const key = `${year}-${String(month).padStart(2, '0')}`
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
    months.push({
      text: `${MONTHS[month - 1]} ${year}`,
      url: link({ from: `${key}-01T00:00`, to: `${key}-${last}T23:59` }),
    })
    const isFirst = instantOf({ year, month, day: 1 }, 0, tz) <= oldest.at
    if (isFirst || months.length >= MOST_MONTHS) return months
    if (month === 1) [year, month] = [year - 1, 12]
    else month--
  }
}

const WORDS: Record<Run['outcome'], { result: LoggedRun['result']; word: string }> = {
  success: { result: 'up', word: 'Success' },
  fail: { result: 'down', word: 'Failure' },
  open: { result: 'open', word: 'Not ended' },
  restarted: { result: 'new', word: 'Started again' },
}

function runRow(run: Run, { check, tz, paths }: LogPageSource): LoggedRun {
  return {
    started: fixedMoment(run.startedAt, tz),
    startUrl: paths.ping(check.code, run.startN),
    ended: run.endedAt === null ? null : fixedMoment(run.endedAt, tz),
    endUrl: run.endN === null ? null : paths.ping(check.code, run.endN),
    duration: run.durationMs === null ? '' : took(run.durationMs),
    ...WORDS[run.outcome],
    runId: run.runId?.slice(0, 5) ?? '',
    runUrl: run.runId === null ? null : paths.run(check.code, run.runId),
  }
}
