import { MINUTE, SECOND } from './time'
import type { Instant } from './time'

/** However long we were away, jobs get no more than this to call again: spec/alerting.md [A34]. */
export const LONGEST_HOLD_MS = 5 * MINUTE

/** Whoever runs the instance is told of an outage as long as this, if anything went down ([A35]). */
export const LONG_OUTAGE_MS = 5 * MINUTE

/** A clock that runs ahead by this much in between two looks was set, or the machine slept ([A36]). */
const JUMP_MS = MINUTE

/** Looks come every second; one that is later than this was held up by something that held up pings, too. */
export const STOPPED_MS = 3 * SECOND

/** How long nothing goes down after we were away, so that what could not reach us can do so first. */
export function holdMs(awayMs: number, atLeastMs = 0): number {
  return Math.max(atLeastMs, Math.min(Math.max(0, awayMs), LONGEST_HOLD_MS))
}

/**
 * For how long nobody could reach us, by our last sign of life. One from the future is from before the clock was
 * set back: then nobody knows, and it may have been long.
 */
export function awaySinceMs(aliveAt: Instant | null, nowAt: Instant): number {
  if (aliveAt === null) return 0
  return aliveAt > nowAt + SKEW_MS ? LONGEST_HOLD_MS : nowAt - aliveAt
}

/** One look at two clocks: the one on the wall, and one that only ever grows. */
export interface Look {
  at: Instant
  elapsedMs: number
}

/** By how much the clock on the wall ran ahead in between two looks; 0 when that is not worth a word. */
export function jumpMs(before: Look, now: Look): number {
  const ahead = now.at - before.at - (now.elapsedMs - before.elapsedMs)
  return ahead >= JUMP_MS ? ahead : 0
}

/** A ping of our last life may be this much newer than now without the clock being wrong ([A36]). */
const PATIENT_MS = MINUTE

/**
 * Before when it cannot be: before the program was made, or by the newest ping. None of them counts as newer than our last sign of life: one
 * date far ahead, kept while a clock was wrong, must not keep us from judging for longer than to the next start.
 */
export function notBeforeAt(
  newestPingAt: Instant | null,
  aliveAt: Instant | null,
  builtAt: Instant = 0,
): Instant {
  if (newestPingAt === null || aliveAt === null) return builtAt
  return Math.max(builtAt, Math.min(newestPingAt, aliveAt) - PATIENT_MS)
}

/** By how much the clock of the database may differ from ours without a word ([A37]). */
export const SKEW_MS = 5 * SECOND
