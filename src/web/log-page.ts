import { dayOf, instantOf } from '../core/calendar'
import { MONTHS } from '../core/chart-scale'
import type { Check } from '../core/check'
import type { Ping } from '../core/ping'
import type { Run } from '../core/runs'
import type { Instant } from '../core/time'
import { count } from '../core/words'
import type { EventPage } from '../store/event-log'
import { logEntries } from './log'
import { cursorText, LOG_KINDS, logQuery } from './log-filter'
import type { LogFilter } from './log-filter'
import type { LoggedRun, LogPage } from './log-models'
import type { Paths } from './paths'
import { fixedMoment, inZone, nameOf, took } from './show'

/** Most months that can be jumped to. */
const MOST_MONTHS = 24

export interface LogPageSource {
  check: Check
  project: { code: string; name: string }
  filter: LogFilter
  found: EventPage
  /** It begins somewhere else than at the newest event. */
  isOlder: boolean
  tookMs: Map<number, number>
  bodies: Map<number, Buffer>
  channelNames: Map<number, string>
  /** The oldest ping that is shown. */
  oldest: Ping | null
  /** How many pings are kept. */
  limit: number
  /** Null while events are looked at. */
  runs: Run[] | null
  hasObjects: boolean
  nowAt: Instant
  tz: string
  paths: Paths
}

export function logPage(source: LogPageSource): LogPage {
  const { check, project, filter, found, paths, tz } = source
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
      { key: 'events', label: 'Events', url: link({}), current: source.runs === null },
      { key: 'runs', label: 'Runs', url: link({ view: 'runs' }), current: source.runs !== null },
    ],
    filter: {
      ...form,
      kinds: LOG_KINDS.map(({ key, label }) => ({ key, label, on: kinds.includes(key) })),
      isActive: filter.isActive,
      ignored: filter.ignored.length === 0 ? '' : `Ignored: ${filter.ignored.join(', ')}.`,
    },
    searchNote: source.hasObjects
      ? 'Looks into addresses, user agents and bodies of up to 100 bytes. Larger bodies are in object storage and are not searched once they are there.'
      : 'Looks into addresses, user agents and bodies as they came. In bodies, upper and lower case matter; mails are searched as they were encoded.',
    months: monthsOf(source, url),
    countText: countText(source),
    events: entriesOf(source),
    olderUrl: found.next === null ? null : link({ before: cursorText(found.next) }),
    olderLabel:
      found.lookedDownTo === null ? 'Load older' : `Looked down to ping #${found.lookedDownTo}. Look further`,
    newestUrl: source.isOlder ? link({}) : null,
    runs: source.runs === null ? null : source.runs.map((run) => runRow(run, source)),
    exports: {
      csv: link({ export: 'csv' }),
      ndjson: link({ export: 'ndjson' }),
      csvWithBodies: link({ export: 'csv', bodies: 'on' }),
    },
  }
}

function entriesOf({
  check,
  found,
  tookMs,
  bodies,
  channelNames,
  tz,
  paths,
}: LogPageSource): LogPage['events'] {
  return logEntries({
    pings: found.events.flatMap((each) => (each.type === 'ping' ? [each.ping] : [])),
    flips: found.events.flatMap((each) => (each.type === 'flip' ? [each.flip] : [])),
    told: found.events.flatMap((each) => (each.type === 'notification' ? [each.told] : [])),
    tookMs,
    bodies,
    channelNames,
    tz,
    pingUrl: (n) => paths.ping(check.code, n),
    runUrl: (runId) => paths.run(check.code, runId),
  })
}

function countText({ found, oldest, limit, tz }: LogPageSource): string {
  const shown = `${found.events.length} shown`
  if (oldest === null) return `${shown}; no ping is stored.`
  const date = inZone(oldest.at, tz).slice(0, 10)
  const pruned = oldest.n - 1
  const gone = pruned === 0 ? '' : `; ${count(pruned, 'older ping')} were pruned (limit ${limit})`
  return `${shown}; the oldest stored ping is #${oldest.n} of ${date}${gone}.`
}

function monthsOf({ oldest, nowAt, tz }: LogPageSource, url: string): LogPage['months'] {
  if (oldest === null) return []
  const months: LogPage['months'] = []
  let { year, month } = dayOf(nowAt, tz)
  for (;;) {
    const key = `${year}-${String(month).padStart(2, '0')}`
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
    months.push({
      text: `${MONTHS[month - 1]} ${year}`,
      url: `${url}?from=${key}-01T00:00&to=${key}-${last}T23:59`,
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
