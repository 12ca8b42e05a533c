import type { AccountEventKind, AccountEventStore } from '../store/account-events'
import type { Clock } from '../world/clock'
import type { Browser } from './sessions'

/** Writes down what happens to an account, for the person whose it is: spec/web-ui.md A13. */
export type AccountLog = (
  /** Null: nobody's; nothing is told of it, but as much is written. */
  userId: number | null,
  kind: AccountEventKind,
  browser: Browser,
  detail?: string,
) => Promise<void>

const MAX_AGENT = 200
const MAX_DETAIL = 200

export function accountLog(
  accountEvents: Pick<AccountEventStore, 'add' | 'addOfNobody'>,
  clock: Clock,
): AccountLog {
  return (userId, kind, { address, agent }, detail = '') =>
    userId === null
      ? accountEvents.addOfNobody(clock())
      : accountEvents.add({
          userId,
          at: clock(),
          kind,
          detail: detail.slice(0, MAX_DETAIL),
          address,
          agent: agent.slice(0, MAX_AGENT),
        })
}
