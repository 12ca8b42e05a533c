import { ScheduleError } from '../zones/schedule-error'

export type FieldName = 'minute' | 'hour' | 'day-of-month' | 'month' | 'day-of-week'

/** One thing listed in a field, as it is put into words: spec/schedules.md [S60]. */
export type Item =
  | { kind: 'every'; step: number }
  | { kind: 'span'; from: number; to: number; step: number }
  | { kind: 'single'; value: number }
  /** The last day of the month, and its last Monday-to-Friday day. */
  | { kind: 'last' }
  | { kind: 'last-workday' }
  /** The last such weekday of the month, and the nth. */
  | { kind: 'last-weekday'; weekday: number }
  | { kind: 'nth-weekday'; weekday: number; nth: number }

/** What a field says: its numbers, and everything in written order with repetitions left out. */
export interface Field {
  members: number[]
  items: Item[]
}

interface Range {
  min: number
  max: number
  /** The first stands for `firstName`. */
  names: readonly string[]
  firstName: number
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

const RANGES: Record<FieldName, Range> = {
  minute: { min: 0, max: 59, names: [], firstName: 0 },
  hour: { min: 0, max: 23, names: [], firstName: 0 },
  'day-of-month': { min: 1, max: 31, names: [], firstName: 0 },
  month: { min: 1, max: 12, names: MONTHS, firstName: 1 },
  'day-of-week': { min: 0, max: 7, names: WEEKDAYS, firstName: 0 },
}

/** Reads one field by the grammar of spec/schedules.md §3. Throws a `ScheduleError`. */
export function readField(name: FieldName, text: string): Field {
  const members = new Set<number>()
  const items = new Map<string, Item>()
  for (const item of text.split(',').flatMap((term) => readTerm(name, term))) {
    const key = Object.values(item).join(' ')
    if (items.has(key)) continue
    items.set(key, item)
    for (const member of membersOf(item, RANGES[name])) members.add(member)
  }
  return { members: [...members], items: [...items.values()] }
}

/** Two neighbours without a step are two things, everything else is one ([S60]). */
function readTerm(name: FieldName, term: string): Item[] {
  const special = readSpecial(name, term)
  if (special) return [special]
  const [range = '', stepText, ...more] = term.split('/')
  if (more.length > 0) throw bad(name, term)
  const step = stepText === undefined ? 1 : readStep(name, term, stepText)
  const { min, max } = RANGES[name]
  if (range === '*') return [{ kind: 'every', step }]

  const [fromText = '', toText, ...rest] = range.split('-')
  if (rest.length > 0) throw bad(name, term)
  const from = readValue(name, fromText, term)
  if (toText === undefined) {
    if (stepText === undefined) return [{ kind: 'single', value: from }]
    return [spanOf(from, max, step, { min, max })]
  }
  const to = readValue(name, toText, term)
  if (from > to) throw new ScheduleError(`bad-${name}`, `Bad ${name}: ${quote(term)} ends before it begins`)
  if (to === from) return [{ kind: 'single', value: from }]
  if (to === from + 1 && stepText === undefined) {
    return [
      { kind: 'single', value: from },
      { kind: 'single', value: to },
    ]
  }
  return [spanOf(from, to, step, { min, max })]
}

function spanOf(from: number, to: number, step: number, { min, max }: { min: number; max: number }): Item {
  return from <= min && to >= max ? { kind: 'every', step } : { kind: 'span', from, to, step }
}

function readSpecial(name: FieldName, term: string): Item | null {
  if (name === 'day-of-month') {
    const last = /^L(W?)(?:\/(.*))?$/i.exec(term)
    if (!last) return null
    // The step has no effect, but it must be one.
    if (last[2] !== undefined) readStep(name, term, last[2])
    return last[1] === '' ? { kind: 'last' } : { kind: 'last-workday' }
  }
  if (name !== 'day-of-week') return null
  const last = /^([0-7])L$/i.exec(term)
  if (last) return { kind: 'last-weekday', weekday: Number(last[1]) }
  const nth = /^([^#]*)#(\d+)$/.exec(term)
  if (!nth) return null
  const weekday = readValue(name, nth[1] ?? '', term)
  const count = Number(nth[2])
  if (count < 1 || count > 5) {
    throw new ScheduleError(
      'bad-day-of-week',
      `Bad day-of-week: ${quote(term)} must end with a number from 1 to 5`,
    )
  }
  return { kind: 'nth-weekday', weekday, nth: count }
}

function readStep(name: FieldName, term: string, text: string): number {
  const step = /^\d+$/.test(text) ? Number(text) : 0
  if (step < 1)
    throw new ScheduleError(`bad-${name}`, `Bad ${name}: the step of ${quote(term)} must be 1 or more`)
  return step
}

function readValue(name: FieldName, text: string, term: string): number {
  const { min, max, names, firstName } = RANGES[name]
  if (/^[a-z]{3}$/i.test(text)) {
    const named = names.indexOf(text.toUpperCase())
    if (named !== -1) return named + firstName
  }
  if (!/^\d+$/.test(text)) throw bad(name, term)
  const value = Number(text)
  if (value < min || value > max) {
    throw new ScheduleError(`bad-${name}`, `Bad ${name}: ${quote(term)} is not between ${min} and ${max}`)
  }
  return value
}

function bad(name: FieldName, term: string): ScheduleError {
  const sentence = term === '' ? 'something is missing around a comma' : `${quote(term)} is not understood`
  return new ScheduleError(`bad-${name}`, `Bad ${name}: ${sentence}`)
}

function quote(term: string): string {
  return `"${term}"`
}

function membersOf(item: Item, { min, max }: Range): number[] {
  switch (item.kind) {
    case 'every':
      return stepped(min, max, item.step)
    case 'span':
      return stepped(item.from, item.to, item.step)
    case 'single':
      return [item.value]
    case 'last':
    case 'last-workday':
    case 'last-weekday':
    case 'nth-weekday':
      return []
  }
}

function stepped(from: number, to: number, step: number): number[] {
  const members: number[] = []
  for (let member = from; member <= to; member += step) members.push(member)
  return members
}
