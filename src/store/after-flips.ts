import type { Check, Flip } from '../core/check'
import type { Instant } from '../core/time'
import { reviseReminders } from './reminders'
import { takeBackRepeats } from './repeats'
import type { Sql, Work } from './sql'

/**
 * What else a change of status changes, in the transaction that keeps it: dates of reminders, and rounds of
 * the news before it that wait to be told. `nowAt`: when it was noticed.
 */
export function* afterFlips(
  sql: Sql,
  flips: readonly { check: Check; flip: Flip }[],
  nowAt: Instant,
): Work<void> {
  const checkIds = flips.map(({ check }) => check.id)
  yield* reviseReminders(sql, checkIds, nowAt)
  yield* takeBackRepeats(sql, checkIds)
}
