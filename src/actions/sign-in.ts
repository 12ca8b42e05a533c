import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY, HOUR, MINUTE, SECOND } from '../core/time'
import type { BudgetStore } from '../store/budgets'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Passwords } from '../world/passwords'
import type { AccountLog } from './account-log'
import { budgetKey, networkOf, spend } from './limits'
import type { Limit } from './limits'
import type { Entered, SecondStepActions } from './second-step'
import type { Browser, SessionActions } from './sessions'

export type { Browser, Ticket, Visitor } from './sessions'

export interface SignInActions extends SessionActions {
  /** The same answer, after the same work, whether the account or its password does not exist or fit. */
  withPassword(
    email: string,
    password: string,
    browser: Browser & { keep: boolean; next: string },
  ): Promise<Result<Entered>>
}

export interface SignInDeps {
  users: Pick<UserStore, 'findByEmail' | 'setPassword'>
  sessions: SessionActions
  secondStep: Pick<SecondStepActions, 'enter'>
  budgets: Pick<BudgetStore, 'take' | 'clear'>
  passwords: Passwords
  clock: Clock
  log: AccountLog
}

/** What a busy moment asks for. */
const BUSY_RETRY_MS = 5 * SECOND

export function signInActions(deps: SignInDeps): SignInActions {
  const { users, sessions, secondStep, budgets, passwords, clock, log } = deps
  return {
    ...sessions,

    async withPassword(email, password, browser) {
      const account = email.trim().toLowerCase()
      const mine = limitsOf(account, networkOf(browser.address))
      const allowed = await spend(budgets, [mine.network, mine.pair, mine.account], clock())
      if (!allowed.ok) return allowed

      const found = await users.findByEmail(account)
      const user = found?.disabled === true ? null : found
      const verdict = await passwords.verify(password, user?.passwordHash ?? null)
      if (verdict === 'busy') {
        return fail('unavailable', 'Many people are signing in just now. Try again in a moment.', {
          retryAfterMs: BUSY_RETRY_MS,
        })
      }
      if (user === null || verdict === 'wrong') {
        await log(user?.id ?? null, 'sign-in-failed', browser)
        return fail('invalid', 'E-mail and password do not match.')
      }

      if (verdict === 'weak') {
        const hash = await passwords.hash(password)
        if (hash !== 'busy') await users.setPassword(user.id, hash)
      }
      await budgets.clear(budgetKey(mine.pair))
      return ok(await secondStep.enter(user, { ...browser, method: 'password' }))
    },
  }
}

/** spec/web-ui.md §16.8 */
function limitsOf(account: string, network: string): Record<'network' | 'pair' | 'account', Limit> {
  return {
    network: { what: 'sign-in-network', who: network, limit: 50, periodMs: HOUR },
    pair: { what: 'sign-in', who: `${account} ${network}`, limit: 10, periodMs: 15 * MINUTE },
    account: { what: 'sign-in-account', who: account, limit: 100, periodMs: DAY },
  }
}
