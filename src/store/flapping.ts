import type { Check } from '../core/check'
import type { Instant } from '../core/time'
import { toCheck } from './check-rows'
import type { CheckRow } from './check-rows'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { REACH } from './reach'
import { all, one } from './sql'
import type { Sql } from './sql'

/** A check that changes its status again and again, and who should know. */
export interface Flapping {
  check: Check
  projectName: string
  flips: number
  people: { userId: number; email: string }[]
}

export interface FlappingStore {
  /** Checks with more than `most` flips since then, of which nobody was told since then. */
  find(sinceAt: Instant, most: number, limit: number): Promise<Flapping[]>
  /** Notes that it was told, and queues the mails: false if another instance did so since `sinceAt`. */
  settle(checkId: number, sinceAt: Instant, nowAt: Instant, mails: readonly NewMail[]): Promise<boolean>
}

export function flappingStore(sql: Sql): FlappingStore {
  return {
    find: (sinceAt, most, limit) =>
      sql.read(function* () {
        // By the index of flips by check: one look at the flip that would be one too many.
        const rows = yield* all<CheckRow & { project_name: string }>(
          `SELECT checks.*, projects.name AS project_name
           FROM checks JOIN projects ON projects.id = checks.project_id
           WHERE (flapping_told_at IS NULL OR flapping_told_at <= $1)
             AND (SELECT at FROM flips WHERE check_id = checks.id ORDER BY id DESC LIMIT 1 OFFSET $2) > $1
           ORDER BY checks.id LIMIT $3`,
          [sinceAt, most, limit],
        )
        const found: Flapping[] = []
        for (const row of rows) {
          const flips = yield* one<{ count: number }>(
            'SELECT COUNT(*) AS count FROM flips WHERE check_id = $1 AND at > $2',
            [row.id, sinceAt],
          )
          const people = yield* all<{ id: number; email: string }>(
            `SELECT id, email FROM users
             WHERE id IN (SELECT user_id FROM ${REACH} reach WHERE project_id = $1) ORDER BY id`,
            [row.project_id],
          )
          found.push({
            check: toCheck(row),
            projectName: row.project_name,
            flips: flips?.count ?? 0,
            people: people.map(({ id, email }) => ({ userId: id, email })),
          })
        }
        return found
      }),

    settle: (checkId, sinceAt, nowAt, mails) =>
      sql.transaction(function* () {
        const mine = yield* all(
          `UPDATE checks SET flapping_told_at = $3
           WHERE id = $1 AND (flapping_told_at IS NULL OR flapping_told_at <= $2) RETURNING id`,
          [checkId, sinceAt, nowAt],
        )
        if (mine.length > 0) for (const mail of mails) yield* queueMail(mail)
        return mine.length > 0
      }),
  }
}
