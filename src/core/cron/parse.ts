import { numberSet } from '../zones/number-set'
import type { OccurrenceRule } from '../zones/occurrences'
import { ScheduleError } from '../zones/schedule-error'
import { matchingDays } from './days'
import { readField } from './field'
import type { Field, Item } from './field'

/** A cron expression of five fields as Debian's cron reads it: spec/schedules.md §3 and §4. */
export interface CronExpression {
  minute: Item[]
  hour: Item[]
  day: Item[]
  month: Item[]
  weekday: Item[]
  /** Day of month and day of week must both match, because one of them begins with a star ([S20]). */
  bothDays: boolean
  rule: OccurrenceRule
}

/** [S25]. The combinations of leap days and weekdays come back within 40 years. */
const YEARS_SEARCHED = 50

/** The latest day of each month, February with its leap day. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Reads an expression. Throws a `ScheduleError` that names the first field that is wrong. */
export function parseCron(text: string): CronExpression {
  const trimmed = text.trim()
  if (/[\n\r]/.test(trimmed)) {
    throw new ScheduleError('wrong-number-of-fields', 'A cron expression is a single line')
  }
  const fields = trimmed.split(/[ \t]+/).filter((field) => field !== '')
  const [minuteText = '', hourText = '', dayText = '', monthText = '', weekdayText = ''] = fields
  if (fields.length !== 5)
    throw new ScheduleError('wrong-number-of-fields', fieldCount(trimmed, fields.length))

  const minute = readField('minute', minuteText)
  const hour = readField('hour', hourText)
  const day = readField('day-of-month', dayText)
  const month = readField('month', monthText)
  const weekday = readField('day-of-week', weekdayText)
  refuseImpossibleDay(day, month)

  const bothDays = dayText.startsWith('*') || weekdayText.startsWith('*')
  // [S21]: only the first character tells a job that runs at fixed times from one that runs all the time.
  const isWildcard = minuteText.startsWith('*') || hourText.startsWith('*')
  return {
    minute: minute.items,
    hour: hour.items,
    day: day.items,
    month: month.items,
    weekday: weekday.items,
    bothDays,
    rule: {
      pattern: {
        seconds: numberSet([0]),
        minutes: numberSet(minute.members),
        hours: numberSet(hour.members),
        months: numberSet(month.members),
        years: null,
        daysIn: matchingDays(day, weekday, { bothDays }),
      },
      skipped: isWildcard ? 'dropped' : 'moved',
      repeated: isWildcard ? 'both' : 'first',
      lastYear: (year) => year + YEARS_SEARCHED,
      firstYear: (year) => year - YEARS_SEARCHED,
    },
  }
}

/** [S13]: a day that none of the months has, even if the day of week could match. */
function refuseImpossibleDay(day: Field, month: Field): void {
  if (day.items.some(({ kind }) => kind === 'last' || kind === 'last-workday')) return
  const smallest = Math.min(...day.members)
  if (month.members.some((one) => smallest <= (LONGEST_MONTHS[one - 1] ?? 31))) return
  throw new ScheduleError('bad-day-of-month', `Bad day-of-month: none of the months has a day ${smallest}`)
}

function fieldCount(text: string, count: number): string {
  const remedy = text.startsWith('@')
    ? 'names such as @daily are not understood; write 0 0 * * * instead'
    : 'give minute, hour, day of month, month and day of week'
  return `Wrong number of fields: a cron expression has 5 and this has ${count}; ${remedy}`
}
