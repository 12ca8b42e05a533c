import { daysPerKindOfMonth } from '../zones/month-kinds'
import type { WeekdaySpan } from './weekdays'

/** The days of any month that match, as `WallPattern` wants them: day and day of week must both ([S35]). */
export function matchingDays(
  days: readonly number[],
  weekdays: readonly WeekdaySpan[] | null,
  { fromEnd }: { fromEnd: boolean },
): (length: number, firstWeekday: number) => number {
  return daysPerKindOfMonth((length, firstWeekday) => {
    let matching = 0
    for (const number of days) {
      const day = fromEnd ? length + 1 - number : number
      if (day < 1 || day > length) continue
      const weekday = ((firstWeekday + day + 5) % 7) + 1
      if (weekdays === null || weekdays.some(({ from, to }) => weekday >= from && weekday <= to)) {
        matching |= 1 << (day - 1)
      }
    }
    return matching
  })
}
