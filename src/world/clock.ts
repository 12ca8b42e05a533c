import type { Instant } from '../core/time'

/** Asked for the time wherever time matters, so that tests can own it. */
export type Clock = () => Instant

export const systemClock: Clock = () => Date.now()

/** Milliseconds that only ever grow, for measuring how long something took. */
export const stopwatch = (): number => performance.now()
