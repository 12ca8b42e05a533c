import type { Item } from './field'

/** Words for what a field lists: spec/schedules.md [S61]. */

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth']

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

export type Unit = 'second' | 'minute' | 'hour' | 'day of month' | 'month' | 'day of week' | 'year'

/** 'minutes 5, 7, and 9', 'every second month', 'the first and the 15th day of month'. */
export function itemsInWords(unit: Unit, items: readonly Item[]): string {
  if (items.length > 1 && items.every(({ kind }) => kind === 'single' || kind === 'last')) {
    if (unit === 'second' || unit === 'minute' || unit === 'hour') {
      return `${unit}s ${listed(items.map((item) => (item.kind === 'single' ? String(item.value) : '')))}`
    }
    if (unit === 'day of month') return `${listed(items.map(dayOfMonth))} day of month`
  }
  return listed(items.map((item) => itemInWords(unit, item)))
}

function itemInWords(unit: Unit, item: Item): string {
  switch (item.kind) {
    case 'every':
      return item.step === 1 ? `every ${unit}` : `every ${ordinal(item.step)} ${unit}`
    case 'span': {
      const span = `${valueName(unit, item.from)} through ${valueName(unit, item.to)}`
      if (item.step === 1 && unit === 'day of week') return span
      return `${itemInWords(unit, { kind: 'every', step: item.step })} from ${span}`
    }
    case 'single':
      if (unit === 'day of month') return `${dayOfMonth(item)} day of month`
      return unit === 'second' || unit === 'minute' || unit === 'hour'
        ? `${unit} ${item.value}`
        : valueName(unit, item.value)
    case 'last':
      return 'the last day of the month'
    case 'last-workday':
      return 'the last weekday of the month'
    case 'last-weekday':
      return `the last ${valueName('day of week', item.weekday)} of the month`
    case 'nth-weekday':
      return `the ${ordinal(item.nth)} ${valueName('day of week', item.weekday)} of the month`
  }
}

function dayOfMonth(item: Item): string {
  return item.kind === 'single' ? `the ${ordinal(item.value)}` : 'the last'
}

function valueName(unit: Unit, value: number): string {
  if (unit === 'month') return MONTHS[value - 1] ?? String(value)
  return unit === 'day of week' ? (WEEKDAYS[value % 7] ?? String(value)) : String(value)
}

/** 'ninth', '10th', '21st'. */
export function ordinal(n: number): string {
  const word = ORDINALS[n - 1]
  if (word !== undefined) return word
  const isTeen = n % 100 > 10 && n % 100 < 14
  return `${n}${(isTeen ? undefined : ['th', 'st', 'nd', 'rd'][n % 10]) ?? 'th'}`
}

/** 'a', 'a and b', 'a, b, and c'. */
export function listed(words: readonly string[]): string {
  if (words.length < 3) return words.join(' and ')
  return `${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`
}

export function isEvery(items: readonly Item[]): boolean {
  const [only, ...more] = items
  return more.length === 0 && only?.kind === 'every' && only.step === 1
}

/** The values, if there is nothing but single ones. */
export function singleValues(items: readonly Item[]): number[] | null {
  const values = items.flatMap((item) => (item.kind === 'single' ? [item.value] : []))
  return values.length === items.length ? values : null
}
