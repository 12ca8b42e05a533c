import { durationScale, timeTicks } from '../core/chart-scale'
import type { DurationScale, Tick } from '../core/chart-scale'
import { dayQuantile, isTimed, statsOf, trendPercent } from '../core/run-stats'
import type { RunDay, RunStats, TimedRun } from '../core/run-stats'
import { LONGEST_RUN_MS } from '../core/run-times'
import type { Run } from '../core/runs'
import { DAY, HOUR, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { count, periodInWords } from '../core/words'
import type { ChartMark, RunChart } from './chart-models'
import { inZone, moment, took } from './show'

/** The run-time chart of web-ui.md C04, as numbers for `parts/run-chart`. */

/** Pixels: the drawing is as high on every screen; across, everything stands in percent. */
export const PLOT_HEIGHT = 200
const TOP = 8
const BOTTOM = PLOT_HEIGHT - 2

/** Room at both ends, in percent, so that no mark is cut. */
const MARGIN = 1.5

/** Least distance of the words at the ends of lines. */
const LABEL_DISTANCE = 15

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
    ...(isByDay ? dailyChart(source) : singleChart(source, shown, open, previousOf(range, timed))),
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

type Drawn = Pick<RunChart, 'summary' | 'notes' | 'plot' | 'table'>

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

function dailyChart(source: ChartSource): Drawn {
  const { range, days, graceMs, nowAt } = source
  const first = days[0]
  if (first === undefined) return { summary: '', notes: [], plot: null, table: [] }
  const fromAt = nowAt - ('days' in range ? range.days : 400) * DAY
  const scale = durationScale(
    days.flatMap(({ shortestMs, longestMs }) => [shortestMs, longestMs]),
    graceMs,
  )
  const xOf = across(fromAt, nowAt)
  const whole = days.reduce((sum, day) => ({
    ...sum,
    runs: sum.runs + day.runs,
    shortestMs: Math.min(sum.shortestMs, day.shortestMs),
    longestMs: Math.max(sum.longestMs, day.longestMs),
    steps: addSteps(sum.steps, day.steps),
  }))
  const [medianMs, p95Ms] = [dayQuantile(whole, 0.5), dayQuantile(whole, 0.95)]
  const failed = days.reduce((sum, day) => sum + day.failed, 0)
  const drawn = days.map((day) => {
    const date = new Date(day.startAt).toISOString().slice(0, 10)
    const median = dayQuantile(day, 0.5)
    const failures = day.failed === 0 ? '' : `, ${day.failed} failed`
    const span =
      day.shortestMs === day.longestMs
        ? took(day.longestMs)
        : `${took(day.shortestMs)} to ${took(day.longestMs)}`
    return {
      // In the middle of the day, or of what there was of it.
      x: xOf(Math.max(fromAt, Math.min(nowAt, day.startAt + DAY / 2))),
      top: down(scale, day.longestMs),
      bottom: down(scale, day.shortestMs),
      median: down(scale, median),
      hasFailed: day.failed > 0,
      text: `${date}: ${count(day.runs, 'run')}${failures}, ${span}, median ${took(median)}`,
      row: {
        date,
        runs: day.runs,
        failed: day.failed,
        shortest: took(day.shortestMs),
        median: took(median),
        longest: took(day.longestMs),
      },
    }
  })
  return {
    summary: `${count(whole.runs, 'run')} on ${count(days.length, 'day')}, ${failed} failed: median about ${took(medianMs)}, 95 % under about ${took(p95Ms)}, longest ${took(whole.longestMs)}.`,
    notes: [
      ...notesOf(scale, graceMs, []),
      'By days of UTC: from the shortest to the longest run, with a stroke at the median.',
    ],
    plot: {
      height: PLOT_HEIGHT,
      ...axesOf(scale, timeTicks(fromAt, nowAt, 'UTC')),
      lines: linesOf(scale, { medianMs, p95Ms }, graceMs),
      marks: [],
      days: drawn.map(({ row: _, ...day }) => day),
      isDense: drawn.length > MANY,
      isLog: scale.isLog,
    },
    table: drawn.toReversed().map(({ row }) => row),
  }
}

function addSteps(one: RunDay['steps'], other: RunDay['steps']): RunDay['steps'] {
  const sum: Record<string, number> = { ...one }
  for (const [step, n] of Object.entries(other)) sum[step] = (sum[step] ?? 0) + n
  return sum
}

/** Where a moment stands, in percent of the width. */
function across(fromAt: Instant, untilAt: Instant): (at: Instant) => number {
  const span = untilAt - fromAt
  return (at) => rounded(MARGIN + ((at - fromAt) / span) * (100 - 2 * MARGIN))
}

function down(scale: DurationScale, ms: number): number {
  return rounded(BOTTOM - Math.min(1, Math.max(0, scale.shareOf(ms))) * (BOTTOM - TOP))
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function axesOf(
  scale: DurationScale,
  times: Tick[],
): Pick<NonNullable<RunChart['plot']>, 'yTicks' | 'xTicks'> {
  return {
    yTicks: scale.ticks.map(({ share, label }) => ({ y: rounded(BOTTOM - share * (BOTTOM - TOP)), label })),
    xTicks: times.map(({ share, label }, i) => {
      const x = rounded(MARGIN + share * (100 - 2 * MARGIN))
      return { x, label, isSpare: i % 2 === 1, anchor: x < 5 ? 'start' : x > 95 ? 'end' : 'middle' }
    }),
  }
}

type Line = NonNullable<RunChart['plot']>['lines'][number]

/** Their words keep their distance, in the order of the lines. */
function linesOf(scale: DurationScale, stats: Pick<RunStats, 'medianMs' | 'p95Ms'>, graceMs: number): Line[] {
  const wanted: [Line['kind'], string, number][] = [
    ['grace', 'allowed', graceMs],
    ['p95', '95 %', stats.p95Ms],
    ['median', 'median', stats.medianMs],
  ]
  const inside = wanted.filter(([, , ms]) => scale.shareOf(ms) <= 1.001)
  let above = -Infinity
  const lines = inside
    .map(([kind, label, ms]) => ({ kind, label, y: down(scale, ms) }))
    .toSorted((a, b) => a.y - b.y)
    .map((line): Line => {
      above = Math.max(line.y + 4, above + LABEL_DISTANCE)
      return { ...line, labelY: above }
    })
  // What the lowest of them had to give way below the drawing, all give back.
  const excess = Math.max(0, above - (BOTTOM + 2))
  return lines.map((line) => ({ ...line, labelY: rounded(line.labelY - excess) }))
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

function notesOf(scale: DurationScale, graceMs: number, runs: Run[]): string[] {
  const restarted = runs.filter(({ outcome }) => outcome === 'restarted').length
  return [
    ...(scale.isLog ? ['Logarithmic scale.'] : []),
    ...(scale.shareOf(graceMs) > 1.001
      ? [`Runs may take ${periodInWords(graceMs)}; that line is above the drawing.`]
      : []),
    ...(restarted > 0 ? [`${count(restarted, 'run')} never reported an end.`] : []),
  ]
}
