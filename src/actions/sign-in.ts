import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY, HOUR, MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import type { BudgetStore } from '../store/budgets'
import { StoreUnavailable } from '../store/problems'
import type { SignIn, SignInStore } from '../store/sign-ins'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Passwords } from '../world/passwords'
import type { Random } from '../world/random'
import { digest } from '../world/secrets'
import { budgetKey, networkOf, spend } from './limits'
import type { Limit } from './limits'

/** Somebody who is signed in, in one browser. */
export interface Visitor {
  user: User
  signIn: SignIn
}

/** Where a sign-in comes from. */
export interface Browser {
  address: string | null
  agent: string
}

/** What the browser is to keep. */
export interface Ticket {
  /** The secret; only its digest is stored. */
  cookie: string
  /** For how long, or null: until the browser is closed. */
  maxAgeMs: number | null
}

export interface SignInActions {
  /** The same answer, after the same work, whether the account or its password does not exist or fit. */
  withPassword(
    email: string,
    password: string,
    browser: Browser & { keep: boolean },
  ): Promise<Result<Ticket & { user: User }>>
  /** Signs a person in who has shown who they are. */
  start(user: User, browser: Browser & { keep: boolean }): Promise<Ticket>
  /** Who holds this cookie. `renewed`: it now lasts longer, so the browser has to be told. */
  find(cookie: string): Promise<{ visitor: Visitor; renewed: Ticket | null } | null>
  end(cookie: string): Promise<void>
}

export interface SignInDeps {
  users: Pick<UserStore, 'findByEmail' | 'setPassword'>
  signIns: Pick<SignInStore, 'add' | 'find' | 'touch' | 'remove'>
  budgets: Pick<BudgetStore, 'take' | 'clear'>
  passwords: Passwords
  random: Pick<Random, 'bytes'>
  clock: Clock
}

/** spec/web-ui.md §16.1 */
const SECRET_BYTES = 32
const KEPT_IDLE_MS = 30 * DAY
const IDLE_MS = DAY
const LONGEST_MS = 180 * DAY

/** How often a sign-in that is used is put off from ending: rarely, because each time is a write. */
const KEPT_RENEWAL_MS = DAY
const RENEWAL_MS = HOUR

const MAX_AGENT = 200

/** What a busy moment asks for. */
const BUSY_RETRY_MS = 5 * SECOND

export function signInActions(deps: SignInDeps): SignInActions {
  const { users, signIns, budgets, passwords, random, clock } = deps

  async function start(user: User, browser: Browser & { keep: boolean }): Promise<Ticket> {
    const cookie = random.bytes(SECRET_BYTES).toString('base64url')
    const createdAt = clock()
    const lastsMs = browser.keep ? KEPT_IDLE_MS : IDLE_MS
    await signIns.add({
      key: digest(cookie),
      userId: user.id,
      csrf: random.bytes(SECRET_BYTES).toString('base64url'),
      createdAt,
      expiresAt: createdAt + lastsMs,
      address: browser.address,
      agent: browser.agent.slice(0, MAX_AGENT),
    })
    return { cookie, maxAgeMs: browser.keep ? lastsMs : null }
  }

  async function renew(cookie: string, signIn: SignIn, nowAt: Instant): Promise<Ticket | null> {
    // How long it was given says which kind it is.
    const isKept = signIn.expiresAt - signIn.seenAt > IDLE_MS
    if (nowAt - signIn.seenAt < (isKept ? KEPT_RENEWAL_MS : RENEWAL_MS)) return null
    const expiresAt = Math.min(nowAt + (isKept ? KEPT_IDLE_MS : IDLE_MS), signIn.createdAt + LONGEST_MS)
    try {
      await signIns.touch(signIn.key, nowAt, expiresAt)
    } catch (error) {
      // While nothing can be written, pages can still be read; the next use renews it.
      if (error instanceof StoreUnavailable) return null
      throw error
    }
    return isKept ? { cookie, maxAgeMs: expiresAt - nowAt } : null
  }

  return {
    start,

    async withPassword(email, password, browser) {
      const account = email.trim().toLowerCase()
      const mine = limitsOf(account, networkOf(browser.address))
      const allowed = await spend(budgets, [mine.network, mine.pair, mine.account], clock())
      if (!allowed.ok) return allowed

      const user = await users.findByEmail(account)
      const verdict = await passwords.verify(password, user?.passwordHash ?? null)
      if (verdict === 'busy') {
        return fail('unavailable', 'Many people are signing in just now. Try again in a moment.', {
          retryAfterMs: BUSY_RETRY_MS,
        })
      }
      if (user === null || verdict === 'wrong') return fail('invalid', 'E-mail and password do not match.')

      if (verdict === 'weak') {
        const hash = await passwords.hash(password)
        if (hash !== 'busy') await users.setPassword(user.id, hash)
      }
      await budgets.clear(budgetKey(mine.pair))
      return ok({ ...(await start(user, browser)), user })
    },

    async find(cookie) {
      const nowAt = clock()
      const found = await signIns.find(digest(cookie), nowAt)
      return found ? { visitor: found, renewed: await renew(cookie, found.signIn, nowAt) } : null
    },

    async end(cookie) {
      await signIns.remove(digest(cookie))
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
