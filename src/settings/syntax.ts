/**
 * The kinds of values a setting can have and how each is written (spec/operations.md §1.2).
 * What is read here concerns one setting alone; rules between settings are in `config.ts`.
 */
export interface Setting<T> {
  /** The kind of value, in a word or two, for people. */
  type: string
  /** What holds when it is not set, as one would write it or in words; empty: nothing. */
  default: string
  /** What it is for, in a sentence. */
  sentence: string
  /** Never shown, and can be given as the path of a file in NAME_FILE. */
  secret: boolean
  /** `given` is null when nobody set it. */
  read(given: string | null, name: string): Reading<T>
}

/** The value, or a sentence about what is wrong and what to write instead. */
export type Reading<T> = { ok: true; value: T } | { ok: false; problem: string }

/** Makes the value of the text, or says in a few words what is expected instead ("use …"). */
export type Parse<T> = (text: string) => { value: T } | { expected: string }

interface About {
  sentence: string
  default?: string
  /** How the default is shown where it depends on something else. */
  defaultShown?: string
  secret?: boolean
}

/** Longest part of a wrong value that a message repeats. */
const MOST_SHOWN = 100

/** Text as it is; empty when it is not set. */
export function text(about: About): Setting<string> {
  return parsed('text', about, (given) => ({ value: given }))
}

/** Text that means something; an empty one, or none, is the default. */
export function parsed<T>(type: string, about: About, parse: Parse<T>): Setting<T> {
  const secret = about.secret ?? false
  return {
    ...shown(type, about),
    read(given, name) {
      const result = parse(given || (about.default ?? ''))
      if ('value' in result) return { ok: true, value: result.value }
      return { ok: false, problem: unexpected(name, secret ? null : given, result.expected) }
    },
  }
}

/** Yes or no. Empty is no even where the default is yes, as in Healthchecks. */
export function flag<D extends boolean | null>(
  about: Omit<About, 'default'> & { default: D },
): Setting<boolean | D> {
  const written = about.default === null ? '' : about.default ? 'True' : 'False'
  return {
    ...shown('boolean', { ...about, default: written }),
    read(given, name) {
      if (given === null) return { ok: true, value: about.default }
      const word = given.trim().toLowerCase()
      if (['true', '1', 'yes', 'on'].includes(word)) return { ok: true, value: true }
      if (['false', '0', 'no', 'off', ''].includes(word)) return { ok: true, value: false }
      return { ok: false, problem: unexpected(name, given, `use 'True' or 'False'`) }
    },
  }
}

interface Range {
  min: number
  max: number
}

/** A whole number in decimal digits, from `min` to `max`. */
export function integer({ min, max, ...about }: Omit<About, 'default'> & Range & { default: number }) {
  return parsed('integer', { ...about, default: `${about.default}` }, (given) => {
    const number = wholeNumber(given, { min, max })
    return number === null ? { expected: `use a whole number from ${min} to ${max}` } : { value: number }
  })
}

/** The same, or `None` for no limit, which is null. */
export function integerOrNone({ min, max, ...about }: Omit<About, 'default'> & Range & { default: number }) {
  return parsed('integer or None', { ...about, default: `${about.default}` }, (given) => {
    if (given.trim().toLowerCase() === 'none') return { value: null }
    const number = wholeNumber(given, { min, max })
    return number === null
      ? { expected: `use a whole number from ${min} to ${max}, or None` }
      : { value: number }
  })
}

/** One of a few words, in any case. */
export function choice<T extends string>(
  words: readonly T[],
  about: Omit<About, 'default'> & { default: T },
): Setting<T> {
  return parsed(words.join(', '), about, (given) => {
    const word = words.find((one) => one.toLowerCase() === given.trim().toLowerCase())
    return word === undefined ? { expected: `use one of ${words.join(', ')}` } : { value: word }
  })
}

/** Items between commas; blanks around them and empty ones are dropped. */
export function list<T>(type: string, about: About, parse: Parse<T>): Setting<T[]> {
  return parsed(`list of ${type}`, about, (given) => {
    const values: T[] = []
    for (const item of items(given)) {
      const result = parse(item)
      if ('expected' in result) return { expected: `'${clipped(item)}' does not fit: ${result.expected}` }
      values.push(result.value)
    }
    return { value: values }
  })
}

export function items(given: string): string[] {
  return given
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Null when it is not one within the range. */
export function wholeNumber(given: string, { min, max }: Range): number | null {
  const digits = given.trim()
  if (!/^\d{1,15}$/.test(digits)) return null
  const number = Number(digits)
  return number >= min && number <= max ? number : null
}

function shown(type: string, about: About): Omit<Setting<never>, 'read'> {
  return {
    type,
    default: about.defaultShown ?? about.default ?? '',
    sentence: about.sentence,
    secret: about.secret ?? false,
  }
}

function unexpected(name: string, given: string | null, expected: string): string {
  return given === null
    ? `Unexpected value of ${name}, ${expected}`
    : `Unexpected value ${name}=${clipped(given)}, ${expected}`
}

/** Addresses may carry a password, which nobody should see: `http://me:***@proxy`. */
export function withoutPassword(given: string): string {
  return given.replace(/:[^/@\s]*@/g, ':***@')
}

/** A wrong value fits on one line of a message, whatever it is. */
function clipped(given: string): string {
  const line = withoutPassword(given).replace(/\p{Cc}/gu, ' ')
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line
}
