import type { Missed, Stretch } from '../core/notice'
import type { Notification } from '../core/notification'
import { all } from './sql'
import type { Sql, Work } from './sql'

/** Stretches that are told one by one; of what came before, only how many there were. */
const MOST_STRETCHES = 10

interface MissedRow {
  /** Of the notification that takes its place. */
  id: number
  status: Stretch['status']
  reason: Stretch['reason']
  at: number
  until_at: number
}

/**
 * What these notifications take the place of, by their id: older ones of the same check to the same channel
 * that were superseded since it was last told. Their rounds are left out: the first of them was told.
 */
export function* missedBefore(
  sql: Sql,
  notifications: readonly Pick<Notification, 'id'>[],
): Work<Map<number, Missed>> {
  const rows = yield* all<MissedRow>(
    `SELECT n.id, flips.to_status AS status, flips.reason, flips.at, (
       SELECT later.at FROM flips later
       WHERE later.check_id = n.check_id AND later.id > flips.id ORDER BY later.id LIMIT 1) AS until_at
     FROM notifications n
     JOIN notifications old ON old.check_id = n.check_id AND old.channel_id = n.channel_id
       AND old.state = 'superseded' AND old.round = 0 AND old.id < n.id
     JOIN flips ON flips.id = old.flip_id
     WHERE ${sql.among('n.id', '$1', 'bigint')} AND n.round = 0 AND NOT EXISTS (
       SELECT 1 FROM notifications told
       WHERE told.check_id = n.check_id AND told.channel_id = n.channel_id
         AND told.id > old.id AND told.id < n.id AND (told.state = 'sent' OR told.round > 0))
     ORDER BY old.id`,
    [JSON.stringify(notifications.map(({ id }) => id))],
  )
  return new Map([...Map.groupBy(rows, ({ id }) => id)].map(([id, mine]) => [id, toMissed(mine)]))
}

function toMissed(rows: readonly MissedRow[]): Missed {
  return {
    count: rows.length,
    stretches: rows
      .slice(-MOST_STRETCHES)
      .map(({ status, reason, at, until_at }) => ({ status, reason, at, untilAt: until_at })),
  }
}
