import { daysPerKindOfMonth } from '../zones/month-kinds'
import type { Field } from './field'

const SATURDAY = 6
const SUNDAY = 0

/** The days of any month that match, as `WallPattern` wants them: spec/schedules.md [S20]. */
export function matchingDays(
  day: Field,
  weekday: Field,
  { bothDays }: { bothDays: boolean },
): (length: number, firstWeekday: number) => number {
  return daysPerKindOfMonth((length, firstWeekday) => {
    const byDay = daysByDay(day, length, firstWeekday)
    const byWeekday = daysByWeekday(weekday, length, firstWeekday)
    return bothDays ? byDay & byWeekday : byDay | byWeekday
  })
}

function daysByDay({ members, items }: Field, length: number, firstWeekday: number): number {
  let days = 0
  for (const member of members) if (member <= length) days |= bit(member)
  for (const { kind } of items) {
    if (kind === 'last') days |= bit(length)
    if (kind === 'last-workday') days |= bit(lastWorkday(length, firstWeekday))
  }
  return days
}

function lastWorkday(length: number, firstWeekday: number): number {
  const weekday = (firstWeekday + length - 1) % 7
  if (weekday === SUNDAY) return length - 2
  return weekday === SATURDAY ? length - 1 : length
}

function daysByWeekday({ members, items }: Field, length: number, firstWeekday: number): number {
  let days = 0
  for (const member of members) {
    for (let day = firstSuch(member, firstWeekday); day <= length; day += 7) days |= bit(day)
  }
  for (const item of items) {
    if (item.kind === 'last-weekday') {
      const first = firstSuch(item.weekday, firstWeekday)
      days |= bit(first + 7 * Math.floor((length - first) / 7))
    }
    if (item.kind === 'nth-weekday') {
      const day = firstSuch(item.weekday, firstWeekday) + 7 * (item.nth - 1)
      if (day <= length) days |= bit(day)
    }
  }
  return days
}

/** The first day of a month that is that weekday; 0 and 7 are both Sunday. */
function firstSuch(weekday: number, firstWeekday: number): number {
  return 1 + ((weekday - firstWeekday + 7) % 7)
}

function bit(day: number): number {
  return 1 << (day - 1)
}
