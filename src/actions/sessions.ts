import { DAY, HOUR } from '../core/time'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import { StoreUnavailable } from '../store/problems'
import type { SignIn, SignInMethod, SignInStore } from '../store/sign-ins'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import { digest } from '../world/secrets'
import type { AccountLog } from './account-log'

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

export interface SessionActions {
  /** Signs a person in who has shown who they are. */
  start(user: User, browser: Browser & { keep: boolean; method?: SignInMethod }): Promise<Ticket>
  /** Who holds this cookie. `renewed`: it now lasts longer, so the browser has to be told. */
  find(cookie: string): Promise<{ visitor: Visitor; renewed: Ticket | null } | null>
  /** Gives a browser another secret, so that whoever knows the old one is out. The visitor goes on with it. */
  rotate(visitor: Visitor, changes?: { sudo?: SignIn['sudo'] }): Promise<Ticket>
  end(cookie: string): Promise<void>
  endThis(visitor: Visitor): Promise<void>
  /** Where this person is signed in, this browser first. */
  list(visitor: Visitor): Promise<Session[]>
  /** Ends one of the person's, by the id that `list` gives; false when there is none. */
  endOne(visitor: Visitor, id: string): Promise<boolean>
  endOthers(visitor: Visitor, browser?: Browser): Promise<void>
}

export interface Session extends SignIn {
  /** The beginning of the key, enough to tell a person's few apart. */
  id: string
  isThis: boolean
}

export interface SessionDeps {
  signIns: SignInStore
  random: Pick<Random, 'bytes'>
  clock: Clock
  log: AccountLog
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
const ID_LENGTH = 16

export function sessionActions({ signIns, random, clock, log }: SessionDeps): SessionActions {
  const secret = (): string => random.bytes(SECRET_BYTES).toString('base64url')

  async function renew(cookie: string, signIn: SignIn, nowAt: Instant): Promise<Ticket | null> {
    const isKept = isLasting(signIn)
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

  const actions: SessionActions = {
    async start(user, { address, agent, keep, method = 'password' }) {
      const cookie = secret()
      const createdAt = clock()
      const lastsMs = keep ? KEPT_IDLE_MS : IDLE_MS
      await signIns.add({
        key: digest(cookie),
        userId: user.id,
        csrf: secret(),
        createdAt,
        expiresAt: createdAt + lastsMs,
        address,
        agent: agent.slice(0, MAX_AGENT),
        method,
      })
      return { cookie, maxAgeMs: keep ? lastsMs : null }
    },

    async find(cookie) {
      const nowAt = clock()
      const found = await signIns.find(digest(cookie), nowAt)
      return found ? { visitor: found, renewed: await renew(cookie, found.signIn, nowAt) } : null
    },

    async rotate(visitor, changes = {}) {
      const { signIn } = visitor
      const cookie = secret()
      const key = digest(cookie)
      await signIns.rotate(signIn.key, key, changes)
      visitor.signIn = { ...signIn, ...changes, key }
      return { cookie, maxAgeMs: isLasting(signIn) ? signIn.expiresAt - clock() : null }
    },

    async end(cookie) {
      await signIns.remove(digest(cookie))
    },

    endThis: ({ signIn }) => signIns.remove(signIn.key),

    async list({ user, signIn }) {
      const found = await signIns.ofUser(user.id, clock())
      return found
        .map((each) => ({ ...each, id: each.key.slice(0, ID_LENGTH), isThis: each.key === signIn.key }))
        .toSorted((one, other) => Number(other.isThis) - Number(one.isThis))
    },

    async endOne(visitor, id) {
      const found = (await actions.list(visitor)).find((each) => each.id === id)
      if (found) await signIns.remove(found.key)
      return found !== undefined
    },

    async endOthers({ user, signIn }, browser) {
      if (browser) await log(user.id, 'sessions-ended', browser)
      await signIns.removeOfUser(user.id, { exceptKey: signIn.key })
    },
  }
  return actions
}

/** Whether it outlives the browser: how long it was given says which kind it is. */
function isLasting(signIn: SignIn): boolean {
  return signIn.expiresAt - signIn.seenAt > IDLE_MS
}
