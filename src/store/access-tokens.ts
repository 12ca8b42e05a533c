import type { AccessToken, KeyAccess } from '../core/api-key'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import type { NewApiKey } from './api-keys'
import { all, clean, insert, one, run } from './sql'
import type { Sql } from './sql'
import { toUser } from './users'
import type { UserRow } from './users'

/** A token to be: of the token itself only what it is found and recognised by. */
export type NewAccessToken = Omit<NewApiKey, 'projectId' | 'createdBy'> & { userId: number }

/** A token that may be the one that is asked for, if its digest agrees. */
export interface TokenCandidate {
  token: AccessToken
  digest: string
  user: User
}

export interface AccessTokenStore {
  /** All tokens with this look-up part that have not expired: hardly ever more than one. */
  candidates(lookUp: string, nowAt: Instant): Promise<TokenCandidate[]>
  /** By creation, expired ones too. */
  ofUser(userId: number): Promise<AccessToken[]>
  /** 'full' when the account has `limit` tokens that have not expired; 'taken' when there is this one already. */
  add(token: NewAccessToken, limit: number): Promise<AccessToken | 'full' | 'taken'>
  /** False when there was none. */
  remove(id: number): Promise<boolean>
  /** Notes a use, unless one since `unlessSinceAt` is noted already. */
  noteUse(id: number, use: { at: Instant; from: string | null; unlessSinceAt: Instant }): Promise<void>
}

export function accessTokenStore(sql: Sql, newCode: () => string): AccessTokenStore {
  return {
    candidates(lookUp, nowAt) {
      return sql.read(function* () {
        const rows = yield* all<TokenRow>(
          `SELECT * FROM access_tokens WHERE look_up = $1 AND (expires_at IS NULL OR expires_at > $2)`,
          [lookUp, nowAt],
        )
        const found: TokenCandidate[] = []
        for (const row of rows) {
          const user = yield* one<UserRow>('SELECT * FROM users WHERE id = $1', [row.user_id])
          if (user) found.push({ token: toToken(row), digest: row.digest, user: toUser(user) })
        }
        return found
      })
    },

    ofUser(userId) {
      return sql.read(function* () {
        const rows = yield* all<TokenRow>('SELECT * FROM access_tokens WHERE user_id = $1 ORDER BY id', [
          userId,
        ])
        return rows.map(toToken)
      })
    },

    add(token, limit) {
      return sql.transaction(function* () {
        // Locked, so that two at once see each other.
        yield* one(`SELECT id FROM users WHERE id = $1 ${sql.forUpdate}`, [token.userId])
        const active = yield* all(
          'SELECT id FROM access_tokens WHERE user_id = $1 AND (expires_at IS NULL OR expires_at > $2)',
          [token.userId, token.createdAt],
        )
        if (active.length >= limit) return 'full'
        const values = {
          user_id: token.userId,
          code: newCode(),
          name: clean(token.name),
          access: token.access,
          prefix: token.prefix,
          look_up: token.lookUp,
          digest: token.digest,
          created_at: token.createdAt,
          expires_at: token.expiresAt,
        }
        const suffix = 'ON CONFLICT (digest) DO NOTHING RETURNING *'
        const [row] = yield* insert<TokenRow>('access_tokens', [values], suffix)
        return row ? toToken(row) : 'taken'
      })
    },

    remove(id) {
      return sql.transaction(function* () {
        const gone = yield* all('DELETE FROM access_tokens WHERE id = $1 RETURNING id', [id])
        return gone.length > 0
      })
    },

    noteUse: (id, { at, from, unlessSinceAt }) =>
      sql.transaction(() =>
        run(
          `UPDATE access_tokens SET last_used_at = $2, last_used_from = $3
           WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $4)`,
          [id, at, from, unlessSinceAt],
        ),
      ),
  }
}

interface TokenRow {
  id: number
  user_id: number
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

function toToken(row: TokenRow): AccessToken {
  return {
    id: row.id,
    userId: row.user_id,
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
