import { fail } from '../core/problem'
import type { Problem } from '../core/problem'
import { bareRecoveryCode } from '../core/recovery-code'
import { DAY, MINUTE } from '../core/time'
import { matchTotp } from '../core/totp'
import type { User } from '../core/user'
import type { AccountToken, TokenStore } from '../store/account-tokens'
import type { BudgetStore } from '../store/budgets'
import type { SecondSteps, SecondStepStore } from '../store/second-steps'
import type { SignInMethod } from '../store/sign-ins'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import { isSealed } from '../world/sealing'
import { digest, keyedDigest } from '../world/secrets'
import type { AccountLog } from './account-log'
import { totpSeal } from './authenticator'
import { spend } from './limits'
import type { Browser, SessionActions, Ticket } from './sessions'

/** The first step of a sign-in is done. */
export type Entered =
  | { kind: 'in'; user: User; ticket: Ticket }
  /** Not yet: something else is asked for. `secret` is for this browser. */
  | { kind: 'second'; user: User; secret: string; ways: SecondWay[] }

export type SecondWay = 'passkey' | 'totp' | 'recovery'

/** Somebody who has shown one thing, and has to show another. */
export interface Half {
  user: User
  ways: SecondWay[]
  next: string
  keep: boolean
  method: SignInMethod
}

/** Why somebody does not get in; `over`: the sign-in has to begin again. */
export interface Refusal {
  problem: Problem
  over: boolean
}

export interface SecondStepActions {
  /** What comes after the first step: the sign-in, or a second step if the account has any. */
  enter(
    user: User,
    options: Browser & { keep: boolean; next: string; method: SignInMethod },
  ): Promise<Entered>
  /** Who is half-way in with this secret, or null: it lives for five minutes. */
  half(secret: string): Promise<Half | null>
  withTotp(secret: string, code: string, browser: Browser): Promise<In | Out>
  withRecoveryCode(secret: string, code: string, browser: Browser): Promise<In | Out>
  /** The other way is proven already, as by a key. */
  finish(secret: string, browser: Browser): Promise<In | null>
  /** Whether this is the code of the authenticator app just now; it is then used up. */
  useTotp(userId: number, code: string): Promise<boolean>
}

export type In = { ok: true; user: User; ticket: Ticket; next: string; left: number | null }
export type Out = { ok: false } & Refusal

export interface SecondStepDeps {
  users: Pick<UserStore, 'find'>
  tokens: TokenStore
  secondSteps: SecondStepStore
  budgets: Pick<BudgetStore, 'take'>
  sessions: Pick<SessionActions, 'start'>
  random: Pick<Random, 'bytes'>
  clock: Clock
  secretKey: string
  log: AccountLog
  /** The app of an account was set up under another secret key. */
  onUnreadable: (userId: number) => void
  settings: { rpId: string | null }
}

const HALF_MS = 5 * MINUTE
const SECRET_BYTES = 16

/** M-AUTH-5 */
const WRONG_CODE = 'That code is not right.'
const TOO_LATE = 'That took too long. Sign in again.'

export function secondStepActions(deps: SecondStepDeps): SecondStepActions {
  const { users, tokens, secondSteps, budgets, sessions, random, clock, log, settings } = deps

  async function actualUser(token: AccountToken): Promise<User | null> {
    const user = token.userId === null ? null : await users.find(token.userId)
    // Another address in the meantime: whoever changed it may not be who began here.
    return user === null || user.disabled || user.email !== token.value['email'] ? null : user
  }

  async function try_(
    secret: string,
    browser: Browser,
    isRight: (half: Half) => Promise<{ left: number | null } | null>,
  ): Promise<In | Out> {
    const half = await actions.half(secret)
    if (half === null) return { ok: false, over: true, problem: fail('invalid', TOO_LATE).problem }
    const who = String(half.user.id)
    const limits = [
      { what: 'second-step', who, limit: 5, periodMs: 5 * MINUTE },
      { what: 'second-steps', who, limit: 96, periodMs: DAY },
    ]
    const allowed = await spend(budgets, limits, clock())
    if (!allowed.ok) {
      await tokens.take(keyOf(secret), 'second-step', clock())
      return { ok: false, over: true, problem: allowed.problem }
    }
    const right = await isRight(half)
    if (right === null) {
      await log(half.user.id, 'second-step-failed', browser)
      const problem = fail('invalid', WRONG_CODE, { fields: { code: WRONG_CODE } }).problem
      return { ok: false, over: false, problem }
    }
    const entered = await actions.finish(secret, browser)
    if (entered === null) return { ok: false, over: true, problem: fail('invalid', TOO_LATE).problem }
    return { ...entered, left: right.left }
  }

  const actions: SecondStepActions = {
    async enter(user, { keep, next, method, ...browser }) {
      const ways = waysOf(await secondSteps.of(user.id), settings.rpId)
      // A passkey that has looked at its owner is two things at once: something had, something known.
      if (method === 'passkey' || !ways.some((way) => way !== 'recovery')) {
        await log(user.id, 'signed-in', browser, method)
        return { kind: 'in', user, ticket: await sessions.start(user, { ...browser, keep, method }) }
      }
      const secret = random.bytes(SECRET_BYTES).toString('base64url')
      const createdAt = clock()
      const value = { email: user.email, keep, next, method }
      const expiresAt = createdAt + HALF_MS
      const key = keyOf(secret)
      await tokens.add({ key, purpose: 'second-step', userId: user.id, value, createdAt, expiresAt })
      return { kind: 'second', user, secret, ways }
    },

    async half(secret) {
      const token = await tokens.find(keyOf(secret), 'second-step', clock())
      const user = token && (await actualUser(token))
      if (!token || !user) return null
      return {
        user,
        ways: waysOf(await secondSteps.of(user.id), settings.rpId),
        next: String(token.value['next']),
        keep: token.value['keep'] === true,
        method: token.value['method'] as SignInMethod,
      }
    },

    withTotp: (secret, code, browser) =>
      try_(secret, browser, async ({ user }) =>
        (await actions.useTotp(user.id, code)) ? { left: null } : null,
      ),

    withRecoveryCode: (secret, code, browser) =>
      try_(secret, browser, async ({ user }) => {
        const left = await secondSteps.useRecoveryCode(
          user.id,
          keyedDigest(deps.secretKey, bareRecoveryCode(code)),
        )
        if (left === null) return null
        await log(user.id, 'recovery-code-used', browser, `${left} left`)
        return { left }
      }),

    async finish(secret, browser) {
      const token = await tokens.take(keyOf(secret), 'second-step', clock())
      const user = token && (await actualUser(token))
      if (!token || !user) return null
      const method = token.value['method'] as SignInMethod
      const keep = token.value['keep'] === true
      await log(user.id, 'signed-in', browser, `${method}, two steps`)
      const ticket = await sessions.start(user, { ...browser, keep, method })
      return { ok: true, user, ticket, next: String(token.value['next']), left: null }
    },

    async useTotp(userId, code) {
      const { totp } = await secondSteps.of(userId)
      if (totp === null) return false
      const seal = totpSeal(deps.secretKey, userId)
      // Those of before secrets were sealed are, once it is seen that they are right.
      const secret = isSealed(totp.secret) ? seal.open(totp.secret) : totp.secret
      if (secret === null) {
        deps.onUnreadable(userId)
        return false
      }
      const step = matchTotp(secret, code, clock())
      if (step === null || !(await secondSteps.useTotpStep(userId, step))) return false
      if (!isSealed(totp.secret))
        await secondSteps.resealTotp(userId, totp.secret, seal.close(secret, random))
      return true
    },
  }
  return actions
}

/** In the order in which they are offered. A key cannot be asked for without a name to ask it in. */
export function waysOf(own: SecondSteps, rpId: string | null): SecondWay[] {
  const ways: SecondWay[] = []
  if (own.passkeys > 0 && rpId !== null) ways.push('passkey')
  if (own.totp !== null) ways.push('totp')
  if (ways.length > 0 && own.recovery.left > 0) ways.push('recovery')
  return ways
}

function keyOf(secret: string): string {
  return digest(`second step ${secret}`)
}
