import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY, SECOND } from '../core/time'
import type { User } from '../core/user'
import { count } from '../core/words'
import type { AccessTokenStore } from '../store/access-tokens'
import type { AdministrationStore } from '../store/administration'
import type { TokenStore } from '../store/account-tokens'
import type { BudgetStore } from '../store/budgets'
import type { SecondStepStore } from '../store/second-steps'
import type { SignInStore } from '../store/sign-ins'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Passwords } from '../world/passwords'
import type { AccountLog } from './account-log'
import { spend } from './limits'
import { passwordProblem } from './password-rules'
import type { Browser, SessionActions, Ticket, Visitor } from './sessions'

/** The password of an account: spec/web-ui.md A14, §16.3. */
export interface OwnPasswordActions {
  /**
   * Every other session ends, and outstanding links die with them; this one goes on under another secret. Access
   * tokens end only if that is wanted: scripts use them, which know nothing of a password.
   */
  set(
    visitor: Visitor,
    input: NewPassword & { current: string; revokeTokens: boolean },
    browser: Browser,
  ): Promise<Result<Ticket>>
  /**
   * The same for somebody who is not signed in, but has shown by a link that the account is theirs. Access tokens
   * end, too: who has lost a password does not know who has found it.
   * `useLink` is asked last, so that a weak password does not use the link up.
   */
  reset(
    user: User,
    input: NewPassword,
    browser: Browser,
    useLink: () => Promise<object | null>,
  ): Promise<Result<null>>
  /** The same by whoever has the data of the server in hand. A reset removes all second steps. */
  setForSomebody(user: User, password: string, options: { resetsSecondSteps: boolean }): Promise<Result<null>>
  /** Only where there is another way to sign in. */
  remove(visitor: Visitor, browser: Browser): Promise<Result<Ticket>>
  /** Whether there would be one. */
  canRemove(user: User): Promise<boolean>
}

export interface NewPassword {
  password: string
  repeat: string
}

export interface OwnPasswordDeps {
  users: Pick<UserStore, 'changePassword'>
  signIns: Pick<SignInStore, 'removeOfUser'>
  tokens: Pick<TokenStore, 'removeOf'>
  accessTokens: Pick<AccessTokenStore, 'removeOfUser'>
  secondSteps: Pick<SecondStepStore, 'of'>
  administration: Pick<AdministrationStore, 'resetSecondSteps'>
  budgets: Pick<BudgetStore, 'take'>
  passwords: Passwords
  sessions: Pick<SessionActions, 'rotate' | 'endOthers'>
  clock: Clock
  log: AccountLog
  settings: { siteName: string; mail: object | null; rpId: string | null }
}

/** M-PW-5 */
const DIFFERENT = 'The two entries differ.'

export function ownPasswordActions(deps: OwnPasswordDeps): OwnPasswordActions {
  const {
    users,
    signIns,
    tokens,
    accessTokens,
    secondSteps,
    administration,
    budgets,
    passwords,
    sessions,
    clock,
    log,
    settings,
  } = deps

  async function hashOf(user: User, { password, repeat }: NewPassword): Promise<Result<string>> {
    const weakness = passwordProblem(password, { email: user.email, siteName: settings.siteName })
    if (weakness !== null) return wrong('password', weakness)
    if (password !== repeat) return wrong('repeat', DIFFERENT)
    const hash = await passwords.hash(password)
    return hash === 'busy' ? busy() : ok(hash)
  }

  /** What somebody else may hold of the account is worth nothing any more. */
  async function settle(user: User, hash: string | null): Promise<void> {
    await users.changePassword(user.id, hash, clock())
    for (const purpose of ['sign-in', 'reset', 'second-step', 'new-email', 'sudo-code'] as const) {
      await tokens.removeOf(user.id, purpose)
    }
  }

  /** Whoever was in before, and however, is not any more. */
  async function replace(
    user: User,
    hash: string,
    { how, ...browser }: Browser & { how: string },
  ): Promise<void> {
    await settle(user, hash)
    await signIns.removeOfUser(user.id)
    const revoked = await accessTokens.removeOfUser(user.id)
    await log(user.id, 'password-set', browser, [how, revokedWords(revoked)].filter(Boolean).join(', '))
  }

  const actions: OwnPasswordActions = {
    async set(visitor, { current, revokeTokens, ...input }, browser) {
      const { user, signIn } = visitor
      if (user.passwordHash !== null && signIn.sudo?.by !== 'password') {
        const tries = { what: 'sudo', who: String(user.id), limit: 20, periodMs: DAY }
        const allowed = await spend(budgets, [tries], clock())
        if (!allowed.ok) return allowed
        const verdict = await passwords.verify(current, user.passwordHash)
        if (verdict === 'busy') return busy()
        if (verdict === 'wrong') return wrong('current', 'That password is not right.')
      }
      const hash = await hashOf(user, input)
      if (!hash.ok) return hash
      await settle(user, hash.value)
      await sessions.endOthers(visitor)
      const revoked = revokeTokens ? await accessTokens.removeOfUser(user.id) : 0
      await log(user.id, 'password-set', browser, revokedWords(revoked))
      return ok(await sessions.rotate(visitor))
    },

    async reset(user, input, browser, useLink) {
      const hash = await hashOf(user, input)
      if (!hash.ok) return hash
      if ((await useLink()) === null) return fail('not_found', 'This link was already used.')
      await replace(user, hash.value, { ...browser, how: 'by a link' })
      return ok(null)
    },

    async setForSomebody(user, password, { resetsSecondSteps }) {
      const hash = await hashOf(user, { password, repeat: password })
      if (!hash.ok) return hash
      if (resetsSecondSteps) await administration.resetSecondSteps(user.id)
      const how = resetsSecondSteps ? 'at the server, second steps removed' : 'at the server'
      await replace(user, hash.value, { address: null, agent: '', how })
      return ok(null)
    },

    async remove(visitor, browser) {
      const { user } = visitor
      if (!(await actions.canRemove(user))) {
        return fail('conflict', 'Without the password there would be no way to sign in.')
      }
      await settle(user, null)
      await sessions.endOthers(visitor)
      await log(user.id, 'password-removed', browser)
      return ok(await sessions.rotate(visitor))
    },

    async canRemove(user) {
      const { passkeys } = await secondSteps.of(user.id)
      return (
        user.passwordHash !== null && (settings.mail !== null || (passkeys > 0 && settings.rpId !== null))
      )
    },
  }
  return actions
}

/** For the log of the account. */
export function revokedWords(tokens: number): string {
  return tokens === 0 ? '' : `${count(tokens, 'access token')} revoked`
}

function wrong(field: string, message: string): Result<never> {
  return fail('invalid', message, { fields: { [field]: message } })
}

function busy(): Result<never> {
  return fail('unavailable', 'The server is busy. Try again in a moment.', { retryAfterMs: 5 * SECOND })
}
