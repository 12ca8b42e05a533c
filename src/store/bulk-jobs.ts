import type { Instant } from '../core/time'
import { all, insert, one, run } from './sql'
import type { Sql, Work } from './sql'

/** Something that is done with many checks, a hundred after the other. */
export interface BulkJob {
  /** UUID, in the address of its page. */
  code: string
  userId: number
  /** What is done, as JSON. */
  wanted: string
  /** Where whoever wanted it came from. */
  back: string
  total: number
  /** How many were looked at, and what became of them. */
  position: number
  done: number
  already: number
  failed: number
}

export type NewBulkJob = Pick<BulkJob, 'code' | 'userId' | 'wanted' | 'back'> & {
  checkIds: readonly number[]
  createdAt: Instant
}

/** What became of the next of its checks. */
export type BulkStep = Pick<BulkJob, 'done' | 'already' | 'failed'> & { count: number }

export interface BulkJobStore {
  /** Of others of this person, those that were made before `forgetBefore` are forgotten. */
  add(job: NewBulkJob, forgetBefore: Instant): Promise<void>
  find(code: string): Promise<BulkJob | null>
  /**
   * Takes what is to be done next, with up to `most` of its checks, until a while from now: nobody else gets them
   * before. Null: there is nothing left, or somebody is at it.
   */
  claim(
    code: string,
    options: { nowAt: Instant; untilAt: Instant; most: number },
  ): Promise<{ job: BulkJob; checkIds: number[] } | null>
  /** Goes on behind those that were taken. */
  advance(code: string, step: BulkStep): Promise<void>
  remove(code: string): Promise<void>
}

export function bulkJobStore(sql: Sql): BulkJobStore {
  return {
    add: ({ code, userId, wanted, back, checkIds, createdAt }, forgetBefore) =>
      sql.transaction(function* () {
        yield* run('DELETE FROM bulk_jobs WHERE user_id = $1 AND created_at < $2', [userId, forgetBefore])
        yield* insert('bulk_jobs', [
          {
            code,
            user_id: userId,
            wanted,
            back,
            check_ids: JSON.stringify(checkIds),
            total: checkIds.length,
            position: 0,
            done: 0,
            already: 0,
            failed: 0,
            held_until: 0,
            created_at: createdAt,
          },
        ])
      }),

    find: (code) => sql.read(() => find(code)),

    claim: (code, { nowAt, untilAt, most }) =>
      sql.transaction(function* () {
        const row = yield* one<JobRow & { check_ids: string; held_until: number }>(
          `SELECT * FROM bulk_jobs WHERE code = $1 ${sql.forUpdate}`,
          [code],
        )
        if (!row || row.held_until > nowAt || row.position >= row.total) return null
        yield* run('UPDATE bulk_jobs SET held_until = $2 WHERE code = $1', [code, untilAt])
        const ids = JSON.parse(row.check_ids) as number[]
        return { job: toJob(row), checkIds: ids.slice(row.position, row.position + most) }
      }),

    advance: (code, { count, done, already, failed }) =>
      sql.transaction(() =>
        run(
          `UPDATE bulk_jobs SET position = position + $2, done = done + $3, already = already + $4,
             failed = failed + $5, held_until = 0
           WHERE code = $1`,
          [code, count, done, already, failed],
        ),
      ),

    remove: (code) => sql.transaction(() => run('DELETE FROM bulk_jobs WHERE code = $1', [code])),
  }
}

function* find(code: string): Work<BulkJob | null> {
  const [row] = yield* all<JobRow>(
    `SELECT code, user_id, wanted, back, total, position, done, already, failed FROM bulk_jobs WHERE code = $1`,
    [code],
  )
  return row ? toJob(row) : null
}

interface JobRow {
  code: string
  user_id: number
  wanted: string
  back: string
  total: number
  position: number
  done: number
  already: number
  failed: number
}

function toJob(row: JobRow): BulkJob {
  const { code, user_id: userId, wanted, back, total, position, done, already, failed } = row
  return { code, userId, wanted, back, total, position, done, already, failed }
}
