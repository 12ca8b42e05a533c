import { durationScale, timeTicks } from '../core/chart-scale'
import { dayQuantile } from '../core/run-stats'
import type { RunDay } from '../core/run-stats'
import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import { count } from '../core/words'
import { across, axesOf, down, linesOf, notesOf, PLOT_HEIGHT } from './chart-axes'
import type { Drawn } from './chart-models'
import { took } from './show'

/** More days than this are drawn thinner. */
const MANY = 80

export interface DailySource {
  days: RunDay[]
  fromAt: Instant
  graceMs: number
  nowAt: Instant
}

/** Run times by the day: from the shortest to the longest of each, as they are in `days`, the oldest first. */
export function dailyChart({ days, fromAt, graceMs, nowAt }: DailySource): Drawn {
  const first = days[0]
  if (first === undefined) return { summary: '', notes: [], plot: null, table: [] }
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
    notes: [...notesOf(scale, graceMs, []), 'By days of UTC.'],
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
