import type { Instant } from '../core/time'
import { clean, insert, one, run } from './sql'
import type { Sql, Work } from './sql'

/** What a token is good for. */
export type TokenPurpose =
  'sign-in' | 'sign-up' | 'reset' | 'second-step' | 'sudo-code' | 'new-email' | 'not-me' | 'invited' | 'spent'

/** Something secret that somebody brings back later, once. */
export interface AccountToken {
  /** A digest of the secret, which itself is not kept. */
  key: string
  purpose: TokenPurpose
  /** Null when there is no such account (yet). */
  userId: number | null
  value: Record<string, unknown>
  createdAt: Instant
  expiresAt: Instant
}

export interface TokenStore {
  add(token: AccountToken): Promise<void>
  /** Looks without using it up. Null when there is none, or it has expired. */
  find(key: string, purpose: TokenPurpose, nowAt: Instant): Promise<AccountToken | null>
  /** Uses it up: of two at once, one gets it. */
  take(key: string, purpose: TokenPurpose, nowAt: Instant): Promise<AccountToken | null>
  /** Remembers something that may be used once, and says whether this was the first time. */
  spend(key: string, nowAt: Instant, expiresAt: Instant): Promise<boolean>
  removeOf(userId: number, purpose: TokenPurpose): Promise<void>
  prune(nowAt: Instant): Promise<void>
}

export function tokenStore(sql: Sql): TokenStore {
  return {
    add: (token) => sql.transaction(() => addToken(token)),

    find: (key, purpose, nowAt) =>
      sql.read(function* () {
        const row = yield* one<TokenRow>(
          'SELECT * FROM account_tokens WHERE key = $1 AND purpose = $2 AND expires_at > $3',
          [key, purpose, nowAt],
        )
        return row && toToken(row)
      }),

    take: (key, purpose, nowAt) => sql.transaction(() => takeToken(key, purpose, nowAt)),

    spend: (key, nowAt, expiresAt) =>
      sql.transaction(function* () {
        const values = toValues({
          key,
          purpose: 'spent',
          userId: null,
          value: {},
          createdAt: nowAt,
          expiresAt,
        })
        const [first] = yield* insert<{ key: string }>(
          'account_tokens',
          [values],
          'ON CONFLICT (key) DO NOTHING RETURNING key',
        )
        return first !== undefined
      }),

    removeOf: (userId, purpose) => sql.transaction(() => removeTokens(userId, purpose)),

    prune: (nowAt) =>
      sql.transaction(() => run('DELETE FROM account_tokens WHERE expires_at <= $1', [nowAt])),
  }
}

/** The step of a larger transaction that keeps a token. */
export function* addToken(token: AccountToken): Work<void> {
  yield* insert('account_tokens', [toValues(token)])
}

/** The step of a larger transaction that uses a token up. */
export function* takeToken(key: string, purpose: TokenPurpose, nowAt: Instant): Work<AccountToken | null> {
  const row = yield* one<TokenRow>(
    'DELETE FROM account_tokens WHERE key = $1 AND purpose = $2 AND expires_at > $3 RETURNING *',
    [key, purpose, nowAt],
  )
  return row && toToken(row)
}

export function* removeTokens(userId: number, purpose: TokenPurpose): Work<void> {
  yield* run('DELETE FROM account_tokens WHERE user_id = $1 AND purpose = $2', [userId, purpose])
}

interface TokenRow {
  key: string
  purpose: TokenPurpose
  user_id: number | null
  value: string
  created_at: number
  expires_at: number
}

function toValues(token: AccountToken) {
  return {
    key: token.key,
    purpose: token.purpose,
    user_id: token.userId,
    value: clean(JSON.stringify(token.value)),
    created_at: token.createdAt,
    expires_at: token.expiresAt,
  }
}

function toToken(row: TokenRow): AccountToken {
  return {
    key: row.key,
    purpose: row.purpose,
    userId: row.user_id,
    value: JSON.parse(row.value) as Record<string, unknown>,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
