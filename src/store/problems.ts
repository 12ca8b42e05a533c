import { MINUTE, SECOND } from '../core/time'

/** Why the database could not do what was asked just now. */
export type Unavailable = 'busy' | 'disk full' | 'unreachable'

/** Nothing was changed, and trying again later makes sense: spec/operations.md §5.2. */
export class StoreUnavailable extends Error {
  readonly why: Unavailable
  /** What to answer in Retry-After. */
  readonly retryAfterMs: number

  constructor(why: Unavailable, cause: unknown) {
    super(`The database is not available: ${why}`, { cause })
    this.why = why
    this.retryAfterMs = why === 'disk full' ? MINUTE : 5 * SECOND
  }
}

/** The database is not ours, or refuses us for good; the message says what to do. */
export class StoreUnusable extends Error {}
