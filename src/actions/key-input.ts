import { KEY_LENGTH } from '../core/api-key'
import type { KeyAccess } from '../core/api-key'
import { fail } from '../core/problem'
import type { Problem } from '../core/problem'
import { MINUTE } from '../core/time'
import type { Random } from '../world/random'

/** What people say about a key that they want. */
export interface KeyInput {
  name: string
  access: KeyAccess
  /** Null: never. */
  expiresInDays: number | null
  /** A key of one's own instead of a new one, exactly 32 characters. */
  secret?: string
}

/** As many as may be active at a time, in a project or for an account: web-ui.md P05. */
export const MOST_KEYS = 20

/** A use is noted once in this time. */
export const NOTED_MS = MINUTE

const MOST_NAME = 60
const LONGEST_DAYS = 3650

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A key that nobody has seen, with this beginning. */
export function newSecret(random: Pick<Random, 'text'>, prefix: string): string {
  return prefix + random.text(KEY_LENGTH - prefix.length, LETTERS_AND_DIGITS)
}

/** What is wrong with a wish, where `name` is trimmed; null when nothing is. */
export function keyProblem(
  name: string,
  { expiresInDays, secret }: KeyInput,
): { ok: false; problem: Problem } | null {
  const fields: Record<string, string> = {}
  const length = Array.from(name).length
  if (length === 0) fields['name'] = 'Fill in this field.'
  if (length > MOST_NAME) fields['name'] = `At most ${MOST_NAME} characters.`
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  if (/[\u0000-\u001f\u007f]/.test(name)) fields['name'] = 'Remove the control characters.'
  const isPeriod = expiresInDays === null || (Number.isInteger(expiresInDays) && expiresInDays >= 1)
  if (!isPeriod || (expiresInDays ?? 0) > LONGEST_DAYS) {
    fields['expires'] = `Choose when it expires: after 1 to ${LONGEST_DAYS} days, or never.`
  }
  if (secret !== undefined && !/^[\x21-\x7e]{32}$/.test(secret)) {
    fields['secret'] = `A key has ${KEY_LENGTH} characters, without blanks.`
  }
  const texts = Object.values(fields)
  return texts.length === 0 ? null : fail('invalid', texts.join(' '), { fields })
}
