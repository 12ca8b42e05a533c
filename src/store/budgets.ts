import type { Instant } from '../core/time'
import { insert, one, run } from './sql'
import type { Sql, Work } from './sql'

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
  /** Whether there is one to take. */
  holds(key: string, allowance: Allowance, nowAt: Instant): Promise<boolean>
  /** Takes one even if there is none, so that it takes longer until there is one again. */
  drain(key: string, allowance: Allowance, nowAt: Instant): Promise<void>
  /** Somebody who is counted elsewhere has used up all there was. */
  empty(key: string, nowAt: Instant): Promise<void>
  /** Fills a bucket again. */
  clear(key: string): Promise<void>
  /** Forgets buckets that were not touched since. */
  prune(untouchedSinceAt: Instant): Promise<void>
}

export function budgetStore(sql: Sql): BudgetStore {
  return {
    take(key, { limit, periodMs }, nowAt) {
      return sql.transaction(function* () {
        const left = yield* lockedLevel(key, { limit, periodMs }, nowAt)
        const ok = left >= 1
        yield* setLevel(key, ok ? left - 1 : left, nowAt)
        return ok ? { ok } : { ok, retryAfterMs: Math.ceil(((1 - left) * periodMs) / limit) }
      })
    },

    holds: (key, allowance, nowAt) =>
      sql.read(function* () {
        const row = yield* one<Bucket>('SELECT left_over, seen_at FROM budgets WHERE key = $1', [key])
        return levelOf(row, allowance, nowAt) >= 1
      }),

    drain: (key, allowance, nowAt) =>
      sql.transaction(function* () {
        const left = yield* lockedLevel(key, allowance, nowAt)
        yield* setLevel(key, left - 1, nowAt)
      }),

    empty: (key, nowAt) =>
      sql.transaction(function* () {
        const none = { key, left_over: 0, seen_at: nowAt }
        yield* insert(
          'budgets',
          [none],
          'ON CONFLICT (key) DO UPDATE SET left_over = excluded.left_over, seen_at = excluded.seen_at',
        )
      }),

    clear: (key) => sql.transaction(() => run('DELETE FROM budgets WHERE key = $1', [key])),

    prune: (untouchedSinceAt) =>
      sql.transaction(() => run('DELETE FROM budgets WHERE seen_at < $1', [untouchedSinceAt])),
  }

  function* lockedLevel(key: string, allowance: Allowance, nowAt: Instant): Work<number> {
    const full = { key, left_over: allowance.limit, seen_at: nowAt }
    // Inserted first, so that there is a row to lock for whoever comes at the same time.
    yield* insert('budgets', [full], 'ON CONFLICT (key) DO NOTHING')
    const row = yield* one<Bucket>(`SELECT left_over, seen_at FROM budgets WHERE key = $1 ${sql.forUpdate}`, [
      key,
    ])
    return levelOf(row, allowance, nowAt)
  }
}

interface Bucket {
  left_over: number
  seen_at: number
}

function* setLevel(key: string, left: number, nowAt: Instant): Work<void> {
  yield* run('UPDATE budgets SET left_over = $2, seen_at = $3 WHERE key = $1', [key, left, nowAt])
}

/** What is in a bucket now; one that nobody touched is full. */
function levelOf(row: Bucket | null, { limit, periodMs }: Allowance, nowAt: Instant): number {
  if (row === null) return limit
  const elapsedMs = Math.max(0, nowAt - row.seen_at)
  return Math.min(limit, row.left_over + (elapsedMs * limit) / periodMs)
}
