import type { Check } from '../core/check'
import { REACH } from './reach'
import { all, one, run } from './sql'
import type { Sql, Work } from './sql'

/** Who has seen what of what happened to checks: spec/web-ui.md §6.5. */
export interface ReadStore {
  /**
   * How much somebody has not seen yet, by id of the check; checks of which they have seen all are not there.
   * Null: they never looked at the project.
   */
  unread(userId: number, projectId: number): Promise<Map<number, number> | null>
  /** The same of all projects that they ever looked at and may still see. */
  unreadAnywhere(userId: number): Promise<Map<number, number>>
  /** They have seen all that has happened to this check, as it is here. */
  mark(userId: number, check: Pick<Check, 'id' | 'notableCount'>): Promise<void>
  /** The same of these checks, as they are now. */
  markSome(userId: number, checkIds: readonly number[]): Promise<void>
  /** They have looked at the project, and seen all there is. */
  markAll(userId: number, projectId: number): Promise<void>
  /** The same of every project that they may see. */
  markEverything(userId: number): Promise<void>
}

export function readStore(sql: Sql): ReadStore {
  return {
    unread: (userId, projectId) =>
      sql.read(function* () {
        // The first part says whether they ever looked.
        const rows = yield* all<{ id: number | null; unread: number }>(
          `SELECT NULL AS id, 0 AS unread FROM project_visits WHERE project_id = $1 AND user_id = $2
           UNION ALL
           SELECT checks.id, ${UNREAD} AS unread
           FROM checks LEFT JOIN read_marks ON check_id = checks.id AND user_id = $2
           WHERE project_id = $1 AND ${UNREAD} > 0`,
          [projectId, userId],
        )
        if (!rows.some(({ id }) => id === null)) return null
        return new Map(rows.flatMap(({ id, unread }) => (id === null ? [] : [[id, unread] as const])))
      }),

    unreadAnywhere: (userId) =>
      sql.read(function* () {
        const rows = yield* all<{ id: number; unread: number }>(
          `SELECT checks.id, ${UNREAD} AS unread
           FROM project_visits JOIN ${REACH} reach
             ON reach.project_id = project_visits.project_id AND reach.user_id = project_visits.user_id
           JOIN checks ON checks.project_id = project_visits.project_id
           LEFT JOIN read_marks ON check_id = checks.id AND read_marks.user_id = project_visits.user_id
           WHERE project_visits.user_id = $1 AND ${UNREAD} > 0`,
          [userId],
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

    markSome: (userId, checkIds) =>
      sql.transaction(() =>
        run(
          `INSERT INTO read_marks (check_id, user_id, seen)
           SELECT id, $2, notable_count FROM checks
           WHERE notable_count > 0 AND ${sql.among('id', '$1', 'bigint')}
           ON CONFLICT (check_id, user_id) DO UPDATE SET seen = excluded.seen`,
          [JSON.stringify(checkIds), userId],
        ),
      ),

    markAll: (userId, projectId) =>
      sql.transaction(() => markProjects(userId, 'SELECT id FROM projects WHERE id = $2', projectId)),

    markEverything: (userId) =>
      sql.transaction(() =>
        markProjects(userId, `SELECT project_id FROM ${REACH} reach WHERE user_id = $2`, userId),
      ),
  }
}

/** Of a check with its mark, if there is one: what is new of what the log still has. */
const UNREAD = `(notable_count -
  CASE WHEN COALESCE(seen, 0) > notable_gone THEN COALESCE(seen, 0) ELSE notable_gone END)`

/** `projects`: a query for ids, which has `value` as its `$2`. */
function* markProjects(userId: number, projects: string, value: number): Work<void> {
  yield* run(
    `INSERT INTO project_visits (project_id, user_id)
     SELECT id, $1 FROM projects WHERE id IN (${projects}) ON CONFLICT DO NOTHING`,
    [userId, value],
  )
  yield* run(
    `INSERT INTO read_marks (check_id, user_id, seen)
     SELECT id, $1, notable_count FROM checks WHERE project_id IN (${projects}) AND notable_count > 0
     ON CONFLICT (check_id, user_id) DO UPDATE SET seen = excluded.seen`,
    [userId, value],
  )
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
