import { all, one, run } from './sql'
import type { Sql } from './sql'

/** What the database takes on disk, in bytes; null where this database does not say. */
export interface Sizes {
  bytes: number
  /** Of it: free for what comes next. */
  freeBytes: number | null
  /** What is still to be moved into the file. */
  logBytes: number | null
}

/** How many rows there are, without counting millions: at most `MOST_COUNTED` are counted of each. */
export interface Rows {
  checks: number
  /** By what each check ever had, up to what is kept of it: about right. */
  pings: number
  flips: number
  notifications: number
}

export const MOST_COUNTED = 100_000

/** What the log of a check takes. */
export interface Stored {
  checkId: number
  pings: number
  /** Of its bodies, wherever they are, and of those in the database. */
  bytes: number
  bytesHere: number
}

/** How the database itself is, and what keeps it well: spec/web-ui.md X01, X06. */
export interface UpkeepStore {
  sizes(): Promise<Sizes>
  rows(): Promise<Rows>
  /** Keeps the statistics by which the database finds its way up to date. */
  analyze(): Promise<void>
  /** Moves the write-ahead log into the file. False: somebody reads from it just now. Null: there is none. */
  checkpoint(): Promise<boolean | null>
  /** Checks behind `afterId` in the order of their ids, with about how many pings each keeps. */
  checksAfter(afterId: number, limit: number): Promise<{ id: number; kept: number }[]>
  /** Reads all pings of these checks: not for many at once. */
  storedOf(checkIds: readonly number[]): Promise<Stored[]>
  namesOf(checkIds: readonly number[]): Promise<Map<number, { code: string; name: string; project: string }>>
}

const LIMIT = 'COALESCE(projects.ping_log_limit, users.ping_log_limit)'
const KEPT = `CASE WHEN ping_count > ${LIMIT} THEN ${LIMIT} ELSE ping_count END`
const CHECKS = 'checks JOIN projects ON projects.id = project_id JOIN users ON users.id = owner_id'

export function upkeepStore(sql: Sql): UpkeepStore {
  return {
    async sizes() {
      const query =
        sql.name === 'sqlite'
          ? `SELECT page_count * page_size AS bytes, freelist_count * page_size AS free
             FROM pragma_page_count(), pragma_page_size(), pragma_freelist_count()`
          : 'SELECT pg_database_size(current_database()) AS bytes, NULL AS free'
      const row = await sql.read(() => one<{ bytes: number; free: number | null }>(query))
      return { bytes: row?.bytes ?? 0, freeBytes: row?.free ?? null, logBytes: sql.log?.bytes() ?? null }
    },

    rows: () =>
      sql.read(function* () {
        const sums = yield* one<{ checks: number; pings: number | null }>(
          `SELECT COUNT(*) AS checks, CAST(SUM(${KEPT}) AS BIGINT) AS pings FROM ${CHECKS}`,
        )
        const counted = function* (table: 'flips' | 'notifications') {
          const row = yield* one<{ count: number }>(
            `SELECT COUNT(*) AS count FROM (SELECT 1 FROM ${table} LIMIT ${MOST_COUNTED}) first`,
          )
          return row?.count ?? 0
        }
        return {
          checks: sums?.checks ?? 0,
          pings: sums?.pings ?? 0,
          flips: yield* counted('flips'),
          notifications: yield* counted('notifications'),
        }
      }),

    async analyze() {
      const own =
        sql.name === 'sqlite'
          ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
          : 'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()'
      const tables = await sql.read(() => all<{ name: string }>(own))
      // One after the other: others may have thousands of tables in this database, and each would be locked.
      for (const { name } of tables) await sql.transaction(() => run(`ANALYZE "${name}"`), { patient: true })
    },

    checkpoint: async () => sql.log?.checkpoint() ?? null,

    checksAfter: (afterId, limit) =>
      sql.read(() =>
        all<{ id: number; kept: number }>(
          `SELECT checks.id, ${KEPT} AS kept FROM ${CHECKS} WHERE checks.id > $1 ORDER BY checks.id LIMIT $2`,
          [afterId, limit],
        ),
      ),

    storedOf: (checkIds) =>
      sql.read(function* () {
        const rows = yield* all<{ check_id: number; pings: number; bytes: number; here: number }>(
          `SELECT check_id, COUNT(*) AS pings, CAST(SUM(body_bytes) AS BIGINT) AS bytes,
             CAST(SUM(CASE WHEN body IS NULL THEN 0 ELSE body_bytes END) AS BIGINT) AS here
           FROM pings WHERE ${sql.among('check_id', '$1', 'bigint')} GROUP BY check_id`,
          [JSON.stringify(checkIds)],
        )
        return rows.map(({ check_id, pings, bytes, here }) => ({
          checkId: check_id,
          pings,
          bytes,
          bytesHere: here,
        }))
      }),

    namesOf: (checkIds) =>
      sql.read(function* () {
        const rows = yield* all<{ id: number; code: string; name: string; project: string }>(
          `SELECT checks.id, checks.code, checks.name, projects.name AS project
           FROM checks JOIN projects ON projects.id = project_id WHERE ${sql.among('checks.id', '$1', 'bigint')}`,
          [JSON.stringify(checkIds)],
        )
        return new Map(rows.map(({ id, code, name, project }) => [id, { code, name, project }]))
      }),
  }
}
