import type { Instant } from '../core/time'
import { noteLateFailure } from './channels'
import { countUndelivered } from './reads'
import { all, bit, clean } from './sql'
import type { Work } from './sql'

/** What we are told of a message that we had handed over. */
export interface LateFailure {
  error: string
  /** It will not arrive any more; otherwise somebody is still trying. */
  isLost: boolean
  /** Nothing sent through this channel will. */
  disables: boolean
  at: Instant
  /** Only of what was handed over since. */
  sinceAt: Instant
}

/**
 * The transaction that keeps it. It may come before we have said how the telling went: whoever says so then finds
 * the time of what is lost, and the words of what is not. What is said of a summary, which has the code of its
 * first, is said of all in it.
 */
export function* failLate(
  code: string,
  { error, isLost, disables, at, sinceAt }: LateFailure,
): Work<boolean> {
  const told = yield* all<{ channel_id: number; check_id: number; state: string }>(
    `UPDATE notifications SET error = $2,
       late_error = CASE WHEN state = 'sending' THEN $2 ELSE '' END,
       state = CASE WHEN state = 'sent' AND $3 = 1 THEN 'failed' ELSE state END,
       finished_at = CASE WHEN state = 'sending' AND $3 = 1 THEN $5 ELSE finished_at END
     WHERE id IN (
       SELECT beside.id FROM notifications named
         JOIN notifications beside ON beside.id = named.id OR (
           beside.channel_id = named.channel_id AND beside.outage_id = named.outage_id
           AND beside.round = 0 AND beside.told_together = 1 AND named.told_together = 1
           AND beside.state = named.state AND beside.first_attempt_at = named.first_attempt_at
           AND COALESCE(beside.finished_at, 0) = COALESCE(named.finished_at, 0))
       WHERE named.code = $1
         AND COALESCE(named.finished_at, named.first_attempt_at, named.created_at) > $4)
     RETURNING channel_id, check_id, state`,
    [code, clean(error), bit(isLost), sinceAt, at],
  )
  const [first] = told
  if (!first) return false
  const failed = told.filter(({ state }) => isLost && state === 'failed')
  yield* countUndelivered(failed.map(({ check_id }) => check_id))
  yield* noteLateFailure(first.channel_id, clean(error), disables)
  return true
}
