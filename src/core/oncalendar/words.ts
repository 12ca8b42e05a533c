import type { Item } from '../cron/field'
import { isEvery, itemsInWords, listed, ordinal, singleValues } from '../cron/item-words'
import { asSentence, clockTime, dateInWords, timeInWords, withAt } from '../cron/words'
import type { TimeWords } from '../cron/words'
import type { Component, Term } from './component'
import type { OnCalendarLine } from './parse'

/** The most times of day that are listed one by one, as for cron. */
const MOST_TIMES = 4

/** What an expression means, in a sentence without its full stop. The specification leaves the words to us. */
export function onCalendarInWords(lines: readonly OnCalendarLine[]): string {
  return asSentence([lines.map(lineInWords).join('; ')])
}

function lineInWords({ hour, minute, second, weekdays, ...line }: OnCalendarLine): string {
  const time = timeOfLine(itemsOf(hour, 0, 23), itemsOf(minute, 0, 59), itemsOf(second, 0, 59))
  const date = dateInWords(
    {
      day: itemsOf(line.day, 1, 31),
      dayWords: line.fromEnd ? fromEndInWords(line.day) : undefined,
      month: itemsOf(line.month, 1, 12),
      weekday: weekdays === null ? EVERY : weekdays.map(({ from, to }) => spanOf(from, to, 1)),
      bothDays: true,
    },
    time,
  )
  const year = itemsOf(line.year, 1970, 2199)
  const years = isEvery(year) ? '' : `in ${itemsInWords('year', year)}`
  return [time.words, date, years, line.tz === null ? '' : `(${line.tz})`]
    .filter((part) => part !== '')
    .join(' ')
}

const EVERY: Item[] = [{ kind: 'every', step: 1 }]

/** As for cron, and with seconds unless they are 0. */
function timeOfLine(hour: Item[], minute: Item[], second: Item[]): TimeWords {
  const [hours, minutes, seconds] = [singleValues(hour), singleValues(minute), singleValues(second)]
  if (seconds?.length === 1 && seconds[0] === 0) return timeInWords(hour, minute)
  if (hours && minutes && seconds && hours.length * minutes.length * seconds.length <= MOST_TIMES) {
    const times = hours
      .flatMap((h) => minutes.flatMap((m) => seconds.map((s) => (h * 60 + m) * 60 + s)))
      .toSorted((a, b) => a - b)
    const words = times.map(
      (time) => `${clockTime(Math.floor(time / 3600), Math.floor(time / 60) % 60)}:${twoDigits(time % 60)}`,
    )
    return { words: `at ${listed(words)}`, allowsEveryDay: true }
  }
  const ofMinutes = timeInWords(hour, minute).words.replace(/^at /, '')
  const words =
    isEvery(second) && ofMinutes === 'every minute'
      ? 'every second'
      : `${withAt('second', second)} of ${ofMinutes}`
  return { words, allowsEveryDay: false }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

/** Terms as the items that cron's fields list, each once. */
function itemsOf({ terms }: Component, min: number, max: number): Item[] {
  const items = terms.flatMap((term): Item[] => {
    switch (term.kind) {
      case 'every':
        return EVERY
      case 'single':
        return [term]
      case 'span':
        return term.from === min && term.to === max
          ? [{ kind: 'every', step: term.step }]
          : [spanOf(term.from, term.to, term.step)]
    }
  })
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}

function spanOf(from: number, to: number, step: number): Item {
  return from === to ? { kind: 'single', value: from } : { kind: 'span', from, to, step }
}

/** Days counted from the end of the month: 'the third last day of the month'; undefined for every day. */
function fromEndInWords({ terms }: Component): string | undefined {
  if (terms.some(({ kind }) => kind === 'every')) return undefined
  return `${listed(terms.map(fromEndTerm))} of the month`
}

function fromEndTerm(term: Term): string {
  if (term.kind === 'every') return 'every day'
  if (term.kind === 'single' || term.from === term.to) {
    return `the ${lastBut(term.kind === 'single' ? term.value : term.from)} day`
  }
  const { from, to, step } = term
  if (step === 1 && from === 1) return `the last ${to} days`
  const every = step === 1 ? 'every day' : `every ${ordinal(step)} day`
  return `${every} from the ${lastBut(to)} through the ${lastBut(from)}`
}

function lastBut(number: number): string {
  return number === 1 ? 'last' : `${ordinal(number)} last`
}
