import type { Check } from '../core/check'
import { all, one, run } from './sql'
import type { Sql, Work } from './sql'

/** Who has seen what of what happened to checks: spec/web-ui.md §6.5. */
export interface ReadStore {
  /**
   * How much somebody has not seen yet, by id of the check; checks of which they have seen all are not there.
   * Null: they never looked at the project.
   */
  unread(userId: number, projectId: number): Promise<Map<number, number> | null>
  /** They have seen all that has happened to this check, as it is here. */
  mark(userId: number, check: Pick<Check, 'id' | 'notableCount'>): Promise<void>
  /** They have looked at the project, and seen all there is. */
  markAll(userId: number, projectId: number): Promise<void>
}

export function readStore(sql: Sql): ReadStore {
  return {
    unread: (userId, projectId) =>
      sql.read(function* () {
        const visit = yield* one(
          'SELECT 1 AS known FROM project_visits WHERE project_id = $1 AND user_id = $2',
          [projectId, userId],
        )
        if (!visit) return null
        const rows = yield* all<{ id: number; unread: number }>(
          `SELECT checks.id, notable_count - COALESCE(seen, 0) AS unread
           FROM checks LEFT JOIN read_marks ON check_id = checks.id AND user_id = $2
           WHERE project_id = $1 AND notable_count > COALESCE(seen, 0)`,
          [projectId, userId],
        )
        return new Map(rows.map(({ id, unread }) => [id, unread]))
      }),

    async mark(userId, { id, notableCount }) {
      const known = await sql.read(() =>
        one<{ seen: number }>('SELECT seen FROM read_marks WHERE check_id = $1 AND user_id = $2', [
          id,
          userId,
        ]),
      )
      if ((known?.seen ?? 0) === notableCount) return
      await sql.transaction(() =>
        run(
          `INSERT INTO read_marks (check_id, user_id, seen) SELECT id, $2, $3 FROM checks WHERE id = $1
           ON CONFLICT (check_id, user_id) DO UPDATE SET seen = excluded.seen`,
          [id, userId, notableCount],
        ),
      )
    },

    markAll: (userId, projectId) =>
      sql.transaction(function* () {
        yield* run(
          'INSERT INTO project_visits (project_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
          [projectId, userId],
        )
        yield* run(
          `INSERT INTO read_marks (check_id, user_id, seen)
           SELECT id, $2, notable_count FROM checks WHERE project_id = $1 AND notable_count > 0
           ON CONFLICT (check_id, user_id) DO UPDATE SET seen = excluded.seen`,
          [projectId, userId],
        )
      }),
  }
}

/** The step of a larger transaction that counts alerts which did not arrive at their checks. */
export function* countUndelivered(checkIds: readonly number[]): Work<void> {
  // In their order, as by those who keep pings.
  for (const id of checkIds.toSorted((a, b) => a - b)) {
    yield* run('UPDATE checks SET notable_count = notable_count + 1 WHERE id = $1', [id])
  }
}

/** The step of a larger transaction for a check that comes into a project: to those who look at it, its past is no news. */
export function* markForVisitors(checkId: number, projectId: number): Work<void> {
  yield* run(
    `INSERT INTO read_marks (check_id, user_id, seen)
     SELECT checks.id, user_id, notable_count FROM checks JOIN project_visits ON project_visits.project_id = $2
     WHERE checks.id = $1
     ON CONFLICT (check_id, user_id) DO UPDATE SET seen = excluded.seen`,
    [checkId, projectId],
  )
}
