/** Epoch milliseconds, UTC. Names of such values end in `At`; names of durations end in `Ms`. */
export type Instant = number

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
