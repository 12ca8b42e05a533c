import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY, MINUTE, SECOND } from '../core/time'
import type { User } from '../core/user'
import { browserName } from '../core/user-agent'
import type { AccessTokenStore } from '../store/access-tokens'
import type { TokenStore } from '../store/account-tokens'
import type { BudgetStore } from '../store/budgets'
import type { MailStore } from '../store/mails'
import type { SignInStore } from '../store/sign-ins'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Passwords } from '../world/passwords'
import type { Random } from '../world/random'
import { digest, sameSecret } from '../world/secrets'
import type { AccountLog } from './account-log'
import { emailProblem } from './beginning'
import { letter, whence } from './letters'
import type { AddressedLetter } from './letters'
import { spend } from './limits'
import { revokedWords } from './own-password'
import type { Browser, SessionActions, Ticket, Visitor } from './sessions'

/** Changing the address of an account: spec/web-ui.md A15, A16. */
export interface EmailChangeActions {
  /** Whether somebody said of a change that it was not theirs. */
  isLocked(user: User): boolean
  /** Opens it again, for whoever knows the password. */
  unlock(visitor: Visitor, password: string): Promise<Result<null>>
  /** Nothing changes before the link to the new address is opened; without mails it changes at once. */
  ask(visitor: Visitor, email: string, browser: Browser): Promise<Result<Begun | { ticket: Ticket }>>
  /** Whether the link would do. `isHere`: this very browser asked for it. */
  look(secret: string, asker: string): Promise<{ email: string; isHere: boolean } | null>
  /** Uses the link up. `ticket`: for this browser, if the person is signed in here. Null: wrong, or taken by now. */
  confirm(
    secret: string,
    visitor: Visitor | null,
    browser: Browser,
  ): Promise<{ ticket: Ticket | null } | null>
  isNotMe(secret: string): Promise<boolean>
  /** Somebody else is at it: ends all sessions and access tokens, and locks the address. False: the link is wrong or too old. */
  notMe(secret: string, browser: Browser): Promise<boolean>
}

/** A link is on its way; `asker` is for a cookie. */
export interface Begun {
  asker: string
}

export interface EmailChangeDeps {
  users: Pick<UserStore, 'find' | 'findByEmail' | 'setEmail' | 'proveEmail' | 'setEmailLock'>
  signIns: Pick<SignInStore, 'removeOfUser'>
  tokens: TokenStore
  accessTokens: Pick<AccessTokenStore, 'removeOfUser'>
  mails: Pick<MailStore, 'add'>
  budgets: Pick<BudgetStore, 'take'>
  passwords: Pick<Passwords, 'verify'>
  sessions: Pick<SessionActions, 'rotate' | 'endOthers'>
  random: Pick<Random, 'bytes'>
  clock: Clock
  log: AccountLog
  settings: { siteRoot: string; siteName: string; mail: object | null }
}

const LINK_MS = 15 * MINUTE
const NOT_ME_MS = 7 * DAY
const SECRET_BYTES = 32

export function emailChangeActions(deps: EmailChangeDeps): EmailChangeActions {
  const {
    users,
    signIns,
    tokens,
    accessTokens,
    mails,
    budgets,
    passwords,
    sessions,
    random,
    clock,
    log,
    settings,
  } = deps
  const newSecret = (): string => random.bytes(SECRET_BYTES).toString('base64url')
  const send = (content: AddressedLetter): Promise<void> =>
    mails.add(letter(content, { siteName: settings.siteName, nowAt: clock() }))

  /** To the address from before, so that its owner hears of it whoever did it. */
  async function notice(user: User, oldEmail: string, sentence: string, browser: Browser): Promise<void> {
    const secret = newSecret()
    const createdAt = clock()
    await tokens.add({
      key: digest(secret),
      purpose: 'not-me',
      userId: user.id,
      value: {},
      createdAt,
      expiresAt: createdAt + NOT_ME_MS,
    })
    await send({
      to: oldEmail,
      subject: 'Your address is being changed',
      heading: sentence,
      text: ['If that was you, there is nothing to do. If not, open this link:'],
      link: { text: 'It was not me', url: `${settings.siteRoot}/accounts/not_me/${secret}/` },
      code: '',
      foot: [
        'The link ends all sessions and access tokens of the account and locks its address. It works for 7 days.',
        whence({ ...browser, browser: browserName(browser.agent) }),
      ],
    })
  }

  async function problemWith(user: User, email: string): Promise<string | null> {
    if (email === user.email) return 'This is your address already.'
    const strange = emailProblem(email)
    if (strange !== null) return strange
    return (await users.findByEmail(email)) === null ? null : `${email} already has an account here.`
  }

  const actions: EmailChangeActions = {
    isLocked: (user) => user.emailLocked,

    async unlock({ user }, password) {
      const limit = { what: 'sudo', who: String(user.id), limit: 20, periodMs: DAY }
      const allowed = await spend(budgets, [limit], clock())
      if (!allowed.ok) return allowed
      const verdict = await passwords.verify(password, user.passwordHash)
      if (verdict === 'busy') {
        return fail('unavailable', 'The server is busy. Try again in a moment.', { retryAfterMs: 5 * SECOND })
      }
      if (verdict === 'wrong') return wrong('password', 'That password is not right.')
      await users.setEmailLock(user.id, null)
      return ok(null)
    },

    async ask(visitor, given, browser) {
      const { user } = visitor
      if (user.emailLocked) return fail('forbidden', 'The address of this account is locked.')
      const email = given.trim().toLowerCase()
      const limit = { what: 'email-change', who: String(user.id), limit: 5, periodMs: DAY }
      const allowed = await spend(budgets, [limit], clock())
      if (!allowed.ok) return allowed
      const problem = await problemWith(user, email)
      if (problem !== null) return wrong('email', problem)

      if (settings.mail === null) {
        if (!(await users.setEmail(user.id, email)))
          return wrong('email', `${email} already has an account here.`)
        await log(user.id, 'email-changed', browser, `to ${email}`)
        await sessions.endOthers(visitor)
        return ok({ ticket: await sessions.rotate(visitor) })
      }
      const [secret, asker] = [newSecret(), newSecret()]
      const createdAt = clock()
      const expiresAt = createdAt + LINK_MS
      await tokens.removeOf(user.id, 'new-email')
      const value = { email, before: user.email, asker: digest(asker) }
      const key = digest(secret)
      await tokens.add({ key, purpose: 'new-email', userId: user.id, value, createdAt, expiresAt })
      await send({
        to: email,
        expiresAt,
        subject: 'Confirm your new address',
        heading: 'Confirm your new address',
        text: [`Open this link to use ${email} for your account on ${settings.siteName}:`],
        link: { text: 'Use this address', url: `${settings.siteRoot}/accounts/change_email/${secret}/` },
        code: '',
        foot: [
          'It works once, for 15 minutes.',
          'If that was not you, ignore this mail: without the link nothing happens.',
        ],
      })
      await notice(user, user.email, `Somebody asked to change your address to ${email}`, browser)
      await log(user.id, 'email-asked', browser, `to ${email}`)
      return ok({ asker })
    },

    async look(secret, asker) {
      const token = await tokens.find(digest(secret), 'new-email', clock())
      if (token === null) return null
      const isHere = sameSecret(digest(asker), String(token.value['asker']))
      return { email: String(token.value['email']), isHere }
    },

    async confirm(secret, visitor, browser) {
      const token = await tokens.take(digest(secret), 'new-email', clock())
      const user = token === null || token.userId === null ? null : await users.find(token.userId)
      if (token === null || user === null || user.disabled || user.emailLocked) return null
      const email = String(token.value['email'])
      if (user.email !== token.value['before'] || !(await users.setEmail(user.id, email))) return null
      await users.proveEmail(user.id, clock())
      await log(user.id, 'email-changed', browser, `to ${email}`)
      await notice(user, user.email, `Your address was changed to ${email}`, browser)
      // Links that went to the old address must not open the account any more.
      for (const purpose of ['sign-in', 'reset', 'second-step', 'sudo-code'] as const) {
        await tokens.removeOf(user.id, purpose)
      }
      if (visitor?.user.id !== user.id) {
        await signIns.removeOfUser(user.id)
        return { ticket: null }
      }
      await sessions.endOthers(visitor)
      return { ticket: await sessions.rotate(visitor) }
    },

    isNotMe: async (secret) => (await tokens.find(digest(secret), 'not-me', clock())) !== null,

    async notMe(secret, browser) {
      const token = await tokens.take(digest(secret), 'not-me', clock())
      if (token === null || token.userId === null) return false
      await users.setEmailLock(token.userId, clock())
      for (const purpose of ['new-email', 'sign-in', 'reset', 'second-step', 'sudo-code'] as const) {
        await tokens.removeOf(token.userId, purpose)
      }
      await signIns.removeOfUser(token.userId)
      const revoked = await accessTokens.removeOfUser(token.userId)
      await log(token.userId, 'not-me', browser, revokedWords(revoked))
      return true
    },
  }
  return actions
}

function wrong(field: string, message: string): Result<never> {
  return fail('invalid', message, { fields: { [field]: message } })
}
