import type { Check } from '../core/check'
import type { Instant } from '../core/time'
import { toCheck } from './check-rows'
import type { CheckRow } from './check-rows'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { REACH } from './reach'
import { all, one, run } from './sql'
import type { Sql, Work } from './sql'

/** An account whose reminder is due. */
export interface DueReminder {
  userId: number
  email: string
  tz: string
  periodMs: number
  /** What the claim compares with. */
  dueAt: Instant
}

/** A check of an account, with the project that it is in. */
export interface AccountCheck {
  check: Check
  project: { id: number; name: string }
}

/** Of things by id: those after `afterId`. */
export interface Page {
  afterId: number
  limit: number
}

export interface ReminderStore {
  /**
   * Gives a date to those who have something down and no date, and takes back dates that are further
   * ahead than a period, because a clock was set back. What a flip, a pause or a removal left behind
   * is put right here: spec/alerting.md [A24], [A36].
   */
  revise(nowAt: Instant): Promise<void>
  /** Longest overdue first. */
  due(nowAt: Instant, limit: number): Promise<DueReminder[]>
  /** Whether any check of the account was pinged since then. */
  hasSignOfLife(userId: number, sinceAt: Instant): Promise<boolean>
  /**
   * The checks of an account, by id, that are down or whose alarm has rung: which of them show down is for
   * rules to say.
   */
  suspects(userId: number, nowAt: Instant, page: Page): Promise<AccountCheck[]>
  /**
   * Sets the next date and queues the mail, both or nothing: false if another instance, a flip or the
   * account's owner was quicker.
   */
  settle(reminder: DueReminder, nextAt: Instant | null, mail: NewMail | null): Promise<boolean>
}

export function reminderStore(sql: Sql): ReminderStore {
  return {
    revise: (nowAt) =>
      sql.transaction(function* () {
        yield* run(
          `UPDATE users SET next_nag_at = $1 + nag_period_ms
           WHERE nag_period_ms IS NOT NULL
             AND (next_nag_at > $1 + nag_period_ms OR next_nag_at IS NULL AND ${HAS_DOWN})`,
          [nowAt],
        )
      }),

    due: (nowAt, limit) =>
      sql.read(function* () {
        const rows = yield* all<{
          id: number
          email: string
          tz: string
          nag_period_ms: number
          next_nag_at: number
        }>(
          `SELECT id, email, tz, nag_period_ms, next_nag_at FROM users
           WHERE nag_period_ms IS NOT NULL AND next_nag_at <= $1 ORDER BY next_nag_at, id LIMIT $2`,
          [nowAt, limit],
        )
        return rows.map((row) => ({
          userId: row.id,
          email: row.email,
          tz: row.tz,
          periodMs: row.nag_period_ms,
          dueAt: row.next_nag_at,
        }))
      }),

    hasSignOfLife: (userId, sinceAt) => sql.read(() => hasSignOfLife(userId, sinceAt)),

    suspects: (userId, nowAt, { afterId, limit }) =>
      sql.read(function* () {
        const rows = yield* all<CheckRow & { project_name: string }>(
          `SELECT checks.*, projects.name AS project_name
           FROM ${REACH} reach JOIN checks ON checks.project_id = reach.project_id
             JOIN projects ON projects.id = checks.project_id
           WHERE user_id = $1 AND (status = 'down' OR alert_after_at <= $2) AND checks.id > $3
           ORDER BY checks.id LIMIT $4`,
          [userId, nowAt, afterId, limit],
        )
        return rows.map(toAccountCheck)
      }),

    settle: ({ userId, dueAt }, nextAt, mail) =>
      sql.transaction(function* () {
        const mine = yield* all(
          `UPDATE users SET next_nag_at = $3
           WHERE id = $1 AND next_nag_at = $2 AND nag_period_ms IS NOT NULL RETURNING id`,
          [userId, dueAt, nextAt],
        )
        if (mine.length > 0 && mail) yield* queueMail(mail)
        return mine.length > 0
      }),
  }
}

/** Something that a user has to do with is kept as down. */
const HAS_DOWN = `EXISTS (
  SELECT 1 FROM ${REACH} reach JOIN checks ON checks.project_id = reach.project_id
  WHERE reach.user_id = users.id AND checks.status = 'down')`

/**
 * The step of a larger transaction after the status of checks has changed: whoever has to do with them
 * and wants reminders gets a date, or loses it when nothing is down any more: spec/alerting.md [A24].
 */
export function* reviseReminders(sql: Sql, checkIds: readonly number[], nowAt: Instant): Work<void> {
  yield* run(
    `UPDATE users SET next_nag_at = CASE WHEN next_nag_at IS NULL THEN $2 + nag_period_ms END
     WHERE nag_period_ms IS NOT NULL AND (next_nag_at IS NULL) = ${HAS_DOWN} AND id IN (
       SELECT user_id FROM ${REACH} reach JOIN checks ON checks.project_id = reach.project_id
       WHERE ${sql.among('checks.id', '$1', 'bigint')})`,
    [JSON.stringify(checkIds), nowAt],
  )
}

/** The same for one user, who has just said how often to be reminded; null is never. */
export function* setNagPeriod(userId: number, periodMs: number | null, nowAt: Instant): Work<void> {
  yield* run(
    `UPDATE users SET nag_period_ms = CAST($2 AS BIGINT), next_nag_at = CASE
       WHEN $2 IS NULL OR NOT ${HAS_DOWN} THEN NULL
       WHEN next_nag_at < $3 + CAST($2 AS BIGINT) THEN next_nag_at
       ELSE $3 + CAST($2 AS BIGINT) END
     WHERE id = $1`,
    [userId, periodMs, nowAt],
  )
}

export function* hasSignOfLife(userId: number, sinceAt: Instant): Work<boolean> {
  const row = yield* one(
    `SELECT 1 AS alive FROM ${REACH} reach JOIN checks ON checks.project_id = reach.project_id
     WHERE user_id = $1 AND last_ping_at >= $2 LIMIT 1`,
    [userId, sinceAt],
  )
  return row !== null
}

export function toAccountCheck(row: CheckRow & { project_name: string }): AccountCheck {
  return { check: toCheck(row), project: { id: row.project_id, name: row.project_name } }
}
