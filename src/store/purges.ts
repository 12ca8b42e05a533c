import type { Instant } from '../core/time'
import { all, clean, insert, one, run } from './sql'
import type { Sql, Work } from './sql'

/** A check that is gone, whose bodies in object storage are still to go. */
export interface Purge {
  id: number
  checkCode: string
  /** Attempts that failed, this one not included. */
  attempts: number
  /** How often in a row nothing was found any more. */
  cleanLooks: number
}

/** How far one is. */
export interface WaitingPurge {
  id: number
  checkCode: string
  /** Bodies that are gone. */
  removed: number
  attempts: number
  dueAt: Instant
  error: string
}

export interface PurgeStore {
  /** Takes one that is due; it falls due again at `leaseUntilAt` unless it is settled before. */
  claim(nowAt: Instant, leaseUntilAt: Instant): Promise<Purge | null>
  /** `nextAt` null: nothing is left. */
  settle(
    purge: Purge,
    outcome: { removed: number; cleanLooks: number; attempts: number; error: string; nextAt: Instant | null },
  ): Promise<void>
  /** How many there are, for whoever looks after the instance. */
  waiting(): Promise<{ count: number; failing: number }>
  /** Those that are looked at next. */
  first(limit: number): Promise<WaitingPurge[]>
}

export function purgeStore(sql: Sql): PurgeStore {
  return {
    claim: (nowAt, leaseUntilAt) =>
      sql.transaction(function* () {
        const due = yield* one<PurgeRow>(
          `SELECT * FROM purges WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1 ${sql.forUpdateSkipLocked}`,
          [nowAt],
        )
        if (!due) return null
        yield* run('UPDATE purges SET due_at = $2 WHERE id = $1', [due.id, leaseUntilAt])
        return toPurge(due)
      }),

    settle: ({ id }, { removed, cleanLooks, attempts, error, nextAt }) =>
      sql.transaction(function* () {
        if (nextAt !== null) {
          yield* run(
            `UPDATE purges SET removed = removed + $2, clean_looks = $3, attempts = $4, error = $5, due_at = $6
             WHERE id = $1`,
            [id, removed, cleanLooks, attempts, clean(error), nextAt],
          )
          return
        }
        const row = yield* one<{ closing: string | null; removed: number }>(
          'DELETE FROM purges WHERE id = $1 RETURNING closing, removed',
          [id],
        )
        if (!row?.closing) return
        yield* run('UPDATE closings SET removed = removed + $2 WHERE code = $1', [
          row.closing,
          row.removed + removed,
        ])
      }),

    waiting: () =>
      sql.read(function* () {
        const row = yield* one<{ count: number; failing: number }>(
          `SELECT COUNT(*) AS count, COUNT(CASE WHEN error <> '' THEN 1 END) AS failing FROM purges`,
        )
        return row ?? { count: 0, failing: 0 }
      }),

    first: (limit) =>
      sql.read(function* () {
        const rows = yield* all<PurgeRow & { removed: number; due_at: number; error: string }>(
          'SELECT * FROM purges ORDER BY due_at, id LIMIT $1',
          [limit],
        )
        return rows.map((row) => ({
          id: row.id,
          checkCode: row.check_code,
          removed: row.removed,
          attempts: row.attempts,
          dueAt: row.due_at,
          error: row.error,
        }))
      }),
  }
}

/** The step of the transaction that removes these checks. */
export function* queuePurges(checkCodes: readonly string[], closing: string | null = null): Work<void> {
  yield* insert(
    'purges',
    checkCodes.map((code) => ({
      check_code: code,
      closing,
      due_at: 0,
      attempts: 0,
      clean_looks: 0,
      removed: 0,
      error: '',
    })),
    'ON CONFLICT (check_code) DO NOTHING',
  )
}

interface PurgeRow {
  id: number
  check_code: string
  attempts: number
  clean_looks: number
}

function toPurge(row: PurgeRow): Purge {
  return { id: row.id, checkCode: row.check_code, attempts: row.attempts, cleanLooks: row.clean_looks }
}
