import type { Flip } from '../core/check'
import type { Instant } from '../core/time'
import { all } from './sql'
import type { Sql } from './sql'

export interface FlipStore {
  /** Newest first by when they happened; those that happened before `sinceAt` are left out. */
  latest(checkId: number, options: { sinceAt: Instant; limit: number }): Promise<Flip[]>
}

export function flipStore(sql: Sql): FlipStore {
  return {
    latest(checkId, { sinceAt, limit }) {
      return sql.read(function* () {
        const rows = yield* all<FlipRow>(
          'SELECT * FROM flips WHERE check_id = $1 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3',
          [checkId, sinceAt, limit],
        )
        return rows.map(toFlip)
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
}

export function toFlip(row: FlipRow): Flip {
  return {
    at: row.at,
    from: row.from_status,
    to: row.to_status,
    reason: row.reason,
    silent: row.silent === 1,
  }
}
