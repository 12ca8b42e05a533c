import { one, run } from './sql'
import type { Sql } from './sql'

/** How a person wants lists of checks to be, kept as they last chose. */
export interface ListSettingStore {
  /** The order, as addresses call it: spec/web-ui.md §6.2. */
  sortOf(userId: number): Promise<string>
  setSort(userId: number, sort: string): Promise<void>
}

export function listSettingStore(sql: Sql): ListSettingStore {
  return {
    sortOf: (userId) =>
      sql.read(function* () {
        const row = yield* one<{ list_sort: string }>('SELECT list_sort FROM users WHERE id = $1', [userId])
        return row?.list_sort ?? 'name'
      }),

    setSort: (userId, sort) =>
      sql.transaction(() => run('UPDATE users SET list_sort = $2 WHERE id = $1', [userId, sort])),
  }
}
