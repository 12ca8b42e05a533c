import { LONGEST_HOLD_MS } from '../core/outage'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { all, one, run } from './sql'
import type { Sql, Work } from './sql'

/** A long time in which nobody could reach us: spec/alerting.md [A34], [A35]. */
export interface Outage {
  id: number
  fromAt: Instant
  untilAt: Instant
  /** Of how many checks the alarm would have rung in it. */
  deadlines: number
  /** How many went down when they were judged for the first time after it. */
  downs: number
}

export interface OutageStore {
  /**
   * Notes that nobody could reach us, and until when nothing goes down after it, on any instance. One that
   * is still open grows by it: several instances that start at once come back from the same outage.
   */
  begin(outage: { fromAt: Instant; untilAt: Instant; holdUntilAt: Instant }): Promise<void>
  /**
   * Ends it, once the checks were judged, and queues mails about it if any went down. Null when none is
   * open: somebody else was quicker.
   */
  settle(mailsOn: (outage: Outage, administrators: readonly string[]) => NewMail[]): Promise<Outage | null>
}

/** What waits to be told together goes out after so long even if nobody ends the outage. */
const TOGETHER_MS = 30 * SECOND

interface OutageRow {
  id: number
  from_at: number
  until_at: number
  hold_until_at: number
  deadlines: number
  downs: number
}

export function outageStore(sql: Sql): OutageStore {
  return {
    begin: ({ fromAt, untilAt, holdUntilAt }) =>
      sql.transaction(() =>
        run(
          `INSERT INTO outages (is_open, from_at, until_at, hold_until_at, deadlines, downs)
           VALUES (1, $1, $2, $3, (
             SELECT COUNT(*) FROM checks WHERE status <> 'down' AND alert_after_at <= $2), 0)
           ON CONFLICT (is_open) DO UPDATE SET
             until_at = excluded.until_at, hold_until_at = excluded.hold_until_at,
             deadlines = outages.downs + excluded.deadlines`,
          [fromAt, untilAt, holdUntilAt],
        ),
      ),

    settle: (mailsOn) =>
      sql.transaction(function* () {
        const [row] = yield* all<OutageRow>('UPDATE outages SET is_open = NULL WHERE is_open = 1 RETURNING *')
        if (!row) return null
        const outage = toOutage(row)
        yield* run(
          `UPDATE notifications SET due_at = 0
           WHERE outage_id = $1 AND due_at IS NOT NULL AND state = 'waiting' AND attempts = 0`,
          [outage.id],
        )
        if (outage.downs > 0) {
          const admins = yield* all<{ email: string }>(
            'SELECT email FROM users WHERE is_admin = 1 AND disabled = 0 ORDER BY id',
          )
          const addresses = admins.map(({ email }) => email)
          for (const mail of mailsOn(outage, addresses)) yield* queueMail(mail)
        }
        return outage
      }),
  }
}

/** The outage after which the checks are being judged for the first time, and whether it is too early to. */
export interface AfterOutage {
  id: number
  isHeld: boolean
}

/** A step of the transaction that judges checks: instances that judge after an outage take turns. */
export function* openOutage(sql: Sql, nowAt: Instant): Work<AfterOutage | null> {
  const row = yield* one<OutageRow>(`SELECT * FROM outages WHERE is_open = 1 ${sql.forUpdate}`)
  if (!row) return null
  const leftMs = row.hold_until_at - nowAt
  // A date further ahead than any hold is from before the clock was set back.
  return { id: row.id, isHeld: leftMs > 0 && leftMs <= LONGEST_HOLD_MS }
}

/** Counts what went down, and has it wait to be told together until the checks are judged. */
export function* noteDowns(
  { id }: AfterOutage,
  flipIds: readonly number[],
  nowAt: Instant,
  sql: Sql,
): Work<void> {
  if (flipIds.length === 0) return
  yield* run('UPDATE outages SET downs = downs + $2 WHERE id = $1', [id, flipIds.length])
  yield* run(
    `UPDATE notifications SET outage_id = $1, due_at = $2 WHERE ${sql.among('flip_id', '$3', 'bigint')}`,
    [id, nowAt + TOGETHER_MS, JSON.stringify(flipIds)],
  )
}

/** News of these checks follows on what still waits to be told together: that does not wait any longer. */
export function* tellApart(sql: Sql, checkIds: readonly number[]): Work<void> {
  if (checkIds.length === 0) return
  yield* run(
    `UPDATE notifications SET outage_id = NULL, due_at = 0
     WHERE outage_id IS NOT NULL AND due_at IS NOT NULL AND state = 'waiting' AND attempts = 0
       AND ${sql.among('check_id', '$1', 'bigint')}`,
    [JSON.stringify(checkIds)],
  )
}

function toOutage(row: OutageRow): Outage {
  return {
    id: row.id,
    fromAt: row.from_at,
    untilAt: row.until_at,
    deadlines: row.deadlines,
    downs: row.downs,
  }
}
