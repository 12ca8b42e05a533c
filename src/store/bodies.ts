import { isLarge } from '../core/stored-body'
import type { Instant } from '../core/time'
import { all, insert, one, run } from './sql'
import type { Sql, Value, Work } from './sql'

/** A ping body that is to be moved to object storage. */
export interface WaitingBody {
  id: number
  checkId: number
  checkCode: string
  /** Of the ping. */
  n: number
  bytes: number
}

/** Some of what waits, in the order in which it came. */
export interface WaitingCount {
  count: number
  bytes: number
  oldestAt: Instant | null
  /** Count on from here; null: that was all. */
  lastId: number | null
}

/** Ping bodies on their way from the database to object storage. */
export interface BodyStore {
  /**
   * Takes up to `limit` bodies for this instance, the newest first, so that what was reported last can be
   * read first when storage comes back. If this instance dies, they fall due again at `leaseUntilAt`.
   */
  claim(nowAt: Instant, leaseUntilAt: Instant, limit: number): Promise<WaitingBody[]>
  /**
   * These are in object storage now: clears them here. Gives those whose ping is gone meanwhile, so that
   * nothing names their objects any more.
   */
  moved(bodies: readonly WaitingBody[]): Promise<WaitingBody[]>
  /** The same for the body of one ping, wherever it stands in the queue. */
  movedAtOnce(checkId: number, n: number): Promise<void>
  /** Could not be moved: they wait for another turn. */
  putBack(ids: readonly number[], dueAt: Instant): Promise<void>
  /** What a process that is gone had claimed is due at once. Only for a database with one instance. */
  releaseAll(): Promise<void>
  /** Counts up to `limit` of what waits behind `afterId`. */
  waiting(afterId: number, limit: number): Promise<WaitingCount>
  /** Those of the codes that belong to a check. */
  codesInUse(codes: readonly string[]): Promise<string[]>
  anyCheck(): Promise<boolean>
}

export function bodyStore(sql: Sql): BodyStore {
  return {
    claim(nowAt, leaseUntilAt, limit) {
      return sql.transaction(function* () {
        const rows = yield* all<Row>(
          `SELECT id, check_id, n, bytes FROM waiting_bodies WHERE due_at <= $1
           ORDER BY id DESC LIMIT $2 ${sql.forUpdateSkipLocked}`,
          [nowAt, limit],
        )
        if (rows.length === 0) return []
        const checks = yield* all<{ id: number; code: string }>(
          `SELECT id, code FROM checks WHERE ${sql.among('id', '$1', 'bigint')}`,
          [JSON.stringify([...new Set(rows.map((row) => row.check_id))])],
        )
        const codes = new Map(checks.map(({ id, code }) => [id, code]))
        const bodies = rows.flatMap((row): WaitingBody[] => {
          const checkCode = codes.get(row.check_id)
          if (checkCode === undefined) return []
          return [{ id: row.id, checkId: row.check_id, checkCode, n: row.n, bytes: row.bytes }]
        })
        yield* forget(rows.filter((row) => !codes.has(row.check_id)).map(({ id }) => id))
        yield* postpone(
          bodies.map(({ id }) => id),
          leaseUntilAt,
        )
        return bodies
      })
    },

    moved(bodies) {
      return sql.transaction(function* () {
        const ids = bodies.map(({ id }) => id)
        const cleared = yield* all<{ check_id: number; n: number }>(
          `UPDATE pings SET body = NULL
           WHERE (check_id, n) IN (
             SELECT check_id, n FROM waiting_bodies WHERE ${sql.among('id', '$1', 'bigint')})
           RETURNING check_id, n`,
          [JSON.stringify(ids)],
        )
        yield* forget(ids)
        const there = new Set(cleared.map(({ check_id, n }) => `${check_id} ${n}`))
        return bodies.filter(({ checkId, n }) => !there.has(`${checkId} ${n}`))
      })
    },

    movedAtOnce: (checkId, n) =>
      sql.transaction(function* () {
        yield* run('UPDATE pings SET body = NULL WHERE check_id = $1 AND n = $2', [checkId, n])
      }),

    putBack: (ids, dueAt) => sql.transaction(() => postpone(ids, dueAt)),

    releaseAll: () => sql.transaction(() => run('UPDATE waiting_bodies SET due_at = 0 WHERE due_at > 0')),

    waiting: (afterId, limit) =>
      sql.read(function* () {
        const row = yield* one<{ count: number; bytes: number; oldest_at: number; last_id: number }>(
          `SELECT COUNT(*) AS count, CAST(SUM(bytes) AS BIGINT) AS bytes, MIN(at) AS oldest_at, MAX(id) AS last_id
           FROM (SELECT id, bytes, at FROM waiting_bodies WHERE id > $1 ORDER BY id LIMIT $2) part`,
          [afterId, limit],
        )
        if (!row || row.count === 0) return { count: 0, bytes: 0, oldestAt: null, lastId: null }
        const lastId = row.count < limit ? null : row.last_id
        return { count: row.count, bytes: row.bytes, oldestAt: row.oldest_at, lastId }
      }),

    codesInUse: (codes) =>
      sql.read(function* () {
        const rows = yield* all<{ code: string }>(
          `SELECT code FROM checks WHERE ${sql.among('code', '$1', 'text')}`,
          [JSON.stringify(codes)],
        )
        return rows.map(({ code }) => code)
      }),

    anyCheck: () =>
      sql.read(function* () {
        return (yield* one('SELECT 1 AS found FROM checks LIMIT 1')) !== null
      }),
  }

  function* forget(ids: readonly number[]): Work<void> {
    if (ids.length === 0) return
    yield* run(`DELETE FROM waiting_bodies WHERE ${sql.among('id', '$1', 'bigint')}`, [JSON.stringify(ids)])
  }

  function* postpone(ids: readonly number[], dueAt: Instant): Work<void> {
    if (ids.length === 0) return
    yield* run(`UPDATE waiting_bodies SET due_at = $2 WHERE ${sql.among('id', '$1', 'bigint')}`, [
      JSON.stringify(ids),
      dueAt,
    ])
  }
}

/** The step of the transaction that records pings: their large bodies are to be moved from `dueAt` on. */
export function* queueBodies(pings: readonly Record<string, Value>[], dueAt: Instant): Work<void> {
  const large = pings.filter(({ body_bytes }) => isLarge(Number(body_bytes)))
  yield* insert(
    'waiting_bodies',
    large.map(({ check_id, n, at, body_bytes }) => ({
      check_id: check_id ?? null,
      n: n ?? null,
      bytes: body_bytes ?? null,
      at: at ?? null,
      due_at: dueAt,
    })),
  )
}

interface Row {
  id: number
  check_id: number
  n: number
  bytes: number
}
