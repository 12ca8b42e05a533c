import type { Notification } from '../core/notification'
import type { Instant } from '../core/time'
import { all, one, run } from './sql'
import type { Sql, Work } from './sql'

/** What an acknowledge link is about. */
export interface Acknowledgeable {
  checkName: string
  /** Still down by the flip that was told. */
  isOpen: boolean
  acknowledgedAt: Instant | null
}

/** Channels that say again and again that a check is down, until it is not or somebody acknowledges it. */
export interface RepeatStore {
  /**
   * Queues the next round of up to `limit` notifications that are done with, whose channel repeats and whose
   * check is still down by the flip they told. Returns how many were found.
   */
  queueDue(nowAt: Instant, limit: number): Promise<number>
  /** By the code of a notification; null when there is none (any more). */
  find(notificationCode: string): Promise<Acknowledgeable | null>
  /** Nobody repeats this flip any more, through whatever channel. */
  acknowledge(notificationCode: string, nowAt: Instant): Promise<Acknowledgeable | null>
}

export function repeatStore(sql: Sql): RepeatStore {
  return {
    async queueDue(nowAt, limit) {
      const anyRepeats = await sql.read(() =>
        one('SELECT 1 AS repeats FROM channels WHERE repeat_ms IS NOT NULL AND disabled = 0 LIMIT 1'),
      )
      if (!anyRepeats) return 0
      return sql.transaction(function* () {
        const found = yield* all<{ check_id: number }>(`${DUE} LIMIT $2`, [nowAt, limit])
        // Whoever holds the check decides: an up that comes now waits, and finds what it has to take back.
        const held = yield* all<{ id: number }>(
          `SELECT id FROM checks WHERE ${sql.among('id', '$1', 'bigint')} ORDER BY id ${sql.forUpdateSkipLocked}`,
          [JSON.stringify(found.map((row) => row.check_id))],
        )
        yield* run(
          `UPDATE notifications SET state = 'waiting', round = round + 1, attempts = 0, created_at = $1,
             first_attempt_at = NULL, finished_at = NULL, due_at = 0, error = ''
           WHERE id IN (SELECT id FROM (${DUE} AND ${sql.among('checks.id', '$2', 'bigint')}) due)`,
          [nowAt, JSON.stringify(held.map((row) => row.id))],
        )
        return found.length
      })
    },

    find: (code) => sql.read(() => find(code)),

    acknowledge: (code, nowAt) =>
      sql.transaction(function* () {
        const about = yield* find(code)
        if (!about?.isOpen || about.acknowledgedAt !== null) return about
        const flip = yield* one<{ flip_id: number }>('SELECT flip_id FROM notifications WHERE code = $1', [
          code,
        ])
        const id = flip?.flip_id ?? 0
        yield* run('UPDATE flips SET acknowledged_at = $2 WHERE id = $1 AND acknowledged_at IS NULL', [
          id,
          nowAt,
        ])
        yield* run(`UPDATE notifications SET ${TAKEN_BACK} WHERE flip_id = $1 AND ${UNTOLD_AGAIN}`, [id])
        return { ...about, acknowledgedAt: nowAt }
      }),
  }
}

/** The step of a larger transaction after a status changed: what was to be told again has passed. */
export function* takeBackRepeats(sql: Sql, checkIds: readonly number[]): Work<void> {
  yield* run(
    `UPDATE notifications SET ${TAKEN_BACK}
     WHERE ${sql.among('check_id', '$1', 'bigint')} AND ${UNTOLD_AGAIN}`,
    [JSON.stringify(checkIds)],
  )
}

/**
 * The step of a larger transaction before notifications are claimed: rounds that were on their way when the
 * check changed or somebody acknowledged it, and whose teller is gone, are not begun again.
 */
export function* dropPastRounds(nowAt: Instant): Work<void> {
  yield* run(
    // The check's id is there for SQLite, which else goes through all that is due and not only through rounds.
    `UPDATE notifications SET ${TAKEN_BACK}
     WHERE check_id > 0 AND round > 0 AND due_at IS NOT NULL AND +due_at <= $1
       AND NOT EXISTS (SELECT 1 FROM checks JOIN flips ON flips.id = notifications.flip_id
         WHERE checks.id = notifications.check_id AND ${IS_OPEN})`,
    [nowAt],
  )
}

/** Whether a notification says again what somebody has acknowledged or ended while it was on its way. */
export function* isPast({ round, checkId, flipId }: Notification): Work<boolean> {
  if (round === 0) return false
  const open = yield* one(
    `SELECT 1 AS open FROM checks JOIN flips ON flips.id = $2 WHERE checks.id = $1 AND ${IS_OPEN}`,
    [checkId, flipId],
  )
  return open === null
}

/** The check is down by this very flip, and nobody has acknowledged it. */
const IS_OPEN = `checks.status = 'down' AND acknowledged_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM flips newer WHERE newer.check_id = checks.id AND newer.id > flips.id)`

/** A round that will not be: the one before it was told. */
const TAKEN_BACK = `state = 'superseded', due_at = NULL`

const UNTOLD_AGAIN = `round > 0 AND due_at IS NOT NULL AND state = 'waiting'`

/** Of each check that is down and each channel that repeats, the latest flip as it was told, if long enough ago. */
const DUE = `SELECT notifications.id, checks.id AS check_id
  FROM channels
  JOIN check_channels ON check_channels.channel_id = channels.id
  JOIN checks ON checks.id = check_channels.check_id AND checks.status = 'down'
  JOIN flips ON flips.id = (SELECT MAX(latest.id) FROM flips latest WHERE latest.check_id = checks.id)
    AND flips.acknowledged_at IS NULL
  JOIN notifications ON notifications.flip_id = flips.id AND notifications.channel_id = channels.id
  WHERE channels.repeat_ms IS NOT NULL AND channels.disabled = 0 AND notifications.status = 'down'
    AND notifications.state IN ('sent', 'failed')
    AND COALESCE(notifications.finished_at, notifications.created_at) + channels.repeat_ms <= $1`

function* find(code: string): Work<Acknowledgeable | null> {
  const row = yield* one<{ name: string; is_open: number; acknowledged_at: number | null }>(
    `SELECT checks.name, flips.acknowledged_at, CASE WHEN checks.status = 'down' AND flips.to_status = 'down'
       AND NOT EXISTS (SELECT 1 FROM flips newer WHERE newer.check_id = checks.id AND newer.id > flips.id)
       THEN 1 ELSE 0 END AS is_open
     FROM notifications JOIN flips ON flips.id = flip_id JOIN checks ON checks.id = notifications.check_id
     WHERE notifications.code = $1`,
    [code],
  )
  if (!row) return null
  return { checkName: row.name, isOpen: row.is_open === 1, acknowledgedAt: row.acknowledged_at }
}
