import { HOUR, MINUTE, SECOND } from './time'
import type { Instant } from './time'

/** What became of one attempt to tell one notification. */
export type Delivery =
  | { ok: true }
  | {
      ok: false
      /** A sentence of at most 200 characters for the owner of the channel. */
      reason: string
      /** `temporary`: try later; `final`: this message will not get through; `permanent`: no message will. */
      kind: 'temporary' | 'final' | 'permanent'
    }

/**
 * How long after the first failed attempt the later ones come: spec decision D19. A relay or a line
 * may be away for hours or days; what costs money or cannot be recognised as a repetition is judged
 * `final` by its integration after a response time-out.
 */
const AFTER_FIRST = [1, 5, 15].map((m) => m * MINUTE).concat([1, 3, 6, 12, 24, 48].map((h) => h * HOUR))

/**
 * When to try again after the `attempt`-th attempt (the first is 1) failed, or null for never.
 * `firstAttemptAt` is when the first attempt was made.
 */
export function nextAttempt(
  delivery: Extract<Delivery, { ok: false }>,
  attempt: number,
  firstAttemptAt: Instant,
  nowAt: Instant,
): Instant | null {
  if (delivery.kind !== 'temporary') return null
  const after = AFTER_FIRST[attempt - 1]
  // An attempt that was itself late must not be followed at once by all that it overslept.
  return after === undefined ? null : Math.max(firstAttemptAt + after, nowAt + MINUTE)
}

/** Whoever takes longer is slow: it gets places of its own, so that nobody quick waits for it. */
export const QUICK_MS = 2 * SECOND

/** Whether a channel answered quickly when it was told last. One that was never told may be anything. */
export function isQuick(lastTookMs: number | null): boolean {
  return lastTookMs !== null && lastTookMs <= QUICK_MS
}

/** How many channels may be taken, of either kind. */
export interface Places {
  quick: number
  slow: number
}

/** How long what is taken for one channel may take to tell, if that goes on as it did. */
const TOGETHER_MS = 250

/** Most that is taken for one channel at once: what is read for it is kept in memory. */
const MOST_TOGETHER = 100

/**
 * How many notifications of one channel are taken at once, to be told one after another. A quick receiver
 * is told many without asking the database in between; a slow one, or one not known yet, one at a time.
 */
export function togetherFor(lastTookMs: number | null): number {
  if (lastTookMs === null) return 1
  return Math.min(MOST_TOGETHER, Math.max(1, Math.floor(TOGETHER_MS / Math.max(1, lastTookMs))))
}
