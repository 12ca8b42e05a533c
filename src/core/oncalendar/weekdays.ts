import { ScheduleError } from '../zones/schedule-error'

/** A single weekday, or several in a row; 1 is Monday and 7 is Sunday. */
export interface WeekdaySpan {
  from: number
  to: number
}

const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** Reads days of the week by spec/schedules.md §6.2: 'Mon,Wed..Fri' in any case. Throws a `ScheduleError`. */
export function readWeekdays(text: string): WeekdaySpan[] {
  return text
    .replace(/,+$/, '')
    .split(',')
    .map((term) => {
      const [from = '', to, ...more] = term.split(/\.\.|-/)
      const span = { from: weekday(from, text), to: weekday(to ?? from, text) }
      if (more.length > 0) throw unknown(text)
      if (span.from > span.to) {
        throw new ScheduleError(
          'bad-day-of-week',
          `Bad day-of-week: "${term}" ends before it begins, because weeks begin on Monday`,
        )
      }
      return span
    })
}

function weekday(name: string, text: string): number {
  const lower = /^[a-z]+$/i.test(name) ? name.toLowerCase() : ''
  const index = NAMES.findIndex((full) => lower === full || lower === full.slice(0, 3))
  if (index === -1) throw unknown(text)
  return index + 1
}

function unknown(text: string): ScheduleError {
  return new ScheduleError(
    'bad-day-of-week',
    `Bad day-of-week: "${text}" is neither a day such as Mon nor a date, a time or a time zone in its place`,
  )
}
