import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { HOUR } from '../core/time'
import type { User } from '../core/user'
import type { BudgetStore } from '../store/budgets'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import { beginningOf, isZone } from './beginning'
import type { BeginningDeps } from './beginning'
import { networkOf, spend } from './limits'
import type { Entered, SecondStepActions } from './second-step'
import type { Browser } from './sessions'

/** Accounts that begin without a mail: spec/web-ui.md A08, A28. */
export interface SignUpActions {
  /** For a site that cannot send mails. */
  withPassword(
    input: { email: string; password: string; repeat: string; tz: string },
    browser: Browser,
  ): Promise<Result<Entered>>
  /** For somebody whom a proxy has let in: the account of that address, which is made if there is none. */
  known(email: string): Promise<Result<User>>
}

export interface SignUpDeps extends BeginningDeps {
  users: Pick<UserStore, 'findByEmail' | 'add'>
  budgets: Pick<BudgetStore, 'take'>
  secondStep: Pick<SecondStepActions, 'enter'>
  clock: Clock
}

/** M-AUTH-6 */
const TAKEN = 'An account with this address exists. Sign in instead.'

export function signUpActions(deps: SignUpDeps): SignUpActions {
  const { users, budgets, secondStep, clock } = deps
  return {
    async withPassword({ email, password, repeat, tz }, browser) {
      const limit = { what: 'links-network', who: networkOf(browser.address), limit: 20, periodMs: HOUR }
      const allowed = await spend(budgets, [limit], clock())
      if (!allowed.ok) return allowed
      if (password !== repeat) {
        const message = 'The two entries differ.'
        return fail('invalid', message, { fields: { repeat: message } })
      }
      const newcomer = { email, password, tz: isZone(tz) ? tz : 'UTC', isAdmin: false }
      const beginning = await beginningOf(newcomer, deps, clock())
      if (!beginning.ok) return beginning
      const begun = await users.add(beginning.value)
      if (begun === null) return fail('invalid', TAKEN, { fields: { email: TAKEN } })
      const about = { ...browser, keep: false, next: '', method: 'sign-up' as const }
      return ok(await secondStep.enter(begun.user, about))
    },

    async known(given) {
      const email = given.trim().toLowerCase()
      const there = await users.findByEmail(email)
      if (there !== null) return ok(there)
      const newcomer = { email, password: null, tz: 'UTC', isAdmin: false }
      const beginning = await beginningOf(newcomer, deps, clock())
      if (!beginning.ok) return beginning
      const user = (await users.add(beginning.value))?.user ?? (await users.findByEmail(email))
      return user === null ? fail('conflict', TAKEN) : ok(user)
    },
  }
}
