import { cronExpression, onCalendarExpression } from './expressions'
import type { MadeUp } from './expressions'
import type { Dice } from './random'
import { MINUTE } from './wall-clock'
import type { WallClock } from './wall-clock'

/** A check of the simulated year, and what its job did. */
export interface Job {
  tz: string
  timing: { kind: 'period'; periodMs: number } | MadeUp
  graceMs: number
  /** Every minute at which the job is expected; none where the last ping decides. */
  due: number[]
  pings: JobPing[]
}

export interface JobPing {
  at: number
  kind: 'success' | 'fail' | 'start' | 'log'
  runId: string | null
}

const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const PERIODS = [20 * MINUTE, HOUR, 90 * MINUTE, 6 * HOUR, DAY, DAY, 2 * DAY, 7 * DAY]
const GRACES = [MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, DAY]

/** When jobs run at all; in between their hosts are off, so that a year is not all routine. */
export type Seasons = (clock: WallClock, dice: Dice) => { from: number; until: number }[]

/** So near to a change of clocks most runs never happen: only silence shows when they were expected. */
const ROUGH_MS = 3 * HOUR

export function aJob(dice: Dice, tz: string, clock: WallClock, seasons: Seasons): Job {
  const kind = dice.oneOf(['period', 'cron', 'cron', 'oncalendar'] as const)
  const graceMs = dice.oneOf(GRACES)
  const times = seasons(clock, dice)
  const isRough = (at: number): boolean => changesIn(clock).some((change) => Math.abs(at - change) < ROUGH_MS)
  const isOn = (at: number): boolean => times.some(({ from, until }) => at >= from && at < until)
  if (kind === 'period') {
    const periodMs = dice.oneOf(PERIODS)
    const starts: number[] = []
    for (let at = clock.from; at < clock.from + clock.shows.length * MINUTE; at += periodMs) starts.push(at)
    const pings = pingsOf(starts.filter(isOn), { graceMs, isRough }, dice)
    return { tz, timing: { kind, periodMs }, graceMs, due: [], pings }
  }
  const timing = kind === 'cron' ? cronExpression(dice) : onCalendarExpression(dice)
  const due = dueMinutes(timing, clock)
  return { tz, timing, graceMs, due, pings: pingsOf(due.filter(isOn), { graceMs, isRough }, dice) }
}

const changes = new WeakMap<WallClock, number[]>()

/** When the clock is changed: it then does not show the minute after the one before. */
export function changesIn(clock: WallClock): number[] {
  const known = changes.get(clock)
  if (known) return known
  const found: number[] = []
  clock.shows.forEach((wall, i) => {
    if (i > 0 && wall !== clock.shows[i - 1]! + 1) found.push(clock.from + i * MINUTE)
  })
  changes.set(clock, found)
  return found
}

/**
 * Goes through the year minute by minute, looking at the clock on the wall. A minute that the clock has shown
 * before comes twice; one that it has not shown when it shows a later one is skipped.
 */
export function dueMinutes(expression: MadeUp, { from, shows }: WallClock): number[] {
  const due: number[] = []
  let latest = shows[0]! - 1
  for (let i = 0; i < shows.length; i += 1) {
    const wall = shows[i]!
    let isDue = expression.matches(wall) && (wall > latest || expression.repeated === 'both')
    if (expression.skipped === 'moved') {
      for (let skipped = latest + 1; skipped < wall; skipped += 1) isDue ||= expression.matches(skipped)
    }
    if (isDue) due.push(from + i * MINUTE)
    if (wall > latest) latest = wall
  }
  return due
}

/** What comes of each start: most go well; others are late, fail, hang, or never happen. */
function pingsOf(
  starts: readonly number[],
  { graceMs, isRough }: { graceMs: number; isRough(at: number): boolean },
  dice: Dice,
): JobPing[] {
  const pings: JobPing[] = []
  const ping = (at: number, kind: JobPing['kind'], runId: string | null = null): void => {
    // Never on a whole second: two things that happen in the same millisecond have no order.
    pings.push({ at: Math.floor(at / 1000) * 1000 + dice.between(1, 999), kind, runId })
  }
  const within = (shares: number): number => dice.roll() * graceMs * shares
  for (const at of starts) {
    const runId = dice.inHundred(40) ? runIdOf(dice) : null
    const what = isRough(at) && dice.inHundred(60) ? 100 : dice.between(1, 100)
    if (what <= 60) {
      ping(at + dice.between(1, 50) * 1000, 'success')
    } else if (what <= 70) {
      ping(at + 2000, 'start', runId)
      ping(at + 3000 + (dice.inHundred(50) ? within(0.9) : within(0.01)), 'success', runId)
    } else if (what <= 75) {
      ping(at + 2000, 'start', runId)
      ping(at + 3000 + graceMs + within(2), dice.inHundred(70) ? 'success' : 'fail', runId)
    } else if (what <= 77) {
      ping(at + 2000, 'start', runId)
    } else if (what <= 79) {
      // The end names another run than the start.
      ping(at + 2000, 'start', runIdOf(dice))
      ping(at + 9000, 'success', runIdOf(dice))
    } else if (what <= 85) {
      ping(at + within(1), 'success')
    } else if (what <= 91) {
      ping(at + graceMs + within(3), 'success')
    } else if (what <= 94) {
      ping(at + within(0.5), 'fail')
    } else if (what <= 96) {
      ping(at + within(2), 'log')
    }
  }
  return pings.toSorted((a, b) => a.at - b.at)
}

function runIdOf(dice: Dice): string {
  return `00000000-0000-4000-8000-${String(dice.between(1, 999_999_999)).padStart(12, '0')}`
}
