import { ScheduleError } from '../zones/schedule-error'

export type ComponentName = 'year' | 'month' | 'day-of-month' | 'hour' | 'minute' | 'second'

/** One thing listed in a component, as it was written. */
export type Term =
  | { kind: 'every' }
  | { kind: 'single'; value: number }
  | { kind: 'span'; from: number; to: number; step: number }

export interface Component {
  terms: Term[]
  members: number[]
}

const RANGES: Record<ComponentName, { min: number; max: number }> = {
  year: { min: 1970, max: 2199 },
  month: { min: 1, max: 12 },
  'day-of-month': { min: 1, max: 31 },
  hour: { min: 0, max: 23 },
  minute: { min: 0, max: 59 },
  second: { min: 0, max: 59 },
}

/** What a star stands for. */
const EVERYTHING: Record<ComponentName, Component> = {
  year: everyOf('year'),
  month: everyOf('month'),
  'day-of-month': everyOf('day-of-month'),
  hour: everyOf('hour'),
  minute: everyOf('minute'),
  second: everyOf('second'),
}

/** Counted from the end of the month, single days stop where the shortest one might not have them. */
const LAST_SINGLE_FROM_END = 28

/** Reads one component by the grammar of spec/schedules.md §6.2. Throws a `ScheduleError`. */
export function readComponent(
  name: ComponentName,
  text: string,
  { fromEnd = false }: { fromEnd?: boolean } = {},
): Component {
  if (text === '*') return EVERYTHING[name]
  const terms = text.split(',').map((term) => readTerm(name, term, fromEnd))
  return { terms, members: [...new Set(terms.flatMap((term) => membersOf(term, { fromEnd })))] }
}

function readTerm(name: ComponentName, term: string, fromEnd: boolean): Term {
  const [range = '', stepText, ...more] = term.split('/')
  const [fromText = '', toText, ...rest] = range.split('..')
  if (more.length > 0 || rest.length > 0) throw bad(name, term)
  const isRange = toText !== undefined
  const from = readValue(name, fromText, term, { fromEnd: fromEnd && !isRange })
  const to = isRange ? readValue(name, toText, term, { fromEnd: false }) : null
  if (to !== null && from > to) {
    throw new ScheduleError(`bad-${name}`, `Bad ${name}: "${term}" ends before it begins`)
  }
  if (stepText === undefined) {
    return to === null ? { kind: 'single', value: from } : { kind: 'span', from, to, step: 1 }
  }
  const step = /^\d+$/.test(stepText) ? Number(stepText) : 0
  if (step < 1) {
    throw new ScheduleError(`bad-${name}`, `Bad ${name}: the step of "${term}" must be 1 or more`)
  }
  // Days counted from the end go on to the last one, which is their 1.
  if (to === null && fromEnd) return { kind: 'span', from: 1, to: from, step }
  return { kind: 'span', from, to: to ?? RANGES[name].max, step }
}

function readValue(
  name: ComponentName,
  text: string,
  term: string,
  { fromEnd }: { fromEnd: boolean },
): number {
  if (!/^\d+$/.test(text)) throw bad(name, term)
  const value = name === 'year' ? fullYear(Number(text)) : Number(text)
  const { min } = RANGES[name]
  const max = fromEnd ? LAST_SINGLE_FROM_END : RANGES[name].max
  if (value < min || value > max) {
    throw new ScheduleError(`bad-${name}`, `Bad ${name}: "${term}" is not between ${min} and ${max}`)
  }
  return value
}

/** Years below 100 are those from 1970 to 2069. */
function fullYear(value: number): number {
  if (value < 70) return 2000 + value
  return value < 100 ? 1900 + value : value
}

function bad(name: ComponentName, term: string): ScheduleError {
  if (term === '') return new ScheduleError(`bad-${name}`, `Bad ${name}: something is missing`)
  const remedy = /^\*./.test(term) ? '; a star stands alone, so write 0/5 for every fifth' : ''
  return new ScheduleError(`bad-${name}`, `Bad ${name}: "${term}" is not understood${remedy}`)
}

/** Days from the end are stepped from the earliest, which has the largest number ([S34]). */
function membersOf(term: Term, { fromEnd }: { fromEnd: boolean }): number[] {
  if (term.kind === 'every') return []
  if (term.kind === 'single') return [term.value]
  const { from, to, step } = term
  return counted(from, to, step).map((member) => (fromEnd ? to + from - member : member))
}

function everyOf(name: ComponentName): Component {
  const { min, max } = RANGES[name]
  return { terms: [{ kind: 'every' }], members: counted(min, max, 1) }
}

function counted(from: number, to: number, step: number): number[] {
  const members: number[] = []
  for (let member = from; member <= to; member += step) members.push(member)
  return members
}
