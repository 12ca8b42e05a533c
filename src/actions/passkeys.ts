import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { HOUR, MINUTE } from '../core/time'
import { browserName } from '../core/user-agent'
import type { TokenStore } from '../store/account-tokens'
import type { BudgetStore } from '../store/budgets'
import type { Passkey, PasskeyStore } from '../store/passkeys'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { PasskeyCeremonies } from '../world/passkeys'
import type { Random } from '../world/random'
import { digest } from '../world/secrets'
import type { Signer } from '../world/signer'
import type { AccountLog } from './account-log'
import { networkOf, spend } from './limits'
import type { Entered, In, SecondStepActions } from './second-step'
import type { Browser, SessionActions, Ticket, Visitor } from './sessions'
import type { SudoActions } from './sudo'

/** Passkeys and security keys: spec/web-ui.md A02, A05, A11, A17, A18. Absent where no RP_ID is set. */
export interface PasskeyActions {
  /** The question to a browser; only what answers it is taken, once, from where it was asked. */
  askToSignIn(bond: string): Promise<object>
  signIn(answer: Answer, about: { next: string }, browser: Browser): Promise<Result<Entered>>
  askForSecondStep(userId: number, bond: string): Promise<object>
  secondStep(secret: string, answer: Answer, browser: Browser): Promise<Result<In>>
  askToConfirm(visitor: Visitor): Promise<object>
  confirm(visitor: Visitor, answer: Omit<Answer, 'bond'>, browser: Browser): Promise<Result<Ticket>>
  askToAdd(visitor: Visitor): Promise<object>
  add(
    visitor: Visitor,
    name: string,
    answer: Omit<Answer, 'bond'>,
    browser: Browser,
  ): Promise<Result<Passkey>>
  /** Ends all other sessions; this one goes on under another secret. */
  remove(visitor: Visitor, passkey: Passkey, browser: Browser): Promise<Ticket>
  rename(visitor: Visitor, passkey: Passkey, name: string): Promise<Result<null>>
}

/** What a browser says, and where. */
export interface Answer {
  text: string
  /** Scheme and host of the page. */
  origin: string
  /** What ties the question to the browser that was asked. */
  bond: string
}

export interface PasskeyDeps {
  ceremonies: PasskeyCeremonies
  passkeys: PasskeyStore
  users: Pick<UserStore, 'find'>
  tokens: Pick<TokenStore, 'spend'>
  budgets: Pick<BudgetStore, 'take'>
  secondStep: Pick<SecondStepActions, 'half' | 'finish' | 'enter'>
  sudo: Pick<SudoActions, 'begin'>
  sessions: Pick<SessionActions, 'rotate' | 'endOthers'>
  signer: Pick<Signer, 'sign' | 'stamp' | 'stampedAt'>
  random: Pick<Random, 'bytes' | 'uuid'>
  clock: Clock
  log: AccountLog
  settings: { siteName: string }
}

const QUESTION_MS = 5 * MINUTE
const MOST_KEYS = 20
const MAX_NAME = 100

const NOTHING = 'Nothing was received from the key. Try again.'

export function passkeyActions(deps: PasskeyDeps): PasskeyActions {
  const { ceremonies, passkeys, users, tokens, budgets, secondStep, sessions, signer, random, clock, log } =
    deps

  /** A question that we recognise by its signature: nothing is kept until it is answered. */
  function challengeFor(bond: string): string {
    const nonce = random.bytes(16).toString('base64url')
    return `${nonce}.${signer.stamp('passkey', `${nonce} ${bond}`, clock())}`
  }

  function isChallenge(bond: string) {
    return async (challenge: string): Promise<boolean> => {
      const [, nonce = '', stamp = ''] = /^([\w-]+)\.(.+)$/.exec(challenge) ?? []
      const askedAt = signer.stampedAt('passkey', `${nonce} ${bond}`, stamp)
      const nowAt = clock()
      if (askedAt === null || nowAt - askedAt > QUESTION_MS) return false
      return tokens.spend(digest(`passkey ${challenge}`), nowAt, nowAt + QUESTION_MS + MINUTE)
    }
  }

  async function request(userId: number | null, bond: string): Promise<object> {
    const known = userId === null ? [] : await passkeys.ofUser(userId)
    return ceremonies.request({ challenge: challengeFor(bond), known, insists: userId === null })
  }

  /** The passkey that an answer proves, or the same words whatever is wrong. */
  async function proven(
    { text, origin, bond }: Answer,
    { insists, userId }: { insists: boolean; userId: number | null },
    { address }: Browser,
  ): Promise<Result<Passkey>> {
    const limit = { what: 'passkeys', who: networkOf(address), limit: 30, periodMs: HOUR }
    const allowed = await spend(budgets, [limit], clock())
    if (!allowed.ok) return allowed
    const claimed = ceremonies.claimed(text)
    const key = claimed === null ? null : await passkeys.findByCredential(claimed)
    if (key === null || (userId !== null && key.userId !== userId)) return fail('invalid', NOTHING)
    const counter = await ceremonies.shown(text, { isChallenge: isChallenge(bond), origin, key, insists })
    if (counter === null) return fail('invalid', NOTHING)
    await passkeys.touch(key.code, counter, clock())
    return ok(key)
  }

  return {
    askToSignIn: (bond) => request(null, bond),

    async signIn(answer, { next }, browser) {
      const key = await proven(answer, { insists: true, userId: null }, browser)
      if (!key.ok) return key
      const user = await users.find(key.value.userId)
      if (user === null || user.disabled) return fail('invalid', NOTHING)
      return ok(await secondStep.enter(user, { ...browser, keep: false, next, method: 'passkey' }))
    },

    askForSecondStep: request,

    async secondStep(secret, answer, browser) {
      const half = await secondStep.half(secret)
      if (half === null) return fail('not_found', 'That took too long. Sign in again.')
      const key = await proven(answer, { insists: false, userId: half.user.id }, browser)
      if (!key.ok) {
        await log(half.user.id, 'second-step-failed', browser, 'key')
        return key
      }
      const entered = await secondStep.finish(secret, browser)
      return entered === null ? fail('not_found', 'That took too long. Sign in again.') : ok(entered)
    },

    askToConfirm: ({ user, signIn }) => request(user.id, signIn.csrf),

    async confirm(visitor, answer, browser) {
      const { user, signIn } = visitor
      const key = await proven({ ...answer, bond: signIn.csrf }, { insists: false, userId: user.id }, browser)
      if (!key.ok) return key
      return ok(await deps.sudo.begin(visitor, 'passkey', browser))
    },

    async askToAdd({ user, signIn }) {
      return ceremonies.creation({
        challenge: challengeFor(signIn.csrf),
        siteName: deps.settings.siteName,
        user: { handle: signer.sign('passkey user', String(user.id)), email: user.email },
        known: await passkeys.ofUser(user.id),
      })
    },

    async add({ user, signIn }, name, { text, origin }, browser) {
      const made = await ceremonies.made(text, { isChallenge: isChallenge(signIn.csrf), origin })
      if (made === null) return fail('invalid', NOTHING)
      if ((await passkeys.ofUser(user.id)).length >= MOST_KEYS) {
        return fail('invalid', `There are ${MOST_KEYS} keys, the most there can be. Remove one first.`)
      }
      const key = {
        ...made,
        userId: user.id,
        code: random.uuid(),
        name: name.trim().slice(0, MAX_NAME) || browserName(browser.agent) || 'Passkey',
        createdAt: clock(),
      }
      const isNew = await passkeys.add({ ...key, transports: [...key.transports] })
      if (!isNew) return fail('conflict', 'This key is already on your account.')
      await log(user.id, 'passkey-added', browser, key.name)
      return ok({ ...key, transports: [...key.transports], lastUsedAt: null })
    },

    async remove(visitor, { code, name }, browser) {
      await passkeys.remove(visitor.user.id, code)
      await sessions.endOthers(visitor)
      await log(visitor.user.id, 'passkey-removed', browser, name)
      return sessions.rotate(visitor)
    },

    async rename({ user }, { code }, given) {
      const name = given.trim()
      const wrong = (message: string): Result<never> =>
        fail('invalid', message, { fields: { name: message } })
      if (name === '') return wrong('Fill in this field.')
      if (name.length > MAX_NAME) return wrong(`At most ${MAX_NAME} characters.`)
      if (/\p{Cc}/u.test(name)) return wrong('Remove the control characters.')
      await passkeys.rename(user.id, code, name)
      return ok(null)
    },
  }
}
