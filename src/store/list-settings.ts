import { one, run } from './sql'
import type { Sql } from './sql'

/** How a person wants lists of checks to be, kept as they last chose, and where they were last. */
export interface ListSettings {
  /** The order, as addresses call it: spec/web-ui.md §6.2. */
  sort: string
  /** Null: they have been nowhere yet. */
  lastProjectId: number | null
  /** What they do with many checks and is not finished: the code of the newest; or null. */
  bulkJob: string | null
}

export interface ListSettingStore {
  of(userId: number): Promise<ListSettings>
  setSort(userId: number, sort: string): Promise<void>
  setLastProject(userId: number, projectId: number): Promise<void>
}

export function listSettingStore(sql: Sql): ListSettingStore {
  return {
    of: (userId) =>
      sql.read(function* () {
        const row = yield* one<{
          list_sort: string
          last_project_id: number | null
          bulk_job: string | null
        }>(
          `SELECT list_sort, last_project_id,
             (SELECT code FROM bulk_jobs WHERE user_id = users.id AND position < total
              ORDER BY created_at DESC LIMIT 1) AS bulk_job
           FROM users WHERE id = $1`,
          [userId],
        )
        return {
          sort: row?.list_sort ?? 'name',
          lastProjectId: row?.last_project_id ?? null,
          bulkJob: row?.bulk_job ?? null,
        }
      }),

    setSort: (userId, sort) =>
      sql.transaction(() => run('UPDATE users SET list_sort = $2 WHERE id = $1', [userId, sort])),

    setLastProject: (userId, projectId) =>
      sql.transaction(() => run('UPDATE users SET last_project_id = $2 WHERE id = $1', [userId, projectId])),
  }
}
