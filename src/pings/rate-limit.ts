import type { ArrivingPing } from '../core/ping'
import { signalOf } from '../core/signal'
import { MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import type { AddressStore } from '../store/addresses'
import type { CheckStore } from '../store/checks'
import type { Clock } from '../world/clock'
import type { CodeRoute, SlugRoute } from './route'

/**
 * Most checks whose tokens are remembered. The one longest untouched is forgotten first, and then has
 * all its tokens: a minute would have given them back anyway.
 */
const MOST_BUCKETS = 100_000

/** How long until the ping may come; null: now. 'by its body': the body decides what the ping says. */
export type Admission = { retryAfterMs: number } | null | 'by its body'

/** What keeps a job that runs wild from filling the log: spec/ping-api.md [P43]. */
export interface RateLimit {
  /**
   * Takes a token of the check if there is one. `ping`: null if it is going to be refused anyway; its body
   * is there unless `isBodyToCome`.
   */
  admit(
    address: CodeRoute | SlugRoute,
    ping: ArrivingPing | null,
    options: { isBodyToCome: boolean },
  ): Promise<Admission>
}

export interface RateLimitOptions {
  perMinute: number
  checks: Pick<CheckStore, 'findByCode'>
  addresses: Pick<AddressStore, 'checksAt'>
  clock: Clock
}

/**
 * Counts in memory: a ping must not cost another write, and what a restart or another instance lets
 * through in addition is bounded by their number.
 */
export function rateLimit({ perMinute, checks, addresses, clock }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, { tokens: number; at: Instant }>()

  /** Takes a token; else tells how long until there is one. */
  function take(code: string): number | null {
    const nowAt = clock()
    const bucket = buckets.get(code) ?? { tokens: perMinute, at: nowAt }
    const refilled = (Math.max(0, nowAt - bucket.at) * perMinute) / MINUTE
    const tokens = Math.min(perMinute, bucket.tokens + refilled)
    // To the end of the line: maps keep the order in which they were filled.
    buckets.delete(code)
    buckets.set(code, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: nowAt })
    if (buckets.size > MOST_BUCKETS) buckets.delete(buckets.keys().next().value ?? '')
    return tokens >= 1 ? null : ((1 - tokens) * MINUTE) / perMinute
  }

  return {
    async admit(address, ping, { isBodyToCome }) {
      const codes =
        'code' in address ? [address.code] : await addresses.checksAt(address.pingKey, address.slug)
      const [code, another] = codes
      // What is unknown or ambiguous is told so by those who look for it.
      if (code === undefined || another !== undefined) return null
      const waitMs = take(code)
      if (waitMs === null) return null
      const check = await checks.findByCode(code)
      if (check === null) return null
      if (ping === null) return { retryAfterMs: waitMs }
      if (isBodyToCome && check.filters.httpBody) return 'by its body'
      // Neither an alert nor a recovery may be late because of us.
      const kind = signalOf(check, ping)
      const isNews =
        (kind === 'fail' && check.status !== 'down') || (kind === 'success' && check.status !== 'up')
      return isNews ? null : { retryAfterMs: waitMs }
    },
  }
}
