import { cronInWords } from './cron/words'
import { onCalendarInWords } from './oncalendar/words'
import { evaluable } from './schedule'
import type { Schedule } from './schedule'
import { periodInWords } from './words'

/** What a schedule means, in a sentence without its full stop: 'At 04:00 every day'. Throws `UnusableSchedule`. */
export function inWords(schedule: Schedule): string {
  if (schedule.kind === 'period') return `Every ${periodInWords(schedule.periodMs)}`
  const { expression } = evaluable(schedule)
  return expression.kind === 'cron' ? cronInWords(expression.cron) : onCalendarInWords(expression.lines)
}
