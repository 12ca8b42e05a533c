import { browserName } from '../core/user-agent'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY, MINUTE, SECOND } from '../core/time'
import type { BudgetStore } from '../store/budgets'
import type { MailStore } from '../store/mails'
import type { SecondSteps, SecondStepStore } from '../store/second-steps'
import type { SudoWay } from '../store/sign-ins'
import type { TokenStore } from '../store/account-tokens'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Passwords } from '../world/passwords'
import type { Random } from '../world/random'
import { keyedDigest } from '../world/secrets'
import type { AccountLog } from './account-log'
import { letter, whence } from './letters'
import { spend } from './limits'
import type { Browser, SessionActions, Ticket, Visitor } from './sessions'

/** Showing once more who it is, before something dangerous: spec/web-ui.md A11. */
export interface SudoActions {
  /** What this person can show, the strongest first. */
  ways(visitor: Visitor): Promise<SudoWay[]>
  /** Mails a code of six digits. */
  sendCode(visitor: Visitor, browser: Browser): Promise<Result<null>>
  /** The browser goes on under another secret. */
  confirm(
    visitor: Visitor,
    way: string,
    answer: { text: string; code: string },
    browser: Browser,
  ): Promise<Result<Ticket>>
  /** The same for somebody who has shown it already. */
  begin(visitor: Visitor, by: SudoWay, browser: Browser): Promise<Ticket>
}

export interface SudoDeps {
  users: Pick<UserStore, 'proveEmail'>
  secondSteps: Pick<SecondStepStore, 'of'>
  tokens: TokenStore
  mails: Pick<MailStore, 'add'>
  budgets: Pick<BudgetStore, 'take'>
  passwords: Passwords
  sessions: Pick<SessionActions, 'rotate'>
  random: Pick<Random, 'text'>
  clock: Clock
  secretKey: string
  log: AccountLog
  settings: { siteName: string; mail: object | null; remoteUserHeader: string | null; rpId: string | null }
  /** Whether this is the code of the authenticator app just now; it is then used up. */
  useTotp: (userId: number, code: string) => Promise<boolean>
}

/** How long it lasts, however much it is used. */
const SUDO_MS = 30 * MINUTE

const CODE_MS = 15 * MINUTE
const CODE_LENGTH = 6

const WRONG_CODE = 'That code is not right. Check the newest message.'
const WRONG_PASSWORD = 'That password is not right.'

export function sudoActions(deps: SudoDeps): SudoActions {
  const { secondSteps, tokens, mails, budgets, passwords, sessions, random, clock, log, settings } = deps

  /** A code is good for one browser only. */
  const codeKey = (visitor: Visitor, code: string): string =>
    keyedDigest(deps.secretKey, `sudo ${visitor.user.id} ${visitor.signIn.csrf} ${code.replace(/\s/g, '')}`)

  async function isRight(
    visitor: Visitor,
    way: Exclude<SudoWay, 'passkey'>,
    { text, code }: { text: string; code: string },
  ): Promise<Result<null>> {
    const { user } = visitor
    const takeCode = async (): Promise<boolean> =>
      (await tokens.take(codeKey(visitor, code), 'sudo-code', clock())) !== null
    switch (way) {
      case 'totp':
        return (await deps.useTotp(user.id, code)) ? ok(null) : wrong('totp', 'That code is not right.')
      case 'code':
        if (!(await takeCode())) return wrong('code', WRONG_CODE)
        await deps.users.proveEmail(user.id, clock())
        return ok(null)
      case 'password': {
        const verdict = await passwords.verify(text, user.passwordHash)
        if (verdict === 'busy') return busy()
        return verdict === 'wrong' ? wrong('password', WRONG_PASSWORD) : ok(null)
      }
      case 'email': {
        if (text.trim().toLowerCase() !== user.email) return wrong('email', `Type ${user.email} to confirm.`)
        return settings.mail === null || (await takeCode()) ? ok(null) : wrong('code', WRONG_CODE)
      }
    }
  }

  async function begin(visitor: Visitor, by: SudoWay, browser: Browser): Promise<Ticket> {
    await log(visitor.user.id, 'confirmed', browser, by)
    return sessions.rotate(visitor, { sudo: { untilAt: clock() + SUDO_MS, by } })
  }

  const actions: SudoActions = {
    begin,

    async ways({ user }) {
      const own = await secondSteps.of(user.id)
      return waysOf(own, { hasPassword: user.passwordHash !== null, ...settings })
    },

    async sendCode(visitor, { address, agent }) {
      const { user } = visitor
      const nowAt = clock()
      if (settings.mail === null) return fail('invalid', 'This site cannot send mails.')
      const who = String(user.id)
      const limits = [
        { what: 'sudo-code', who, limit: 1, periodMs: MINUTE },
        { what: 'sudo-codes', who, limit: 10, periodMs: DAY },
      ]
      const allowed = await spend(budgets, limits, nowAt)
      if (!allowed.ok) return allowed
      const code = random.text(CODE_LENGTH, '0123456789')
      const expiresAt = nowAt + CODE_MS
      await tokens.removeOf(user.id, 'sudo-code')
      const key = codeKey(visitor, code)
      await tokens.add({ key, purpose: 'sudo-code', userId: user.id, value: {}, createdAt: nowAt, expiresAt })
      const content = {
        to: user.email,
        accountId: user.id,
        expiresAt,
        subject: 'Your confirmation code',
        heading: 'Confirm that it is you',
        text: ['Type this code where you were asked for it:'],
        link: null,
        code,
        foot: [
          'It is good for 15 minutes.',
          `${whence({ address, browser: browserName(agent) })} If that was not you, somebody is signed in to your account: change your password and end your other sessions.`,
        ],
      }
      await mails.add(letter(content, { siteName: settings.siteName, nowAt }))
      return ok(null)
    },

    async confirm(visitor, way, answer, browser) {
      const { user } = visitor
      const tries = { what: 'sudo', who: String(user.id), limit: 20, periodMs: DAY }
      const allowed = await spend(budgets, [tries], clock())
      if (!allowed.ok) return allowed
      const own = (await actions.ways(visitor)).find((each) => each === way)
      if (own === undefined || own === 'passkey') return wrong('', 'Choose one of the options.')
      const right = await isRight(visitor, own, answer)
      if (!right.ok) {
        if (right.problem.code === 'invalid') await log(user.id, 'confirmation-failed', browser, own)
        return right
      }
      return ok(await begin(visitor, own, browser))
    },
  }
  return actions
}

/** Strongest first. Who signs in elsewhere, and has nothing here, types the address again. */
function waysOf(
  own: SecondSteps,
  about: {
    hasPassword: boolean
    mail: object | null
    rpId: string | null
    remoteUserHeader: string | null
  },
): SudoWay[] {
  const ways: SudoWay[] = []
  if (own.passkeys > 0 && about.rpId !== null) ways.push('passkey')
  if (own.totp !== null) ways.push('totp')
  if (about.hasPassword) ways.push('password')
  if (ways.length === 0 && (about.mail === null || about.remoteUserHeader !== null)) return ['email']
  if (about.mail !== null) ways.push('code')
  return ways
}

function wrong(field: string, message: string): Result<never> {
  return fail('invalid', message, field === '' ? {} : { fields: { [field]: message } })
}

function busy(): Result<never> {
  return fail('unavailable', 'The server is busy. Try again in a moment.', { retryAfterMs: 5 * SECOND })
}
