import type { Delivery } from '../core/delivery'
import { MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { HttpAnswer } from '../world/http'

/** What one try came to, and whether another one right away makes sense. */
export interface Attempt {
  delivery: Delivery
  /** Worth a quick try again: spec/integrations.md §2.5. */
  again: boolean
  /** How long the other side asked us to wait, or null. */
  retryAfterMs: number | null
}

/** Anything else, other 2xx included, is a failure: spec/integrations.md §2.6. */
const DELIVERED = [200, 201, 202, 204]

/** The other side may well take the same request later. */
function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/** The rules that hold for every kind that has none of its own. `nowAt` is for dates in the answer. */
export function judge(answer: HttpAnswer, nowAt: Instant): Attempt {
  if (!answer.ok) return unanswered(answer)
  const { status } = answer
  if (DELIVERED.includes(status)) return delivered()
  const again = isTransient(status)
  return {
    delivery: { ok: false, kind: again ? 'temporary' : 'final', reason: `Received status code ${status}` },
    again,
    retryAfterMs: status === 429 || status === 503 ? waitOf(answer.headers['retry-after'], nowAt) : null,
  }
}

function unanswered({ reason, why }: Extract<HttpAnswer, { ok: false }>): Attempt {
  const again = why === 'timeout' || why === 'network'
  return { delivery: { ok: false, kind: again ? 'temporary' : 'final', reason }, again, retryAfterMs: null }
}

/** `Retry-After`: seconds or a date. */
function waitOf(header: string | undefined, nowAt: Instant): number | null {
  if (header === undefined) return null
  const ms = /^\d+$/.test(header) ? Number(header) * SECOND : Date.parse(header) - nowAt
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), 60 * MINUTE)
}

export function delivered(): Attempt {
  return { delivery: { ok: true }, again: false, retryAfterMs: null }
}

/** A failure of which trying again changes nothing. */
export function failed(reason: string): Attempt {
  return { delivery: { ok: false, kind: 'final', reason }, again: false, retryAfterMs: null }
}
