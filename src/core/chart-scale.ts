import { addDays, dayOf, instantOf } from './calendar'
import type { Day } from './calendar'
import { DAY, HOUR, MINUTE, SECOND } from './time'
import type { Instant } from './time'

/** Where things stand on a chart of run times, and what its axes say: web-ui.md C04. */

/** One stroke on an axis: `share` is 0 at its beginning and 1 at its end. */
export interface Tick {
  share: number
  label: string
}

export interface DurationScale {
  isLog: boolean
  ticks: Tick[]
  /** Between 0 (bottom) and 1 (top). */
  shareOf(ms: number): number
}

/** When the longest is so many times the shortest, they are told apart on a logarithmic scale only. */
const LOG_FROM = 50

/** A line may stretch the scale by so much; one that is further away is only told. */
const MOST_STRETCH = 1.6

const MOST_STEPS = 5

const STEPS_MS = [
  1,
  2,
  5,
  ...[1, 2, 5].map((n) => n * 10),
  ...[1, 2, 5].map((n) => n * 100),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48].map((n) => n * HOUR),
]

const DECADES_MS = [1, 10, 100, SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, DAY, 4 * DAY]

/** For these durations (at least one), and the line of the longest allowed if it is near enough. */
export function durationScale(durationsMs: readonly number[], allowedMs: number): DurationScale {
  const shortest = Math.max(
    1,
    durationsMs.reduce((a, b) => Math.min(a, b)),
  )
  const longest = durationsMs.reduce((a, b) => Math.max(a, b), 1)
  return longest / shortest > LOG_FROM
    ? logScale(shortest, longest, allowedMs)
    : linearScale(longest, allowedMs)
}

function linearScale(longest: number, allowedMs: number): DurationScale {
  const highest = allowedMs >= longest && allowedMs <= longest * MOST_STRETCH ? allowedMs : longest
  const step = STEPS_MS.find((each) => highest / each <= MOST_STEPS) ?? DAY
  const count = Math.max(1, Math.ceil((highest * 1.02) / step))
  const top = count * step
  return {
    isLog: false,
    ticks: Array.from({ length: count + 1 }, (_, i) => ({
      share: i / count,
      label: tickLabel(i * step, top),
    })),
    shareOf: (ms) => ms / top,
  }
}

function logScale(shortest: number, longest: number, allowedMs: number): DurationScale {
  const highest = allowedMs >= longest && allowedMs <= longest * 10 ? allowedMs : longest
  const bottom = DECADES_MS.findLast((each) => each <= shortest) ?? 1
  const top = DECADES_MS.find((each) => each >= highest) ?? highest
  const span = Math.log(top / bottom)
  const shareOf = (ms: number): number => Math.log(Math.max(bottom, ms) / bottom) / span
  return {
    isLog: true,
    ticks: DECADES_MS.filter((each) => each >= bottom && each <= top).map((each) => ({
      share: shareOf(each),
      label: tickLabel(each, each),
    })),
    shareOf,
  }
}

const UNITS: [ms: number, name: string][] = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
]

/** '0', '0.5 s', '45 s', '1.5 min', '75 s': in the largest unit that needs one digit behind the point at most. */
function tickLabel(ms: number, top: number): string {
  if (ms === 0) return '0'
  const isPlain = (size: number): boolean => Math.abs((ms / size) * 10 - Math.round((ms / size) * 10)) < 1e-6
  const [size, name] = UNITS.find(([each]) => top >= each && ms >= each && isPlain(each)) ?? [SECOND, 's']
  return `${Number((ms / size).toFixed(3))} ${name}`
}

const MOST_TICKS = 6

const TIME_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 4, 6, 12].map((n) => n * HOUR),
]
const DAY_STEPS = [1, 2, 4, 7, 14]
const MONTH_STEPS = [1, 2, 3, 6, 12, 24]

/** The strokes of an axis of time, at times that a clock or a calendar of the zone shows. */
export function timeTicks(fromAt: Instant, untilAt: Instant, tz: string): Tick[] {
  const span = Math.max(1, untilAt - fromAt)
  return instantsOf(fromAt, untilAt, tz)
    .filter(({ at }) => at >= fromAt && at <= untilAt)
    .map(({ at, label }) => ({ share: (at - fromAt) / span, label }))
}

function instantsOf(fromAt: Instant, untilAt: Instant, tz: string): { at: Instant; label: string }[] {
  const span = untilAt - fromAt
  const first = dayOf(fromAt, tz)
  const step = TIME_STEPS_MS.find((each) => span / each <= MOST_TICKS)
  if (step !== undefined) {
    const midnight = instantOf(first, 0, tz)
    const start = midnight + Math.floor((fromAt - midnight) / step) * step
    return Array.from({ length: MOST_TICKS + 3 }, (_, i) => start + i * step).map((at) => ({
      at,
      label: timeLabel(at, tz),
    }))
  }
  const days = DAY_STEPS.find((each) => span / DAY / each <= MOST_TICKS)
  if (days !== undefined) {
    return Array.from({ length: MOST_TICKS + 3 }, (_, i) => addDays(first, i * days)).map((day) => ({
      at: instantOf(day, 0, tz),
      label: dayLabel(day),
    }))
  }
  const months = MONTH_STEPS.find((each) => span / (30 * DAY) / each <= MOST_TICKS) ?? 60
  return Array.from({ length: MOST_TICKS + 3 }, (_, i) => monthAfter(first, i * months)).map((day) => ({
    at: instantOf(day, 0, tz),
    label: day.month === 1 ? String(day.year) : (MONTHS[day.month - 1] ?? ''),
  }))
}

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function monthAfter({ year, month }: Day, months: number): Day {
  const sum = month - 1 + months
  return { year: year + Math.floor(sum / 12), month: (sum % 12) + 1, day: 1 }
}

function dayLabel({ month, day }: Day): string {
  return `${day} ${MONTHS[month - 1]}`
}

/** '14:05'; the day at midnight. */
function timeLabel(at: Instant, tz: string): string {
  const day = dayOf(at, tz)
  const minutes = Math.round((at - instantOf(day, 0, tz)) / MINUTE)
  if (minutes === 0) return dayLabel(day)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
