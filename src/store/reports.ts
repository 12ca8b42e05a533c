import type { Flip } from '../core/check'
import type { ReportKind } from '../core/reports'
import type { Instant } from '../core/time'
import type { CheckRow } from './check-rows'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { REACH } from './reach'
import { hasSignOfLife, setNagPeriod, toAccountCheck } from './reminders'
import type { AccountCheck, Page } from './reminders'
import { all, one, run } from './sql'
import type { Sql } from './sql'

/** What an account wants to be written to about, besides alerts. */
export interface MailWishes {
  reportKind: ReportKind
  nextReportAt: Instant | null
  /** Null: no reminders. */
  nagPeriodMs: number | null
}

/** An account whose report is due, or that has no date for it yet. */
export interface DueReport {
  userId: number
  email: string
  tz: string
  kind: Exclude<ReportKind, 'off'>
  /** What the claim compares with; null when there is no date yet. */
  dueAt: Instant | null
}

/** A check, and what it went through. */
export interface ReportedCheck extends AccountCheck {
  flips: Pick<Flip, 'at' | 'from'>[]
}

export interface ReportStore {
  wishes(userId: number): Promise<MailWishes | null>
  setWishes(userId: number, wishes: MailWishes, nowAt: Instant): Promise<void>
  /** No reports and no reminders any more. */
  silence(userId: number): Promise<void>
  /** Accounts whose date has come, is missing, or is later than the latest that there can be. */
  due(nowAt: Instant, latestAt: Record<DueReport['kind'], Instant>, limit: number): Promise<DueReport[]>
  hasSignOfLife(userId: number, sinceAt: Instant): Promise<boolean>
  /** The checks of an account, by id, with their flips since then. */
  checks(userId: number, sinceAt: Instant, page: Page): Promise<ReportedCheck[]>
  /** Sets the next date and queues the mail, both or nothing: false if somebody else was quicker. */
  settle(report: DueReport, nextAt: Instant | null, mail: NewMail | null): Promise<boolean>
}

export function reportStore(sql: Sql): ReportStore {
  return {
    wishes: (userId) =>
      sql.read(function* () {
        const row = yield* one<UserRow>(
          'SELECT id, email, tz, report_kind, next_report_at, nag_period_ms FROM users WHERE id = $1',
          [userId],
        )
        if (!row) return null
        const { report_kind, next_report_at, nag_period_ms } = row
        return { reportKind: report_kind, nextReportAt: next_report_at, nagPeriodMs: nag_period_ms }
      }),

    setWishes: (userId, { reportKind, nextReportAt, nagPeriodMs }, nowAt) =>
      sql.transaction(function* () {
        yield* run('UPDATE users SET report_kind = $2, next_report_at = $3 WHERE id = $1', [
          userId,
          reportKind,
          nextReportAt,
        ])
        yield* setNagPeriod(userId, nagPeriodMs, nowAt)
      }),

    silence: (userId) =>
      sql.transaction(() =>
        run(
          `UPDATE users SET report_kind = 'off', next_report_at = NULL, nag_period_ms = NULL, next_nag_at = NULL
           WHERE id = $1`,
          [userId],
        ),
      ),

    due: (nowAt, latestAt, limit) =>
      sql.read(function* () {
        const rows = yield* all<UserRow & { report_kind: DueReport['kind'] }>(
          `SELECT id, email, tz, report_kind, next_report_at, nag_period_ms FROM users
           WHERE report_kind <> 'off'
             AND (next_report_at IS NULL OR next_report_at <= $1 OR next_report_at >
               CAST(CASE report_kind WHEN 'daily' THEN $2 WHEN 'weekly' THEN $3 ELSE $4 END AS BIGINT))
           ORDER BY next_report_at, id LIMIT $5`,
          [nowAt, latestAt.daily, latestAt.weekly, latestAt.monthly, limit],
        )
        return rows.map(({ id, email, tz, report_kind, next_report_at }) => ({
          userId: id,
          email,
          tz,
          kind: report_kind,
          dueAt: next_report_at,
        }))
      }),

    hasSignOfLife: (userId, sinceAt) => sql.read(() => hasSignOfLife(userId, sinceAt)),

    checks: (userId, sinceAt, { afterId, limit }) =>
      sql.read(function* () {
        const rows = yield* all<CheckRow & { project_name: string }>(
          `SELECT checks.*, projects.name AS project_name
           FROM checks JOIN projects ON projects.id = checks.project_id
           WHERE checks.id > $2 AND checks.project_id IN (SELECT project_id FROM ${REACH} reach WHERE user_id = $1)
           ORDER BY checks.id LIMIT $3`,
          [userId, afterId, limit],
        )
        const flips = yield* all<{ check_id: number; at: number; from_status: Flip['from'] }>(
          `SELECT check_id, at, from_status FROM flips
           WHERE ${sql.among('check_id', '$1', 'bigint')} AND at > $2`,
          [JSON.stringify(rows.map(({ id }) => id)), sinceAt],
        )
        const byCheck = Map.groupBy(flips, (flip) => flip.check_id)
        return rows.map((row) => ({
          ...toAccountCheck(row),
          flips: (byCheck.get(row.id) ?? []).map(({ at, from_status }) => ({ at, from: from_status })),
        }))
      }),

    settle: ({ userId, kind, dueAt }, nextAt, mail) =>
      sql.transaction(function* () {
        const isAsItWas = dueAt === null ? 'next_report_at IS NULL' : 'next_report_at = $4'
        const mine = yield* all(
          `UPDATE users SET next_report_at = $2 WHERE id = $1 AND report_kind = $3 AND ${isAsItWas} RETURNING id`,
          [userId, nextAt, kind, ...(dueAt === null ? [] : [dueAt])],
        )
        if (mine.length > 0 && mail) yield* queueMail(mail)
        return mine.length > 0
      }),
  }
}

interface UserRow {
  id: number
  email: string
  tz: string
  report_kind: ReportKind
  next_report_at: number | null
  nag_period_ms: number | null
}
