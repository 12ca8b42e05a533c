import type { KeyAccess } from '../core/api-key'
import type { Instant } from '../core/time'
import { all, clean, insert, one, run } from './sql'
import type { Sql } from './sql'

/** What the keys of projects and the tokens of people have in common. Of a key only this is kept. */
export interface NewKey {
  name: string
  access: KeyAccess
  /** Its first four characters. */
  prefix: string
  /** The next eight. */
  lookUp: string
  /** Keyed hash of the whole, in hex. */
  digest: string
  createdAt: Instant
  /** Null: never. */
  expiresAt: Instant | null
}

export interface KeptKeys<K> {
  /** By creation, expired ones too. */
  of(ownerId: number): Promise<K[]>
  /** 'full' when the owner has `limit` that have not expired; 'taken' when there is this one already. */
  add(
    ownerId: number,
    key: NewKey,
    limit: number,
    more?: Record<string, string>,
  ): Promise<K | 'full' | 'taken'>
  /** False when there was none. */
  remove(id: number): Promise<boolean>
  /** Says how many. */
  removeAllOf(ownerId: number): Promise<number>
  /** Notes a use, unless one since `unlessSinceAt` is noted already. */
  noteUse(id: number, use: { at: Instant; from: string | null; unlessSinceAt: Instant }): Promise<void>
}

export interface KeyRow {
  id: number
  code: string
  name: string
  access: KeyAccess
  prefix: string
  look_up: string
  digest: string
  created_at: number
  last_used_at: number | null
  last_used_from: string | null
  expires_at: number | null
}

/** `owner`: the column that says whose a key is, which is an id in `owners`. */
export function keptKeys<R extends KeyRow, K>(
  sql: Sql,
  { table, owner, owners }: { table: string; owner: string; owners: string },
  { newCode, toKey }: { newCode: () => string; toKey: (row: R) => K },
): KeptKeys<K> {
  return {
    of: (ownerId) =>
      sql.read(function* () {
        return (yield* all<R>(`SELECT * FROM ${table} WHERE ${owner} = $1 ORDER BY id`, [ownerId])).map(toKey)
      }),

    add: (ownerId, key, limit, more = {}) =>
      sql.transaction(function* () {
        // Locked, so that two at once see each other.
        yield* one(`SELECT id FROM ${owners} WHERE id = $1 ${sql.forUpdate}`, [ownerId])
        const active = yield* all(
          `SELECT id FROM ${table} WHERE ${owner} = $1 AND (expires_at IS NULL OR expires_at > $2)`,
          [ownerId, key.createdAt],
        )
        if (active.length >= limit) return 'full'
        const values = { [owner]: ownerId, code: newCode(), ...toValues(key), ...more }
        const suffix = 'ON CONFLICT (digest) DO NOTHING RETURNING *'
        const [row] = yield* insert<R>(table, [values], suffix)
        return row ? toKey(row) : 'taken'
      }),

    remove: (id) =>
      sql.transaction(function* () {
        return (yield* all(`DELETE FROM ${table} WHERE id = $1 RETURNING id`, [id])).length > 0
      }),

    removeAllOf: (ownerId) =>
      sql.transaction(function* () {
        return (yield* all(`DELETE FROM ${table} WHERE ${owner} = $1 RETURNING id`, [ownerId])).length
      }),

    noteUse: (id, { at, from, unlessSinceAt }) =>
      sql.transaction(() =>
        run(
          `UPDATE ${table} SET last_used_at = $2, last_used_from = $3
           WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $4)`,
          [id, at, from, unlessSinceAt],
        ),
      ),
  }
}

function toValues(key: NewKey) {
  return {
    name: clean(key.name),
    access: key.access,
    prefix: key.prefix,
    look_up: key.lookUp,
    digest: key.digest,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
  }
}

/** What people see of either. */
export function shownKey(row: KeyRow) {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    access: row.access,
    hint: row.prefix + row.look_up.slice(0, 4),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    lastUsedFrom: row.last_used_from,
    expiresAt: row.expires_at,
  }
}
