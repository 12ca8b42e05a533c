import { isObject } from './json'
import type { JsonObject, JsonValue } from './json'
import { fail, ok } from './problem'
import type { Result } from './problem'
import { expressionProblem, kindOf } from './schedule-problem'
import { zoneName } from './zones/names'

/**
 * What may be said about a check, by the names and in the units of the API: the one schema for requests
 * of every version, for files that describe checks, and for the OpenAPI document
 * (spec/management-api.md §7). Durations are in seconds. What is absent was not said.
 */
export interface CheckFields {
  channels?: string
  desc?: string
  failure_kw?: string
  filter_subject?: boolean
  filter_body?: boolean
  filter_http_body?: boolean
  filter_default_fail?: boolean
  grace?: number
  manual_resume?: boolean
  methods?: '' | 'POST'
  name?: string
  schedule?: string
  slug?: string
  start_kw?: string
  /** Older names of `success_kw` and `failure_kw`, which also switch `filter_subject`. */
  subject?: string
  subject_fail?: string
  success_kw?: string
  tags?: string
  timeout?: number
  tz?: string
  unique?: UniqueField[]
}

/** By what a check can be found again, instead of being created twice. */
export const UNIQUE_FIELDS = ['name', 'slug', 'tags', 'timeout', 'grace'] as const
export type UniqueField = (typeof UNIQUE_FIELDS)[number]

/** How a member is described to others: a schema of JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export interface FieldSchema {
  type: 'string' | 'boolean' | 'integer' | 'array'
  description: string
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
  enum?: readonly string[]
  items?: { enum: readonly string[] }
}

type Reading<T> = { value: T } | { wrong: string }

interface Field<T> {
  schema: FieldSchema
  read(value: JsonValue): Reading<T>
}

const MOST_NAME = 100
const MOST_WORDS = 200
const SHORTEST_SECONDS = 60
const LONGEST_SECONDS = 31_536_000

/** In the order in which they are checked; only the first that is wrong is told: [M25]. */
export const checkFields: { readonly [F in keyof CheckFields]-?: Field<NonNullable<CheckFields[F]>> } = {
  channels: text('Who is told: UUIDs and names of integrations between commas, * for all, empty for none.'),
  desc: text('Notes for people.'),
  failure_kw: text('Words between commas that mean failure.', MOST_WORDS),
  filter_subject: yesOrNo('Looks for the words in the subjects of e-mails.'),
  filter_body: yesOrNo('Looks for the words in the bodies of e-mails.'),
  filter_http_body: yesOrNo('Looks for the words in the bodies of HTTP requests.'),
  filter_default_fail: yesOrNo('A ping with none of the words is a failure instead of being ignored.'),
  grace: seconds('Seconds that a ping may be late.'),
  manual_resume: yesOrNo('Once paused, stays paused until somebody resumes it.'),
  methods: {
    schema: { type: 'string', enum: ['', 'POST'], description: 'POST: other requests are not pings.' },
    read: (value) => (value === '' || value === 'POST' ? { value } : { wrong: 'F has unexpected value' }),
  },
  name: text('What it is called.', MOST_NAME),
  schedule: {
    schema: {
      type: 'string',
      maxLength: MOST_NAME,
      description: 'When pings are expected: a cron expression, or one or more lines of OnCalendar.',
    },
    read: (value) => refined(readText(value, MOST_NAME), validSchedule),
  },
  slug: {
    schema: {
      type: 'string',
      maxLength: MOST_NAME,
      pattern: '^[a-z0-9_-]*$',
      description: 'The second part of ping addresses by name.',
    },
    read: (value) =>
      refined(readText(value, MOST_NAME), (slug) =>
        /^[a-z0-9_-]*$/.test(slug) ? { value: slug } : { wrong: 'F does not match pattern' },
      ),
  },
  start_kw: text('Words between commas that mean a start.', MOST_WORDS),
  subject: text('Older name of success_kw, which also switches filter_subject.', MOST_WORDS),
  subject_fail: text('Older name of failure_kw, which also switches filter_subject.', MOST_WORDS),
  success_kw: text('Words between commas that mean success.', MOST_WORDS),
  tags: text('Tags between blanks.'),
  timeout: seconds('Seconds between two pings, for checks without a schedule.'),
  tz: {
    schema: { type: 'string', description: 'Time zone of the schedule: a name of the IANA database.' },
    read: (value) =>
      refined(readText(value), (name) => {
        const current = zoneName(name)
        return current === null ? { wrong: 'F is not a valid timezone' } : { value: current }
      }),
  },
  unique: {
    schema: {
      type: 'array',
      items: { enum: UNIQUE_FIELDS },
      description: 'Updates the check that is equal in all of these instead of creating another.',
    },
    read: readUnique,
  },
}

const fields = Object.entries(checkFields) as [keyof CheckFields, Field<unknown>][]

/** The problem of the first field that is wrong, in the words of [M26] without their beginning. */
export function readCheckFields(members: JsonObject): Result<CheckFields> {
  const read: Record<string, unknown> = {}
  for (const [name, field] of fields) {
    const value = members.get(name)
    if (value === undefined) continue
    const reading = field.read(value)
    if ('wrong' in reading) return fail('invalid', reading.wrong.replace('F', name))
    read[name] = reading.value
  }
  return ok(read)
}

function text(description: string, maxLength?: number): Field<string> {
  return {
    schema: { type: 'string', description, ...(maxLength === undefined ? {} : { maxLength }) },
    read: (value) => readText(value, maxLength),
  }
}

function yesOrNo(description: string): Field<boolean> {
  return {
    schema: { type: 'boolean', description },
    read: (value) => (typeof value === 'boolean' ? { value } : { wrong: 'F is not a boolean' }),
  }
}

function seconds(description: string): Field<number> {
  return {
    schema: { type: 'integer', minimum: SHORTEST_SECONDS, maximum: LONGEST_SECONDS, description },
    read: readSeconds,
  }
}

/** Text that both databases can keep: without NUL and half characters ([M28]). Lengths are in code points. */
function readText(value: JsonValue, most = Infinity): Reading<string> {
  if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) {
    return { wrong: 'F is not a string' }
  }
  const isTooLong = value.length > most && Array.from(value).length > most
  return isTooLong ? { wrong: 'F is too long' } : { value }
}

/** Only an integer literal is one, and yes and no are 1 and 0: [M27]. */
function readSeconds(value: JsonValue): Reading<number> {
  const literal = typeof value === 'boolean' ? String(Number(value)) : literalOf(value)
  if (literal === null || !/^-?\d+$/.test(literal)) return { wrong: 'F is not a number' }
  const number = Number(literal)
  if (number < SHORTEST_SECONDS) return { wrong: 'F is too small' }
  return number > LONGEST_SECONDS ? { wrong: 'F is too large' } : { value: number }
}

function literalOf(value: JsonValue): string | null {
  const isNumber = typeof value === 'object' && value !== null && !Array.isArray(value) && !isObject(value)
  return isNumber ? value.literal : null
}

function readUnique(value: JsonValue): Reading<UniqueField[]> {
  if (!Array.isArray(value)) return { wrong: 'F is not an array' }
  const known: readonly JsonValue[] = UNIQUE_FIELDS
  if (!value.every((item) => known.includes(item))) {
    return { wrong: "an item in 'unique' has unexpected value" }
  }
  return { value: value as UniqueField[] }
}

function validSchedule(expression: string): Reading<string> {
  return expressionProblem(kindOf(expression), expression) === null
    ? { value: expression }
    : { wrong: 'F is not a valid cron or OnCalendar expression' }
}

function refined<T>(reading: Reading<T>, refine: (value: T) => Reading<T>): Reading<T> {
  return 'wrong' in reading ? reading : refine(reading.value)
}
