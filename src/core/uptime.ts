import { addDays, dayOf, instantOf, weekdayOf } from './calendar'
import type { Day } from './calendar'
import type { Check, Flip, Status } from './check'
import type { Instant } from './time'

// How long checks were down: spec/alerting.md §10.

/** Weeks begin on Monday. */
export type Unit = 'day' | 'week' | 'month'

/** How one check fared in one month, week or day. */
export interface Figures {
  startAt: Instant
  /** Of the interval; that of the current one is still to come. */
  endAt: Instant
  /** A downtime that reaches over a border counts on both sides of it. */
  downtimes: number
  downMs: number
  /**
   * How long the check was there to be watched: from its creation, until now, without pauses. What the
   * percentage is of (decision D10).
   */
  observedMs: number
  /** The check did not exist yet. */
  noData: boolean
}

/** The current unit and the `count` - 1 before it, the current one first, each from its first moment to the next one's. */
export function intervals(
  unit: Unit,
  count: number,
  nowAt: Instant,
  tz: string,
): { startAt: Instant; endAt: Instant }[] {
  let first = firstDay(unit, dayOf(nowAt, tz))
  let endAt = instantOf(next(unit, first), 0, tz)
  return Array.from({ length: count }, () => {
    const interval = { startAt: instantOf(first, 0, tz), endAt }
    endAt = interval.startAt
    first = firstDay(unit, addDays(first, -1))
    return interval
  })
}

/**
 * Walks back from now: at each flip the time before it had the status that the flip came from.
 * `flips` in any order; those before the oldest interval do no harm. Intervals as `intervals` gives them.
 */
export function figuresOf(
  { status, createdAt }: Pick<Check, 'status' | 'createdAt'>,
  flips: readonly Pick<Flip, 'at' | 'from'>[],
  within: readonly { startAt: Instant; endAt: Instant }[],
  nowAt: Instant,
): Figures[] {
  const figures = within.map(({ startAt, endAt }): Figures => {
    const observedMs = Math.max(0, Math.min(endAt, nowAt) - Math.max(startAt, createdAt))
    return { startAt, endAt, downtimes: 0, downMs: 0, observedMs, noData: createdAt >= endAt }
  })
  for (const segment of segmentsOf(status, flips, nowAt)) {
    if (segment.status !== 'down' && segment.status !== 'paused') continue
    for (const one of figures) note(one, segment, createdAt)
  }
  return figures
}

/** '99.98': cut, not rounded, so that only a month without downtime is perfect. Null: nothing was observed. */
export function uptimePercent({ downMs, observedMs }: Pick<Figures, 'downMs' | 'observedMs'>): string | null {
  if (observedMs <= 0) return null
  // A downtime can be older than what is observed, by the clock of another host.
  const share = Math.max(0, observedMs - downMs) / observedMs
  return (Math.floor(share * 10_000) / 100).toFixed(2)
}

interface Segment {
  fromAt: Instant
  toAt: Instant
  status: Status
}

/** Newest first. */
function segmentsOf(status: Status, flips: readonly Pick<Flip, 'at' | 'from'>[], nowAt: Instant): Segment[] {
  const segments: Segment[] = []
  let current: Segment = { fromAt: -Infinity, toAt: nowAt, status }
  for (const { at, from } of flips.toSorted((one, other) => other.at - one.at)) {
    // A flip by a clock that was ahead of ours lasted no time.
    const fromAt = Math.min(at, current.toAt)
    segments.push({ ...current, fromAt })
    current = { fromAt: -Infinity, toAt: fromAt, status: from }
  }
  return [...segments, current]
}

function note(figures: Figures, { fromAt, toAt, status }: Segment, createdAt: Instant): void {
  const endAt = Math.min(toAt, figures.endAt)
  const startAt = Math.max(fromAt, figures.startAt)
  if (endAt <= startAt) return
  if (status === 'down') {
    figures.downtimes++
    figures.downMs += endAt - startAt
  } else {
    figures.observedMs -= Math.max(0, endAt - Math.max(startAt, createdAt))
  }
}

function firstDay(unit: Unit, day: Day): Day {
  if (unit === 'month') return { ...day, day: 1 }
  return unit === 'week' ? addDays(day, 1 - weekdayOf(day)) : day
}

function next(unit: Unit, { year, month, day }: Day): Day {
  if (unit === 'month')
    return month === 12 ? { year: year + 1, month: 1, day } : { year, month: month + 1, day }
  return addDays({ year, month, day }, unit === 'week' ? 7 : 1)
}
