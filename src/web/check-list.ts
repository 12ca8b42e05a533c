import { expectedAt } from '../core/check'
import type { Check, ShownStatus } from '../core/check'
import type { Schedule } from '../core/schedule'
import type { Instant } from '../core/time'
import { compareNames, count, periodInWords, trunc } from '../core/words'
import { countsOf, PARAMETER } from './frame'
import type { Paths } from './paths'
import { evaluated, markOf, moment, pingUrlOf, statusOf, took } from './show'
import type { CheckRow, ChecksPage } from './view-models'
import type { Due, Pager, ScheduleText } from './view-parts'

/** What the address asks the list for: web-ui.md §6.2. */
export interface ListFilter {
  search: string
  /** Parameter values: new, paused, started, up, grace, down. */
  statuses: string[]
  tags: string[]
  page: number
}

export interface ListSource {
  project: { code: string; name: string }
  checks: Check[]
  hasChannels: boolean
  /** Why there cannot be another check, or null. */
  limit: string | null
  filter: ListFilter
  /** Code of a check that was just made, or ''. */
  fresh: string
  nowAt: Instant
  tz: string
  pingEndpoint: string
  paths: Paths
}

const PER_PAGE = 200

/** Characters of an expression that a row has room for. */
const MOST_OF_EXPRESSION = 24

const CHOICES: { shape: ShownStatus | 'running'; label: string }[] = [
  { shape: 'down', label: 'Down' },
  { shape: 'late', label: 'Late' },
  { shape: 'up', label: 'Up' },
  { shape: 'running', label: 'Running' },
  { shape: 'new', label: 'New' },
  { shape: 'paused', label: 'Paused' },
]

/** The list of a project's checks: down ones first, then by name. web-ui.md §6. */
export function checksPage(source: ListSource): ChecksPage {
  const { checks, filter, nowAt, project, paths, tz } = source
  const url = paths.checks(project.code)
  const found = checks.filter((check) => matches(check, filter, nowAt)).toSorted(downFirst(nowAt))
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE))
  const page = Math.min(filter.page, pages)
  const isFiltered = filter.search !== '' || filter.statuses.length > 0 || filter.tags.length > 0
  return {
    projectName: project.name,
    addUrl: paths.addCheck(project.code),
    url,
    filter: {
      search: filter.search,
      active: isFiltered,
      statuses: statusChoices(checks, filter, nowAt),
      tags: tagChoices(checks, filter, nowAt),
    },
    rows: found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((check) => checkRow(check, source)),
    total: checks.length,
    shownText: isFiltered ? `${found.length} of ${count(checks.length, 'check')}` : textOf(checks.length),
    tz,
    noChannels: source.hasChannels ? null : { addUrl: paths.addChannel(project.code) },
    limit: source.limit,
    pager: pages === 1 ? null : pager(url, filter, page, pages),
  }
}

export function checkRow(check: Check, source: Omit<ListSource, 'filter'>): CheckRow {
  const { nowAt, tz, paths } = source
  const { code } = check
  return {
    code,
    name: check.name,
    status: markOf(check, nowAt),
    url: paths.check(code),
    tags: tagsOf(check).map((tag) => ({
      text: tag,
      url: `${paths.checks(source.project.code)}?tag=${encodeURIComponent(tag)}`,
    })),
    pingUrl: pingUrlOf(check, source.pingEndpoint),
    schedule: scheduleText(check.schedule),
    grace: periodInWords(check.graceMs),
    scheduleUrl: paths.checkPart(code, 'timeout'),
    due: dueOf(check, nowAt, tz),
    lastPing: check.lastPingAt === null ? null : moment(check.lastPingAt, tz),
    lastDuration: check.lastDurationMs === null ? null : took(check.lastDurationMs),
    lastPingUrl: paths.ping(code, check.pingCount),
    isPaused: check.status === 'paused',
    pauseUrl: paths.checkPart(code, 'pause'),
    resumeUrl: paths.checkPart(code, 'resume'),
    isFresh: code === source.fresh,
  }
}

/** When the next ping is expected, or since when one runs: web-ui.md §6.3. */
export function dueOf(check: Check, nowAt: Instant, tz: string): Due | null {
  if (check.openRun !== null) {
    const time = moment(check.openRun.startedAt, tz)
    return { lead: 'started', time, trail: `${periodInWords(check.graceMs)} allowed`, tone: 'running' }
  }
  if (check.status === 'new' || check.status === 'paused') return null
  const at = evaluated(() => expectedAt(check))
  if (at === null) return null
  return { lead: at <= nowAt ? 'was due' : '', time: moment(at, tz), trail: '', tone: statusOf(check, nowAt) }
}

export function scheduleText(schedule: Schedule): ScheduleText {
  if (schedule.kind === 'period') {
    return { text: periodInWords(schedule.periodMs), whole: '', isCode: false, tz: '' }
  }
  const line = schedule.expression
    .trim()
    .split(/\s*\n\s*/)
    .join(' · ')
  const text = trunc(line, MOST_OF_EXPRESSION)
  return {
    text,
    whole: text === line ? '' : line,
    isCode: true,
    tz: schedule.tz === 'UTC' ? '' : schedule.tz,
  }
}

export function tagsOf({ tags }: Check): string[] {
  return tags.split(' ').filter((tag) => tag !== '')
}

function textOf(total: number): string {
  return total === 0 ? '' : count(total, 'check')
}

/** Words are all to be found, statuses are alternatives, tags are all to be there. */
function matches(check: Check, { search, statuses, tags }: ListFilter, nowAt: Instant): boolean {
  const text = [check.name, check.slug, check.code, check.tags].join('\n').toLowerCase()
  const words = search.toLowerCase().split(/\s+/)
  if (!words.every((word) => text.includes(word))) return false
  if (!tags.every((tag) => tagsOf(check).includes(tag))) return false
  if (statuses.length === 0) return true
  if (check.openRun !== null && statuses.includes(PARAMETER.running)) return true
  return statuses.includes(PARAMETER[statusOf(check, nowAt)])
}

function downFirst(nowAt: Instant): (a: Check, b: Check) => number {
  const isDown = (check: Check): number => (statusOf(check, nowAt) === 'down' ? 1 : 0)
  return (a, b) => isDown(b) - isDown(a) || compareNames(a.name, b.name) || a.id - b.id
}

function statusChoices(
  checks: Check[],
  { statuses }: ListFilter,
  nowAt: Instant,
): ChecksPage['filter']['statuses'] {
  const counts = countsOf(checks, nowAt)
  return CHOICES.map(({ shape, label }) => {
    const value = PARAMETER[shape]
    return { value, label, shape, count: counts[shape], on: statuses.includes(value) }
  }).filter(({ count: found, on }) => found > 0 || on)
}

function tagChoices(checks: Check[], { tags }: ListFilter, nowAt: Instant): ChecksPage['filter']['tags'] {
  const found = new Map<string, { down: number; total: number }>()
  for (const check of checks) {
    const down = statusOf(check, nowAt) === 'down' ? 1 : 0
    for (const tag of tagsOf(check)) {
      const sum = found.get(tag) ?? { down: 0, total: 0 }
      found.set(tag, { down: sum.down + down, total: sum.total + 1 })
    }
  }
  return [...found]
    .toSorted(([a], [b]) => compareNames(a, b))
    .map(([value, sums]) => ({ value, on: tags.includes(value), ...sums }))
}

function pager(url: string, filter: ListFilter, page: number, pages: number): Pager {
  const to = (target: number): string => {
    const query = new URLSearchParams({ page: String(target) })
    if (filter.search !== '') query.set('search', filter.search)
    for (const status of filter.statuses) query.append('status', status)
    for (const tag of filter.tags) query.append('tag', tag)
    return `${url}?${query.toString()}`
  }
  return {
    previousUrl: page > 1 ? to(page - 1) : null,
    nextUrl: page < pages ? to(page + 1) : null,
    text: `Page ${page} of ${pages}`,
  }
}
