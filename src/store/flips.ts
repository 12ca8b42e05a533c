import type { Flip } from '../core/check'
import type { Instant } from '../core/time'
import { all } from './sql'
import type { Sql } from './sql'

export interface FlipStore {
  /** Of each of these checks that ever changed its status: when it did so last. */
  lastOf(checkIds: readonly number[]): Promise<Map<number, Instant>>
  /** Newest first by when they happened; those that happened before `sinceAt` are left out. */
  latest(checkId: number, options: { sinceAt: Instant; limit: number }): Promise<Flip[]>
  /** Newest first by when they were kept: those from `fromAt` on and before `untilAt`. */
  between(checkId: number, options: { fromAt: Instant; untilAt: Instant }): Promise<Flip[]>
  /** The same, `limit` at a time. `next` is the `beforeId` of what follows; null: nothing does. */
  page(
    checkId: number,
    options: { fromAt: Instant; untilAt: Instant; beforeId: number; limit: number },
  ): Promise<{ flips: Flip[]; next: number | null }>
}

export function flipStore(sql: Sql): FlipStore {
  return {
    lastOf(checkIds) {
      return sql.read(function* () {
        const rows = yield* all<{ id: number; at: number | null }>(
          `SELECT id, (SELECT at FROM flips WHERE check_id = checks.id ORDER BY flips.id DESC LIMIT 1) AS at
           FROM checks WHERE ${sql.among('id', '$1', 'bigint')}`,
          [JSON.stringify(checkIds)],
        )
        return new Map(rows.flatMap(({ id, at }) => (at === null ? [] : [[id, at] as const])))
      })
    },

    latest(checkId, { sinceAt, limit }) {
      return sql.read(function* () {
        const rows = yield* all<FlipRow>(
          'SELECT * FROM flips WHERE check_id = $1 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3',
          [checkId, sinceAt, limit],
        )
        return rows.map(toFlip)
      })
    },

    between(checkId, { fromAt, untilAt }) {
      return sql.read(function* () {
        const rows = yield* all<FlipRow>(
          'SELECT * FROM flips WHERE check_id = $1 AND at >= $2 AND at < $3 ORDER BY id DESC',
          [checkId, fromAt, untilAt],
        )
        return rows.map(toFlip)
      })
    },

    page(checkId, { fromAt, untilAt, beforeId, limit }) {
      return sql.read(function* () {
        const rows = yield* all<FlipRow>(
          `SELECT * FROM flips WHERE check_id = $1 AND at >= $2 AND at < $3 AND id < $4
           ORDER BY id DESC LIMIT $5`,
          [checkId, fromAt, untilAt, beforeId, limit + 1],
        )
        const shown = rows.slice(0, limit)
        return { flips: shown.map(toFlip), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
      })
    },
  }
}

export interface FlipRow {
  id: number
  at: number
  from_status: Flip['from']
  to_status: Flip['to']
  reason: Flip['reason']
  silent: number
  by_whom: string
}

export function toFlip(row: FlipRow): Flip {
  return {
    at: row.at,
    from: row.from_status,
    to: row.to_status,
    reason: row.reason,
    silent: row.silent === 1,
    ...(row.by_whom === '' ? {} : { by: row.by_whom }),
  }
}
