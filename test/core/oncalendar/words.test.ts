import { expect, it } from 'vitest'
import { parseOnCalendar } from '../../../src/core/oncalendar/parse'
import { onCalendarInWords } from '../../../src/core/oncalendar/words'

it.each([
  ['daily', 'At 00:00 every day'],
  ['minutely', 'Every minute'],
  ['hourly', 'At the start of every hour'],
  ['weekly', 'At 00:00 on Monday'],
  ['quarterly', 'At 00:00 on the first day of January, April, July, and October'],
  ['*:*:*', 'Every second'],
  ['*:*:0/20', 'Every 20th second of every minute'],
  ['*:0/15', 'Every 15th minute of every hour'],
  ['12:34:56', 'At 12:34:56 every day'],
  ['*:5:10', 'At second 10 of minute 5 of every hour'],
  ['Mon-Fri 9..17:00', 'At minute 0 past every hour from 9 through 17 on Monday through Friday'],
  ['Mon *-*-1..7 8:00', "At 08:00 on every day of month from 1 through 7 if it's on Monday"],
  ['*~1', 'At 00:00 on the last day of the month'],
  ['*~3/2', 'At 00:00 on every second day from the third last through the last of the month'],
  ['Sun *~7/1', "At 00:00 on the last 7 days of the month if it's on Sunday"],
  ['*~*', 'At 00:00 every day'],
  ['2025..2027-1-1', 'At 00:00 on January 1 in every year from 2025 through 2027'],
  ['2030-06-15 8:00', 'At 08:00 on June 15 in 2030'],
  [
    '8:00 Europe/Riga\n8:00 US/Eastern',
    'At 08:00 every day (Europe/Riga); at 08:00 every day (America/New_York)',
  ],
])('OnCalendar %j in words', (expression, words) => {
  expect(onCalendarInWords(parseOnCalendar(expression))).toBe(words)
})
