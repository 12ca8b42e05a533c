import type { Instant } from '../core/time'
import { insert, one, run } from './sql'
import type { Sql } from './sql'

/** How much may happen in how long. */
export interface Allowance {
  limit: number
  periodMs: number
}

export type Spent = { ok: true } | { ok: false; retryAfterMs: number }

/** What is left of rate limits; kept, so that a restart or another instance is no way around them. */
export interface BudgetStore {
  /** Takes one from a bucket that starts full and refills evenly: spec/operations.md §11.2. */
  take(key: string, allowance: Allowance, nowAt: Instant): Promise<Spent>
  /** Fills a bucket again. */
  clear(key: string): Promise<void>
  /** Forgets buckets that were not touched since. */
  prune(untouchedSinceAt: Instant): Promise<void>
}

export function budgetStore(sql: Sql): BudgetStore {
  return {
    take(key, { limit, periodMs }, nowAt) {
      return sql.transaction(function* () {
        // Inserted first, so that there is a row to lock for whoever comes at the same time.
        yield* insert('budgets', [{ key, left_over: limit, seen_at: nowAt }], 'ON CONFLICT (key) DO NOTHING')
        const row = yield* one<{ left_over: number; seen_at: number }>(
          `SELECT left_over, seen_at FROM budgets WHERE key = $1 ${sql.forUpdate}`,
          [key],
        )
        const elapsedMs = Math.max(0, nowAt - (row?.seen_at ?? nowAt))
        const left = Math.min(limit, (row?.left_over ?? limit) + (elapsedMs * limit) / periodMs)
        const ok = left >= 1
        yield* run('UPDATE budgets SET left_over = $2, seen_at = $3 WHERE key = $1', [
          key,
          ok ? left - 1 : left,
          nowAt,
        ])
        return ok ? { ok } : { ok, retryAfterMs: Math.ceil(((1 - left) * periodMs) / limit) }
      })
    },

    clear: (key) => sql.transaction(() => run('DELETE FROM budgets WHERE key = $1', [key])),

    prune: (untouchedSinceAt) =>
      sql.transaction(() => run('DELETE FROM budgets WHERE seen_at < $1', [untouchedSinceAt])),
  }
}
