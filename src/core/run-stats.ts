import type { Run } from './runs'
import { DAY } from './time'
import type { Instant } from './time'

/** What many runs have in common: the summary of the run-time chart, web-ui.md C04. */

/** A run that has a duration. */
export type TimedRun = Run & { endedAt: Instant; durationMs: number }

export interface RunStats {
  count: number
  medianMs: number
  p95Ms: number
  longest: TimedRun
}

export function isTimed(run: Run): run is TimedRun {
  return run.endedAt !== null && run.durationMs !== null
}

/** Null when there are none. */
export function statsOf(runs: readonly TimedRun[]): RunStats | null {
  const [first] = runs
  if (first === undefined) return null
  const sorted = runs.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b)
  return {
    count: runs.length,
    medianMs: medianOf(sorted),
    p95Ms: quantile(sorted, 0.95),
    longest: runs.reduce((longest, run) => (run.durationMs > longest.durationMs ? run : longest), first),
  }
}

/** Of numbers in rising order: the middle one, or the mean of the two in the middle. */
export function medianOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** Of numbers in rising order: the smallest one that this share of them does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/** How the medians differ, in whole percent: 12 means that the newer runs take 12 % longer. Null: not to be told. */
export function trendPercent(newer: RunStats | null, older: RunStats | null): number | null {
  if (newer === null || older === null || older.medianMs === 0) return null
  return Math.round((newer.medianMs / older.medianMs - 1) * 100)
}

/** The runs that ended on one day of UTC, which is the same day for everybody who looks. */
export interface RunDay {
  startAt: Instant
  runs: number
  failed: number
  shortestMs: number
  longestMs: number
  /** How many took how long, by `stepOf`: days can then be put together, and the median still be told. */
  steps: Readonly<Record<string, number>>
}

/** Steps of 5 %: as close as a median of a day is of use to anybody. */
const STEP = Math.log(1.05)

function stepOf(ms: number): number {
  return Math.round(Math.log(Math.max(1, ms)) / STEP)
}

/** The oldest day first. */
export function runDaysOf(runs: readonly TimedRun[]): RunDay[] {
  const days = Map.groupBy(runs, ({ endedAt }) => dayOfEnd(endedAt))
  return [...days]
    .map(([startAt, some]) => dayOfRuns(startAt, some))
    .toSorted((a, b) => a.startAt - b.startAt)
}

function dayOfEnd(endedAt: Instant): Instant {
  return endedAt - (((endedAt % DAY) + DAY) % DAY)
}

function dayOfRuns(startAt: Instant, runs: readonly TimedRun[]): RunDay {
  const steps: Record<string, number> = {}
  let [shortestMs, longestMs, failed] = [Infinity, 0, 0]
  for (const { durationMs, outcome } of runs) {
    const step = stepOf(durationMs)
    steps[step] = (steps[step] ?? 0) + 1
    shortestMs = Math.min(shortestMs, durationMs)
    longestMs = Math.max(longestMs, durationMs)
    if (outcome === 'fail') failed++
  }
  return { startAt, runs: runs.length, failed, shortestMs, longestMs, steps }
}

/** The same with one entry for each day, the oldest first. */
export function mergeDays(parts: readonly RunDay[]): RunDay[] {
  const days = new Map<Instant, RunDay>()
  for (const part of parts) {
    const known = days.get(part.startAt)
    days.set(part.startAt, known === undefined ? part : together(known, part))
  }
  return [...days.values()].toSorted((a, b) => a.startAt - b.startAt)
}

function together(one: RunDay, other: RunDay): RunDay {
  const steps = { ...one.steps }
  for (const [step, count] of Object.entries(other.steps)) steps[step] = (steps[step] ?? 0) + count
  return {
    startAt: one.startAt,
    runs: one.runs + other.runs,
    failed: one.failed + other.failed,
    shortestMs: Math.min(one.shortestMs, other.shortestMs),
    longestMs: Math.max(one.longestMs, other.longestMs),
    steps,
  }
}

/** The median of a day, or of several together: right to 5 %, and never beyond the extremes. */
export function dayQuantile({ steps, runs, shortestMs, longestMs }: RunDay, share: number): number {
  let left = Math.ceil(runs * share)
  const rising = Object.entries(steps).toSorted(([a], [b]) => Number(a) - Number(b))
  for (const [step, count] of rising) {
    left -= count
    if (left <= 0) return Math.min(longestMs, Math.max(shortestMs, Math.exp(Number(step) * STEP)))
  }
  return longestMs
}
