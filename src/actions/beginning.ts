import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY, HOUR, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { Beginning } from '../store/users'
import type { Passwords } from '../world/passwords'
import type { Random } from '../world/random'
import type { ChannelKind } from './channels'
import { passwordProblem } from './password-rules'

/** Who an account is to be for. */
export interface Newcomer {
  email: string
  /** Null: without one, for those who come by links or from elsewhere. */
  password: string | null
  /** IANA zone. */
  tz: string
  isAdmin: boolean
}

export interface BeginningDeps {
  email: Pick<ChannelKind, 'parse'>
  passwords: Pick<Passwords, 'hash'>
  random: Pick<Random, 'uuid' | 'text'>
  settings: { siteName: string; defaultCheckLimit: number; defaultPingLogLimit: number }
}

const BADGE_KEY_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const BADGE_KEY_LENGTH = 22

const MAX_EMAIL = 254

const BUSY_RETRY_MS = 5 * SECOND

/**
 * What an account begins with: a project, a check and a channel to its own address (spec/web-ui.md A01,
 * step 3); or what is wrong with it.
 */
export async function beginningOf(
  { email: given, password, tz, isAdmin }: Newcomer,
  { email, passwords, random, settings }: BeginningDeps,
  createdAt: Instant,
): Promise<Result<Beginning>> {
  const address = given.trim().toLowerCase()
  const fields: Record<string, string> = {}
  const strange = emailProblem(address)
  if (strange !== null) fields['email'] = strange
  const weakness =
    password === null ? null : passwordProblem(password, { email: address, siteName: settings.siteName })
  if (weakness !== null) fields['password'] = weakness
  if (!isZone(tz)) fields['tz'] = 'Choose a time zone from the list.'
  if (Object.keys(fields).length > 0) return fail('invalid', Object.values(fields).join(' '), { fields })
  const passwordHash = password === null ? null : await passwords.hash(password)
  if (passwordHash === 'busy') {
    return fail('unavailable', 'The server is busy. Try again in a moment.', { retryAfterMs: BUSY_RETRY_MS })
  }
  const channel = email.parse({ value: address, down: 'true', up: 'true' })
  if (!channel.ok)
    return fail('invalid', channel.problem.message, { fields: { email: channel.problem.message } })
  return ok({
    user: {
      email: address,
      passwordHash,
      isAdmin,
      tz,
      theme: 'system',
      checkLimit: settings.defaultCheckLimit,
      pingLogLimit: settings.defaultPingLogLimit,
      createdAt,
    },
    project: {
      code: random.uuid(),
      name: 'My project',
      badgeKey: random.text(BADGE_KEY_LENGTH, BADGE_KEY_ALPHABET),
      createdAt,
    },
    check: {
      name: 'My first check',
      slug: 'my-first-check',
      tags: '',
      description: '',
      schedule: { kind: 'period', periodMs: DAY },
      graceMs: HOUR,
      createdAt,
    },
    channel: {
      kind: 'email',
      name: '',
      value: channel.value.value,
      tellsDown: true,
      tellsUp: true,
      verified: true,
      createdAt,
    },
  })
}

/** What is wrong with the address of an account, or null. `email` in lower case, without blanks around it. */
export function emailProblem(email: string): string | null {
  if (email.length > MAX_EMAIL) return `The address is too long (${MAX_EMAIL} characters at most).`
  return /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+\.[^\s@.]+$/.test(email)
    ? null
    : 'Enter an e-mail address like name@example.org.'
}

export function isZone(tz: string): boolean {
  if (tz === '') return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz }).format(0)
    return true
  } catch {
    return false
  }
}
