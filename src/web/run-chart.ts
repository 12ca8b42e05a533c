import { durationScale, timeTicks } from '../core/chart-scale'
import { isTimed, statsOf, trendPercent } from '../core/run-stats'
import type { RunDay, RunStats, TimedRun } from '../core/run-stats'
import { LONGEST_RUN_MS } from '../core/run-times'
import type { Run } from '../core/runs'
import { DAY, HOUR, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { count } from '../core/words'
import { across, axesOf, down, linesOf, notesOf, PLOT_HEIGHT } from './chart-axes'
import type { ChartMark, Drawn, RunChart } from './chart-models'
import { dailyChart } from './run-chart-days'
import { inZone, moment, took } from './show'

/** The run-time chart of web-ui.md C04, as numbers for `parts/run-chart`. */

/** More marks than this are smaller. */
const MANY = 80

/** A range of days with more runs is told by the day. */
const MOST_SINGLE_RUNS = 200

export type Range =
  { key: string; label: string; runs: number } | { key: string; label: string; days: number }

export const RANGES: Range[] = [
  { key: '50', label: 'Last 50', runs: 50 },
  { key: '200', label: '200 runs', runs: 200 },
  { key: '7d', label: '7 d', days: 7 },
  { key: '30d', label: '30 d', days: 30 },
  { key: '90d', label: '90 d', days: 90 },
  { key: '400d', label: '400 d', days: 400 },
]

export const DEFAULT_RANGE: Range = { key: '50', label: 'Last 50', runs: 50 }

export function rangeOf(wanted: string): Range {
  return RANGES.find(({ key }) => key === wanted) ?? DEFAULT_RANGE
}

export interface ChartSource {
  range: Range
  /** Newest first; for a number of runs, as many again before them. */
  runs: Run[]
  /** By the day, the oldest first; those before the runs too. Empty for a number of runs. */
  days: RunDay[]
  graceMs: number
  nowAt: Instant
  tz: string
  pingUrl(n: number): string
  rangeUrl(key: string): string
  helpUrl: string
}

export function runChart(source: ChartSource): RunChart {
  const { range, runs, nowAt } = source
  const timed = runs.filter(isTimed)
  const shown =
    'runs' in range
      ? timed.slice(0, range.runs)
      : timed.filter(({ endedAt }) => endedAt >= nowAt - range.days * DAY)
  const open = openRuns(source)
  const isByDay =
    'days' in range &&
    (source.days.reduce((sum, day) => sum + day.runs, 0) > MOST_SINGLE_RUNS || hasOlderDays(source))
  return {
    ranges: RANGES.map(({ key, label }) => ({
      key,
      label,
      url: source.rangeUrl(key),
      current: key === range.key,
    })),
    hasRuns: timed.length > 0 || source.days.length > 0,
    helpUrl: source.helpUrl,
    ...(isByDay
      ? dailyChart({ ...source, fromAt: nowAt - range.days * DAY })
      : singleChart(source, shown, open, previousOf(range, timed))),
  }
}

/** Days whose runs have left the log can only be told by the day. */
function hasOlderDays({ days, runs }: ChartSource): boolean {
  const oldest = runs.findLast(isTimed)
  return days.some(({ startAt }) => oldest === undefined || startAt + DAY <= oldest.endedAt)
}

function previousOf(range: Range, timed: TimedRun[]): TimedRun[] {
  return 'runs' in range ? timed.slice(range.runs, 2 * range.runs) : []
}

/** Those that may still be running. */
function openRuns({ runs, nowAt }: ChartSource): Run[] {
  return runs.filter(
    ({ outcome, startedAt }) =>
      outcome === 'open' && nowAt - startedAt < LONGEST_RUN_MS && startedAt <= nowAt,
  )
}

function singleChart(source: ChartSource, shown: TimedRun[], open: Run[], previous: TimedRun[]): Drawn {
  const { nowAt, range, tz, graceMs } = source
  const stats = statsOf(shown)
  if (stats === null) return { summary: '', notes: [], plot: null, table: [] }
  const ages = open.map(({ startedAt }) => nowAt - startedAt)
  const scale = durationScale([...shown.map(({ durationMs }) => durationMs), ...ages], graceMs)
  const latestAt = open.length > 0 || 'days' in range ? nowAt : (shown[0]?.endedAt ?? nowAt)
  const earliestAt = 'days' in range ? nowAt - range.days * DAY : (shown.at(-1)?.endedAt ?? nowAt)
  // A single run stands in the middle of its hour.
  const around = latestAt - earliestAt < MINUTE ? HOUR / 2 : 0
  const [fromAt, newestAt] = [earliestAt - around, latestAt + around]
  const xOf = across(fromAt, newestAt)
  const marks = [
    ...shown.map((run) => markOf(source, run, run.endedAt, run.durationMs)),
    ...open.map((run) => markOf(source, run, nowAt, nowAt - run.startedAt)),
  ]
  const drawn = marks
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, ms, ...mark }): ChartMark => ({ ...mark, x: xOf(at), y: down(scale, ms) }))
  return {
    summary: summaryOf(stats, statsOf(previous), tz),
    notes: notesOf(scale, graceMs, source.runs),
    plot: {
      height: PLOT_HEIGHT,
      ...axesOf(scale, timeTicks(fromAt, newestAt, tz)),
      lines: linesOf(scale, stats, graceMs),
      marks: drawn,
      days: [],
      isDense: drawn.length > MANY,
      isLog: scale.isLog,
    },
    table: drawn.toReversed().map(({ row, url }) => ({ ...row, url })),
  }
}

type Placed = Omit<ChartMark, 'x' | 'y'> & { at: Instant; ms: number }

function markOf({ tz, pingUrl }: ChartSource, run: Run, at: Instant, ms: number): Placed {
  const result = run.outcome === 'success' ? 'success' : run.outcome === 'fail' ? 'failure' : 'unfinished'
  const runId = run.runId?.slice(0, 5) ?? ''
  const time = inZone(at, tz).slice(0, 16)
  const duration = result === 'unfinished' ? `${took(ms)} so far` : took(ms)
  return {
    at,
    ms,
    kind: result,
    url: pingUrl(run.endN ?? run.startN),
    text: `${time}, ${duration}, ${result}${runId === '' ? '' : `, run ${runId}`}`,
    row: { time: moment(at, tz), duration, result, runId },
  }
}

function summaryOf(stats: RunStats, previous: RunStats | null, tz: string): string {
  const { medianMs, p95Ms, longest } = stats
  const trend = previous !== null && previous.count === stats.count ? trendPercent(stats, previous) : null
  const sign = trend !== null && trend > 0 ? '+' : trend !== null && trend < 0 ? '−' : '±'
  const date = inZone(longest.endedAt, tz).slice(0, 10)
  return [
    `${count(stats.count, 'run')}: median ${took(medianMs)}, 95 % under ${took(p95Ms)}`,
    `, longest ${took(longest.durationMs)} (${date})`,
    trend === null ? '' : `, trend ${sign}${Math.abs(trend)} % against the previous ${previous?.count}`,
    '.',
  ].join('')
}
