import { DAY } from '../core/time'
import type { BudgetStore } from '../store/budgets'
import type { SignInStore } from '../store/sign-ins'
import type { Clock } from '../world/clock'
import type { PingPruning } from './prune-pings'
import type { TimedTask } from './task'

/** When to tidy up, UTC: spec/operations.md §1.9. */
const AT = '41 3 * * *'

export interface PruneOptions {
  signIns: Pick<SignInStore, 'prune'>
  budgets: Pick<BudgetStore, 'prune'>
  /** Cuts the log of every check that is longer than its limit. */
  pings: Pick<PingPruning, 'pruneAll'>
  clock: Clock
}

/** Removes what has expired: spec/operations.md [O18]. */
export function prune({ signIns, budgets, pings, clock }: PruneOptions): TimedTask {
  return {
    name: 'prune',
    at: AT,
    async run() {
      const nowAt = clock()
      await signIns.prune(nowAt)
      await budgets.prune(nowAt - DAY)
      await pings.pruneAll()
    },
  }
}
