import type { AccessToken } from '../core/api-key'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import { keptKeys, shownKey } from './kept-keys'
import type { KeptKeys, KeyRow, NewKey } from './kept-keys'
import { all, one } from './sql'
import type { Sql } from './sql'
import { toUser } from './users'
import type { UserRow } from './users'

/** A token that may be the one that is asked for, if its digest agrees. */
export interface TokenCandidate {
  token: AccessToken
  digest: string
  user: User
}

export interface AccessTokenStore extends Pick<KeptKeys<AccessToken>, 'remove' | 'noteUse'> {
  /** All tokens with this look-up part that have not expired: hardly ever more than one. */
  candidates(lookUp: string, nowAt: Instant): Promise<TokenCandidate[]>
  /** By creation, expired ones too. */
  ofUser(userId: number): Promise<AccessToken[]>
  /** 'full' when the account has `limit` tokens that have not expired; 'taken' when there is this one already. */
  add(token: NewKey & { userId: number }, limit: number): Promise<AccessToken | 'full' | 'taken'>
  /** Says how many there were. */
  removeOfUser(userId: number): Promise<number>
}

export function accessTokenStore(sql: Sql, newCode: () => string): AccessTokenStore {
  const kept = keptKeys(
    sql,
    { table: 'access_tokens', owner: 'user_id', owners: 'users' },
    { newCode, toKey: toToken },
  )
  return {
    ofUser: kept.of,
    add: (token, limit) => kept.add(token.userId, token, limit),
    remove: kept.remove,
    removeOfUser: kept.removeAllOf,
    noteUse: kept.noteUse,

    candidates: (lookUp, nowAt) =>
      sql.read(function* () {
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
      }),
  }
}

type TokenRow = KeyRow & { user_id: number }

function toToken(row: TokenRow): AccessToken {
  return { ...shownKey(row), userId: row.user_id }
}
