import { Recent } from '../core/recent'
import { HOUR } from '../core/time'
import type { Instant } from '../core/time'
import type { BudgetStore } from '../store/budgets'
import { throttle } from './throttle'

/** Asking for what is not there, or not theirs, by the hour: spec/web-ui.md §16.8, §18.7. */
const TOLD_AT = 100
const MOST = 1000

/** People of whom it is counted at the same time, at most twice as many. */
const MOST_PEOPLE = 10_000

const MOST_SAMPLES = 5

/** What to do about somebody who asked once more; `samples`: some of what they asked for. */
export type Suspicion =
  { kind: 'none' } | { kind: 'tell'; samples: string[] } | { kind: 'too many'; retryAfterMs: number }

/**
 * Counts for each person how often what they asked for was not there for them. Everything counts towards the limit,
 * so that it tells nobody what exists; only what exists and is somebody else's is worth telling of.
 */
export interface Probing {
  note(asked: { userId: number; path: string; isHidden: boolean }, nowAt: Instant): Promise<Suspicion>
}

export function probing(budgets: Pick<BudgetStore, 'holds' | 'empty'>): Probing {
  const limit = throttle(budgets, { what: 'not there', limit: MOST, periodMs: HOUR })
  const people = new Recent<{ sinceAt: Instant; count: number; samples: string[] }>(MOST_PEOPLE)

  /** What it was the hundredth time for, in the hour since the first. */
  function samplesOf(userId: number, path: string, nowAt: Instant): string[] | null {
    const known = people.get(String(userId))
    const mine = known && nowAt - known.sinceAt < HOUR ? known : { sinceAt: nowAt, count: 0, samples: [] }
    if (known !== mine) people.set(String(userId), mine)
    mine.count++
    if (mine.samples.length < MOST_SAMPLES) mine.samples.push(shortened(path))
    return mine.count === TOLD_AT ? mine.samples : null
  }

  return {
    async note({ userId, path, isHidden }, nowAt) {
      const samples = isHidden ? samplesOf(userId, path, nowAt) : null
      const spent = await limit.take(String(userId), nowAt)
      if (!spent.ok) return { kind: 'too many', retryAfterMs: spent.retryAfterMs }
      return samples === null ? { kind: 'none' } : { kind: 'tell', samples }
    },
  }
}

/** The codes of checks are secrets, wherever they are written. */
function shortened(path: string): string {
  return path.replaceAll(/([0-9a-f]{8})-[0-9a-f-]{20,}/gi, '$1…').slice(0, 80)
}
