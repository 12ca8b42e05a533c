import { DAY } from '../core/time'
import type { AccountEventStore } from '../store/account-events'
import type { TokenStore } from '../store/account-tokens'
import type { AuditStore } from '../store/audit'
import type { BudgetStore } from '../store/budgets'
import type { InvitationStore } from '../store/invitations'
import type { TallyStore } from '../store/tallies'
import type { SignInStore } from '../store/sign-ins'
import type { Clock } from '../world/clock'
import type { PingPruning } from './prune-pings'
import type { TimedTask } from './task'

/** When to tidy up, UTC: spec/operations.md §1.9. */
const AT = '41 3 * * *'

/** spec/web-ui.md X09 */
const AUDIT_MS = 400 * DAY

/** A day is shown; the other is for whoever lives in another zone, or looks late. */
const TALLIES_MS = 2 * DAY

/** How long it is told what happened to an account. */
const EVENTS_MS = 90 * DAY

export interface PruneOptions {
  signIns: Pick<SignInStore, 'prune'>
  budgets: Pick<BudgetStore, 'prune'>
  invitations: Pick<InvitationStore, 'prune'>
  audit: Pick<AuditStore, 'prune'>
  tokens: Pick<TokenStore, 'prune'>
  accountEvents: Pick<AccountEventStore, 'prune'>
  tallies: Pick<TallyStore, 'prune'>
  /** Cuts the log of every check that is longer than its limit. */
  pings: Pick<PingPruning, 'pruneAll'>
  clock: Clock
}

/** Removes what has expired: spec/operations.md [O18]. */
export function prune(options: PruneOptions): TimedTask {
  const { signIns, budgets, tokens, accountEvents, invitations, audit, tallies, pings, clock } = options
  return {
    name: 'prune',
    at: AT,
    async run() {
      const nowAt = clock()
      await signIns.prune(nowAt)
      await budgets.prune(nowAt - DAY)
      await invitations.prune(nowAt)
      await audit.prune(nowAt - AUDIT_MS)
      await tokens.prune(nowAt)
      await accountEvents.prune(nowAt - EVENTS_MS)
      await tallies.prune(nowAt - TALLIES_MS)
      await pings.pruneAll()
    },
  }
}
