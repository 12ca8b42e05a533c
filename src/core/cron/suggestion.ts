import { DAY, HOUR, MINUTE } from '../time'

/** Minutes and hours that go into an hour and a day without a rest. */
const MINUTES = [2, 3, 4, 5, 6, 10, 12, 15, 20, 30]
const HOURS = [2, 3, 4, 6, 8, 12]

/** The crontab expression for a job with that period, or null when there is none: spec/schedules.md [S66]. */
export function suggestedCron(periodMs: number): string | null {
  if (periodMs === MINUTE) return '* * * * *'
  if (periodMs === HOUR) return '0 * * * *'
  if (periodMs === DAY) return '0 0 * * *'
  if (MINUTES.includes(periodMs / MINUTE)) return `*/${periodMs / MINUTE} * * * *`
  return HOURS.includes(periodMs / HOUR) ? `0 */${periodMs / HOUR} * * *` : null
}
