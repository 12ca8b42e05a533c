import { Recent } from '../core/recent'
import type { Instant } from '../core/time'
import { budgetKey } from '../actions/limits'
import type { Allowance, BudgetStore, Spent } from '../store/budgets'
import { ifKept } from './unread'

/** People or sessions that are remembered, at most twice as many; of others it is looked up once more. */
const REMEMBERED = 10_000

/**
 * A limit on what is asked for all the time, so that counting must not write: what is left is counted in this
 * process. Only when somebody has used it up is that kept, at most twice in the time that it takes to fill again;
 * and who is new to this process is looked up there. So a restart, or another instance, gives nothing back to those
 * who are over the limit, and the others cost one look.
 */
export interface Throttle {
  take(who: string, nowAt: Instant): Promise<Spent>
}

interface Bucket {
  left: number
  seenAt: Instant
  /** When it was last kept that it is empty. */
  keptAt: Instant
}

export function throttle(
  budgets: Pick<BudgetStore, 'holds' | 'empty'>,
  { what, ...allowance }: Allowance & { what: string },
): Throttle {
  const { limit, periodMs } = allowance
  const buckets = new Recent<Bucket>(REMEMBERED)

  async function bucketOf(who: string, nowAt: Instant): Promise<Bucket> {
    const known = buckets.get(who)
    if (known !== undefined) return known
    const isOver = !(await budgets.holds(budgetKey({ what, who }), allowance, nowAt))
    const bucket = buckets.get(who) ?? { left: isOver ? 0 : limit, seenAt: nowAt, keptAt: -Infinity }
    buckets.set(who, bucket)
    return bucket
  }

  return {
    async take(who, nowAt) {
      const bucket = await bucketOf(who, nowAt)
      const elapsedMs = Math.max(0, nowAt - bucket.seenAt)
      bucket.left = Math.min(limit, bucket.left + (elapsedMs * limit) / periodMs)
      bucket.seenAt = nowAt
      if (bucket.left >= 1) {
        bucket.left -= 1
        return { ok: true }
      }
      if (nowAt - bucket.keptAt >= periodMs / 2) {
        bucket.keptAt = nowAt
        await ifKept(budgets.empty(budgetKey({ what, who }), nowAt))
      }
      return { ok: false, retryAfterMs: Math.ceil(((1 - bucket.left) * periodMs) / limit) }
    },
  }
}
