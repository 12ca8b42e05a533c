import type { Ping } from '../core/ping'
import { all, clean, one } from './sql'
import type { Sql, Value, Work } from './sql'

export interface PingStore {
  /** Newest first, without bodies; only those numbered above `afterN`, and below `beforeN` if it is said. */
  latest(checkId: number, options: { afterN: number; beforeN?: number; limit: number }): Promise<Ping[]>
  find(checkId: number, n: number): Promise<Ping | null>
  /** The number of the newest success or failure among those numbered above `afterN`. */
  lastEnd(checkId: number, afterN: number): Promise<number | null>
  /** The one with the lowest number above `afterN` that is stored. */
  oldest(checkId: number, afterN?: number): Promise<Ping | null>
  /** Null when the ping has none, or there is no such ping. */
  body(checkId: number, n: number): Promise<Buffer | null>
}

/** All but the body, which lies behind the rest and is only fetched when somebody wants to see it. */
export const PING_COLUMNS =
  'n, at, kind, scheme, method, user_agent, remote_address, exit_status, run_id, body_bytes'

export function pingStore(sql: Sql): PingStore {
  return {
    latest(checkId, { afterN, beforeN = Number.MAX_SAFE_INTEGER, limit }) {
      return sql.read(function* () {
        const rows = yield* all<PingRow>(
          `SELECT ${PING_COLUMNS} FROM pings WHERE check_id = $1 AND n > $2 AND n < $3 ORDER BY n DESC LIMIT $4`,
          [checkId, afterN, beforeN, limit],
        )
        return rows.map(toPing)
      })
    },

    find(checkId, n) {
      return sql.read(function* () {
        const row = yield* one<PingRow>(`SELECT ${PING_COLUMNS} FROM pings WHERE check_id = $1 AND n = $2`, [
          checkId,
          n,
        ])
        return row ? toPing(row) : null
      })
    },

    lastEnd(checkId, afterN) {
      return sql.read(function* () {
        const row = yield* one<{ n: number }>(
          `SELECT n FROM pings WHERE check_id = $1 AND n > $2 AND kind IN ('success', 'fail')
           ORDER BY n DESC LIMIT 1`,
          [checkId, afterN],
        )
        return row?.n ?? null
      })
    },

    oldest(checkId, afterN = 0) {
      return sql.read(function* () {
        const row = yield* one<PingRow>(
          `SELECT ${PING_COLUMNS} FROM pings WHERE check_id = $1 AND n > $2 ORDER BY n LIMIT 1`,
          [checkId, afterN],
        )
        return row ? toPing(row) : null
      })
    },

    body(checkId, n) {
      return sql.read(function* () {
        const row = yield* one<{ body: Buffer | null }>(
          'SELECT body FROM pings WHERE check_id = $1 AND n = $2',
          [checkId, n],
        )
        return row?.body ?? null
      })
    },
  }
}

/**
 * By flip the newest ping that is not younger ([A22] of spec/alerting.md), with its body unless that is
 * larger than wanted.
 */
export function* lastPingsOfFlips(
  sql: Sql,
  flipIds: readonly number[],
  maxBodyBytes: number,
): Work<Map<number, { ping: Ping; body: Buffer | null }>> {
  const columns = PING_COLUMNS.split(', ').map((column) => `pings.${column}`)
  const rows = yield* all<PingRow & { flip_id: number; body: Buffer | null }>(
    `SELECT flips.id AS flip_id, ${columns.join(', ')}, CASE WHEN body_bytes <= $2 THEN body END AS body
     FROM flips JOIN pings ON pings.check_id = flips.check_id AND pings.n = (
       SELECT latest.n FROM pings latest WHERE latest.check_id = flips.check_id AND latest.at <= flips.at
       ORDER BY latest.n DESC LIMIT 1)
     WHERE ${sql.among('flips.id', '$1', 'bigint')}`,
    [JSON.stringify(flipIds), maxBodyBytes],
  )
  return new Map(rows.map((row) => [row.flip_id, { ping: toPing(row), body: row.body }]))
}

export function pingValues(checkId: number, ping: Ping, body: Buffer | null): Record<string, Value> {
  return {
    check_id: checkId,
    n: ping.n,
    at: ping.at,
    kind: ping.kind,
    scheme: ping.scheme,
    method: clean(ping.method),
    user_agent: clean(ping.userAgent),
    remote_address: ping.remoteAddress,
    exit_status: ping.exitStatus,
    run_id: ping.runId,
    body_bytes: ping.bodyBytes,
    body,
  }
}

export interface PingRow {
  n: number
  at: number
  kind: Ping['kind']
  scheme: Ping['scheme']
  method: string
  user_agent: string
  remote_address: string | null
  exit_status: number | null
  run_id: string | null
  body_bytes: number
}

export function toPing(row: PingRow): Ping {
  return {
    n: row.n,
    at: row.at,
    kind: row.kind,
    scheme: row.scheme,
    method: row.method,
    userAgent: row.user_agent,
    remoteAddress: row.remote_address,
    exitStatus: row.exit_status,
    runId: row.run_id,
    bodyBytes: row.body_bytes,
  }
}
