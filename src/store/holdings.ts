import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import { escaped } from './audit'
import { all, insert, one } from './sql'
import type { Sql, Value } from './sql'

/** A project as whoever runs the instance sees it. */
export interface Holding {
  code: string
  name: string
  owner: string
  members: number
  checks: number
  /** As of the last measurement; null before the first. */
  size: { pingsADay: number; bytes: number } | null
}

/** What there is in all projects together: spec/web-ui.md X04. */
export interface HoldingStore {
  /** By name; the newest first where names are the same. */
  list(search: string, page: { limit: number; offset: number }): Promise<Holding[]>
  /** A project that was not measured since; those that never were come first. */
  toMeasure(sinceAt: Instant): Promise<number | null>
  /**
   * The bytes of all bodies that up to `limit` of its checks keep, and the last of these checks; null: there are no
   * more. In pieces, because in SQLite nothing else happens meanwhile.
   */
  bytes(
    projectId: number,
    afterCheckId: number,
    limit: number,
  ): Promise<{ bytes: number; lastCheckId: number } | null>
  measured(projectId: number, bytes: number, nowAt: Instant): Promise<void>
}

export function holdingStore(sql: Sql): HoldingStore {
  return {
    list: (search, { limit, offset }) =>
      sql.read(function* () {
        const values: Value[] = [limit, offset]
        const like = search === '' ? '' : `$${values.push(`%${escaped(search.toLowerCase())}%`)}`
        const where =
          like === '' ? '' : `WHERE LOWER(name) LIKE ${like} ESCAPE '!' OR email LIKE ${like} ESCAPE '!'`
        const rows = yield* all<HoldingRow>(
          `SELECT code, name, email AS owner, pings_a_day, bytes,
             (SELECT COUNT(*) FROM members WHERE project_id = projects.id) AS members,
             (SELECT COUNT(*) FROM checks WHERE project_id = projects.id) AS checks
           FROM projects JOIN users ON users.id = owner_id
           LEFT JOIN project_sizes ON project_sizes.project_id = projects.id ${where}
           ORDER BY LOWER(name), projects.id DESC LIMIT $1 OFFSET $2`,
          values,
        )
        return rows.map(toHolding)
      }),

    toMeasure: (sinceAt) =>
      sql.read(function* () {
        const row = yield* one<{ id: number }>(
          `SELECT projects.id FROM projects LEFT JOIN project_sizes ON project_id = projects.id
           WHERE measured_at IS NULL OR measured_at < $1
           ORDER BY COALESCE(measured_at, 0), projects.id LIMIT 1`,
          [sinceAt],
        )
        return row?.id ?? null
      }),

    bytes: (projectId, afterCheckId, limit) =>
      sql.read(function* () {
        const checks = yield* all<{ id: number }>(
          'SELECT id FROM checks WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3',
          [projectId, afterCheckId, limit],
        )
        const last = checks.at(-1)
        if (last === undefined) return null
        const row = yield* one<{ bytes: number | null }>(
          `SELECT CAST(SUM(body_bytes) AS BIGINT) AS bytes FROM pings WHERE ${sql.among('check_id', '$1', 'bigint')}`,
          [JSON.stringify(checks.map(({ id }) => id))],
        )
        return { bytes: Number(row?.bytes ?? 0), lastCheckId: last.id }
      }),

    measured: (projectId, bytes, nowAt) =>
      sql.transaction(function* () {
        const row = yield* one<{ total: number | null; created_at: number }>(
          `SELECT created_at, (SELECT CAST(SUM(ping_count) AS BIGINT) FROM checks WHERE project_id = projects.id) AS total
           FROM projects WHERE id = $1`,
          [projectId],
        )
        // Somebody removed it meanwhile.
        if (!row) return
        const before = yield* one<{ pings: number; measured_at: number }>(
          'SELECT pings, measured_at FROM project_sizes WHERE project_id = $1',
          [projectId],
        )
        const pings = row.total ?? 0
        // Checks that were removed took theirs with them.
        const since = Math.max(0, pings - (before?.pings ?? 0))
        const elapsedMs = Math.max(DAY, nowAt - (before?.measured_at ?? row.created_at))
        const values = {
          project_id: projectId,
          bytes,
          pings,
          pings_a_day: Math.round((since * DAY) / elapsedMs),
          measured_at: nowAt,
        }
        yield* insert(
          'project_sizes',
          [values],
          `ON CONFLICT (project_id) DO UPDATE SET bytes = excluded.bytes, pings = excluded.pings,
             pings_a_day = excluded.pings_a_day, measured_at = excluded.measured_at`,
        )
      }),
  }
}

interface HoldingRow {
  code: string
  name: string
  owner: string
  members: number
  checks: number
  pings_a_day: number | null
  bytes: number | null
}

function toHolding({ pings_a_day, bytes, ...holding }: HoldingRow): Holding {
  const size = pings_a_day === null || bytes === null ? null : { pingsADay: pings_a_day, bytes }
  return { ...holding, size }
}
