import { zoneName } from '../zones/names'
import { numberSet } from '../zones/number-set'
import type { OccurrenceRule } from '../zones/occurrences'
import { ScheduleError } from '../zones/schedule-error'
import { readComponent } from './component'
import type { Component } from './component'
import { matchingDays } from './days'
import { readWeekdays } from './weekdays'
import type { WeekdaySpan } from './weekdays'

/** One line of systemd's calendar events: spec/schedules.md §6. */
export interface OnCalendarLine {
  weekdays: WeekdaySpan[] | null
  year: Component
  month: Component
  day: Component
  /** Days are counted from the end of the month, 1 being the last. */
  fromEnd: boolean
  hour: Component
  minute: Component
  second: Component
  /** Its own zone by its present name; null for the one of the check. */
  tz: string | null
  rule: OccurrenceRule
}

/** [S36]. */
const SHORTHANDS: Record<string, string> = {
  minutely: '*:*:00',
  hourly: '*:00:00',
  daily: '*-*-* 00:00:00',
  weekly: 'Mon *-*-* 00:00:00',
  monthly: '*-*-01 00:00:00',
  quarterly: '*-01,04,07,10-01 00:00:00',
  semiannually: '*-01,07-01 00:00:00',
  yearly: '*-01-01 00:00:00',
  annually: '*-01-01 00:00:00',
}

/** Day of week, date, time and zone. */
const MOST_WORDS = 4

/** [S41]: the search ends with the last year that can be written. */
const FIRST_YEAR = 1970
const LAST_YEAR = 2199

/** Reads an expression of one or more lines. Throws a `ScheduleError` about the first that is wrong. */
export function parseOnCalendar(text: string): OnCalendarLine[] {
  return text
    .trim()
    .split('\n')
    .map((line) => readLine(line.trim()))
}

function readLine(line: string): OnCalendarLine {
  if (line === '')
    throw new ScheduleError('wrong-number-of-fields', 'Wrong number of fields: a line is blank')
  const words = line.split(/\s+/)
  if (words.length > MOST_WORDS) throw tooMany(line)
  const tz = words.length > 1 ? zoneName(words.at(-1) ?? '') : null
  const fields = tz === null ? words : words.slice(0, -1)
  const [only = ''] = fields
  const shorthand =
    fields.length === 1 ? SHORTHANDS[/^[a-z]+$/i.test(only) ? only.toLowerCase() : ''] : undefined
  return { ...readFields(shorthand === undefined ? fields : shorthand.split(' '), line), tz }
}

/** The order is fixed, so what is no time at the end and no date before it is a day of the week ([S33]). */
function readFields(words: readonly string[], line: string): Omit<OnCalendarLine, 'tz'> {
  const rest = [...words]
  const time = readTime(rest.at(-1)?.includes(':') ? rest.pop() : undefined)
  const date = readDate(/^[\d*].*[-~]/.test(rest.at(-1) ?? '') ? rest.pop() : undefined)
  const weekdayText = rest.shift()
  const weekdays = weekdayText === undefined ? null : readWeekdays(weekdayText)
  if (rest.length > 0) throw tooMany(line)
  const { year, month, day, fromEnd } = date
  return {
    weekdays,
    ...date,
    ...time,
    rule: {
      pattern: {
        seconds: numberSet(time.second.members),
        minutes: numberSet(time.minute.members),
        hours: numberSet(time.hour.members),
        months: numberSet(month.members),
        years: year.terms.some(({ kind }) => kind === 'every')
          ? null
          : year.members.toSorted((a, b) => a - b),
        daysIn: matchingDays(day.members, weekdays, { fromEnd }),
      },
      skipped: 'dropped',
      repeated: 'first',
      lastYear: () => LAST_YEAR,
      firstYear: () => FIRST_YEAR,
    },
  }
}

function readTime(text = '00:00'): Pick<OnCalendarLine, 'hour' | 'minute' | 'second'> {
  const [hour = '', minute = '', second = '00', ...more] = text.split(':')
  if (more.length > 0) throw new ScheduleError('bad-time', `Bad time: "${text}" has more than three parts`)
  return {
    hour: readComponent('hour', hour),
    minute: readComponent('minute', minute),
    second: readComponent('second', second),
  }
}

function readDate(text = '*-*-*'): Pick<OnCalendarLine, 'year' | 'month' | 'day' | 'fromEnd'> {
  const parts = text.replaceAll('~', '-~').split('-')
  if (parts.length > 3) throw new ScheduleError('bad-date', `Bad date: "${text}" has more than three parts`)
  const dayText = parts.pop() ?? ''
  const monthText = parts.pop() ?? ''
  const fromEnd = dayText.startsWith('~')
  return {
    year: readComponent('year', parts.pop() ?? '*'),
    month: readComponent('month', monthText),
    day: readComponent('day-of-month', fromEnd ? dayText.slice(1) : dayText, { fromEnd }),
    fromEnd,
  }
}

function tooMany(line: string): ScheduleError {
  return new ScheduleError(
    'wrong-number-of-fields',
    `Wrong number of fields: "${line}" has more than one day of week, one date, one time and one time zone, in this order`,
  )
}
