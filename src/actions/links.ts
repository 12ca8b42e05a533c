import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { HOUR } from '../core/time'
import type { User } from '../core/user'
import { browserName } from '../core/user-agent'
import type { LinkStore } from '../store/account-links'
import type { AccountToken, TokenPurpose, TokenStore } from '../store/account-tokens'
import type { BudgetStore } from '../store/budgets'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import { digest, sameSecret } from '../world/secrets'
import { beginningOf, emailProblem, isZone } from './beginning'
import type { BeginningDeps } from './beginning'
import { letter, whence } from './letters'
import { mailedLinkLimits, spend } from './limits'
import type { OwnPasswordActions } from './own-password'
import type { Entered, SecondStepActions } from './second-step'
import type { Browser } from './sessions'

/** Signing in, signing up and setting a password by a link in a mail: spec/web-ui.md A02–A04, A08–A10. */
export interface LinkActions {
  /** The same answer, after the same work, whether there is such an account. */
  askSignIn(email: string, about: { next: string }, browser: Browser): Promise<Result<Asked>>
  /** The same, and whoever has no account gets one with the link. Only while registration is open. */
  askSignUp(email: string, about: { tz: string }, browser: Browser): Promise<Result<Asked>>
  /** Whether the link would do; it stays good. `isHere`: this very browser asked for it. */
  look(secret: string, asker: string): Promise<{ isHere: boolean } | null>
  /** Uses the link up. Null when it is wrong, used or too old. */
  enter(secret: string, browser: Browser): Promise<{ entered: Entered; next: string } | null>
  askReset(email: string, browser: Browser): Promise<Result<null>>
  /** Whose password the link is for; it stays good. */
  resetting(secret: string): Promise<User | null>
  /** Null when the link is wrong, used or too old. */
  reset(
    secret: string,
    input: { password: string; repeat: string },
    browser: Browser,
  ): Promise<Result<null> | null>
}

/** `asker`: for a cookie, by which the browser is known that asked for a link. */
export interface Asked {
  asker: string
}

export interface LinkDeps extends BeginningDeps {
  users: Pick<UserStore, 'find' | 'findByEmail' | 'add' | 'proveEmail'>
  links: LinkStore
  tokens: Pick<TokenStore, 'find' | 'take'>
  budgets: Pick<BudgetStore, 'take'>
  secondStep: Pick<SecondStepActions, 'enter'>
  ownPassword: Pick<OwnPasswordActions, 'reset'>
  random: Pick<Random, 'uuid' | 'text' | 'bytes'>
  clock: Clock
  settings: BeginningDeps['settings'] & { siteRoot: string; registrationOpen: boolean }
}

const LINK_MS = HOUR
const SECRET_BYTES = 32
const GOOD_FOR = 'It works once, for one hour.'

export function linkActions(deps: LinkDeps): LinkActions {
  const { users, links, tokens, budgets, secondStep, ownPassword, random, clock, settings } = deps
  const newSecret = (): string => random.bytes(SECRET_BYTES).toString('base64url')

  /** Checks, limits, and queues; `write` says what the mail is for somebody, or for nobody. */
  async function ask(
    given: string,
    browser: Browser,
    write: (email: string, user: User | null) => { purpose: TokenPurpose; value: object; mail: Draft | null },
  ): Promise<Result<null>> {
    const email = given.trim().toLowerCase()
    const strange = emailProblem(email)
    if (strange !== null) return fail('invalid', strange, { fields: { identity: strange } })
    const allowed = await spend(budgets, mailedLinkLimits(email, browser.address), clock())
    if (!allowed.ok) return allowed
    const nowAt = clock()
    const secret = newSecret()
    await links.add(email, (user) => {
      const { purpose, value, mail } = write(email, user)
      const expiresAt = nowAt + LINK_MS
      const content = mail ?? NO_MAIL
      const foot = [
        ...content.foot,
        `${whence({ ...browser, browser: browserName(browser.agent) })} ${IGNORE}`,
      ]
      return {
        token: {
          key: digest(secret),
          purpose,
          userId: user?.id ?? null,
          // It goes to the mailbox alone, so that whoever brings it back has that.
          value: { ...value, mailed: true },
          createdAt: nowAt,
          expiresAt,
        },
        mail: letter(
          {
            subject: content.subject,
            heading: content.heading,
            text: content.text,
            link: { text: content.button, url: `${settings.siteRoot}${content.path(secret, user)}` },
            code: '',
            foot,
            to: email,
            ...(user === null ? {} : { accountId: user.id }),
            // For nobody it is thrown away before anybody sends it.
            expiresAt: mail === null ? nowAt : expiresAt,
          },
          { siteName: settings.siteName, nowAt },
        ),
      }
    })
    return ok(null)
  }

  const signInLink = (): Draft => ({
    subject: 'Sign in',
    heading: `Sign in to ${settings.siteName}`,
    text: ['Open this link to sign in:'],
    button: 'Sign in',
    path: (secret, user) => `/accounts/check_token/${user?.id ?? 'new'}/${secret}/`,
    foot: [GOOD_FOR],
  })

  const signUpLink = (): Draft => ({
    ...signInLink(),
    subject: 'Finish your registration',
    heading: `Welcome to ${settings.siteName}`,
    text: ['Open this link to make your account:'],
    button: 'Make my account',
  })

  async function userOf({ purpose, userId, value }: AccountToken): Promise<User | null> {
    if (userId !== null) return users.find(userId)
    if (purpose !== 'sign-up' || !settings.registrationOpen) return null
    const email = String(value['email'])
    const tz = String(value['tz'])
    const beginning = await beginningOf({ email, password: null, tz, isAdmin: false }, deps, clock())
    if (!beginning.ok) return null
    // Somebody was faster, from the same mailbox.
    return (await users.add(beginning.value))?.user ?? users.findByEmail(email)
  }

  const purposes = ['sign-in', 'sign-up'] as const

  const actions: LinkActions = {
    async askSignIn(email, { next }, browser) {
      const asker = newSecret()
      const value = { next, asker: digest(asker) }
      const asked = await ask(email, browser, (_, user) => ({
        purpose: 'sign-in',
        value,
        mail: user === null ? null : signInLink(),
      }))
      return asked.ok ? ok({ asker }) : asked
    },

    async askSignUp(given, { tz }, browser) {
      const asker = newSecret()
      const asked = await ask(given, browser, (email, user) => ({
        purpose: user === null ? 'sign-up' : 'sign-in',
        value: { email, tz: isZone(tz) ? tz : 'UTC', next: '', asker: digest(asker) },
        mail: user === null ? signUpLink() : signInLink(),
      }))
      return asked.ok ? ok({ asker }) : asked
    },

    async look(secret, asker) {
      for (const purpose of purposes) {
        const token = await tokens.find(digest(secret), purpose, clock())
        if (token !== null) return { isHere: sameSecret(digest(asker), String(token.value['asker'])) }
      }
      return null
    },

    async enter(secret, browser) {
      for (const purpose of purposes) {
        const token = await tokens.take(digest(secret), purpose, clock())
        if (token === null) continue
        const user = await userOf(token)
        if (user === null || user.disabled) return null
        if (token.value['mailed'] === true) await users.proveEmail(user.id, clock())
        const next = String(token.value['next'])
        const method = purpose === 'sign-up' ? 'sign-up' : 'link'
        return { entered: await secondStep.enter(user, { ...browser, keep: false, next, method }), next }
      }
      return null
    },

    askReset(email, browser) {
      return ask(email, browser, (_, user) => ({
        purpose: 'reset',
        value: {},
        mail:
          user === null
            ? null
            : {
                subject: 'Set a new password',
                heading: 'Set a new password',
                text: [`Open this link to set a new password for ${user.email}:`],
                button: 'Set a new password',
                path: (secret) => `/accounts/password_reset/${secret}/`,
                foot: [GOOD_FOR],
              },
      }))
    },

    async resetting(secret) {
      const token = await tokens.find(digest(secret), 'reset', clock())
      const user = typeof token?.userId !== 'number' ? null : await users.find(token.userId)
      return user?.disabled === true ? null : user
    },

    async reset(secret, input, browser) {
      const user = await actions.resetting(secret)
      if (user === null) return null
      const done = await ownPassword.reset(user, input, browser, async () => {
        const token = await tokens.take(digest(secret), 'reset', clock())
        if (token?.value['mailed'] === true) await users.proveEmail(user.id, clock())
        return token
      })
      return !done.ok && done.problem.code === 'not_found' ? null : done
    },
  }
  return actions
}

/** A mail, but for what all have in common. */
interface Draft {
  subject: string
  heading: string
  text: string[]
  button: string
  path: (secret: string, user: User | null) => string
  foot: string[]
}

const NO_MAIL: Draft = { subject: '', heading: '', text: [], button: '', path: () => '/', foot: [GOOD_FOR] }

const IGNORE = 'If that was not you, ignore this mail: without the link nothing happens.'
