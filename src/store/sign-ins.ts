import type { Instant } from '../core/time'
import type { User } from '../core/user'
import { all, clean, insert, one, run } from './sql'
import type { Sql } from './sql'
import { toUser } from './users'
import type { UserRow } from './users'

/** Most browsers that one person is signed in with; the oldest go: spec/web-ui.md §16.1. */
const MOST = 50

/** A message shown once, on the next page. */
export interface Flash {
  tone: 'info' | 'success' | 'warning' | 'error'
  text: string
  /** What to do next. */
  link?: { text: string; url: string }
}

/** How somebody showed who they are. */
export type SignInMethod = 'password' | 'link' | 'passkey' | 'set-up' | 'sign-up' | 'single sign-on'

/** How somebody showed it once more, for something dangerous: spec/web-ui.md A11. */
export type SudoWay = 'passkey' | 'totp' | 'password' | 'code' | 'email'

/** A browser in which somebody is signed in. */
export interface SignIn {
  /** SHA-256 of the cookie's secret, in hex: the secret itself is not kept. */
  key: string
  userId: number
  /** What forms of this browser carry. */
  csrf: string
  createdAt: Instant
  seenAt: Instant
  expiresAt: Instant
  address: string | null
  agent: string
  method: SignInMethod
  /** Until when dangerous things may be done without showing again who it is. */
  sudo: { untilAt: Instant; by: SudoWay } | null
  /** The secret of an authenticator app that is being set up, as it was given. */
  totpDraft: string | null
  flash: Flash | null
}

export type NewSignIn = Omit<SignIn, 'flash' | 'seenAt' | 'method' | 'sudo' | 'totpDraft'> & {
  method?: SignInMethod
}

export interface SignInStore {
  add(signIn: NewSignIn): Promise<void>
  /** Null when there is none, or it has expired. */
  find(key: string, nowAt: Instant): Promise<{ signIn: SignIn; user: User } | null>
  touch(key: string, seenAt: Instant, expiresAt: Instant): Promise<void>
  /** Those of a person that have not expired, the last used first. */
  ofUser(userId: number, nowAt: Instant): Promise<SignIn[]>
  setFlash(key: string, flash: Flash | null): Promise<void>
  setTotpDraft(key: string, secret: string | null): Promise<void>
  /** Goes on under another key, so that whoever knows the old one is out. */
  rotate(key: string, newKey: string, changes?: { sudo?: SignIn['sudo'] }): Promise<void>
  remove(key: string): Promise<void>
  /** Ends every sign-in of a person, except one that may be named. */
  removeOfUser(userId: number, options?: { exceptKey?: string }): Promise<void>
  /** Removes what has expired. */
  prune(nowAt: Instant): Promise<void>
}

export function signInStore(sql: Sql): SignInStore {
  return {
    add(signIn) {
      return sql.transaction(function* () {
        yield* insert('sign_ins', [
          {
            key: signIn.key,
            user_id: signIn.userId,
            csrf: signIn.csrf,
            created_at: signIn.createdAt,
            seen_at: signIn.createdAt,
            expires_at: signIn.expiresAt,
            address: signIn.address,
            agent: clean(signIn.agent),
            method: signIn.method ?? 'password',
          },
        ])
        yield* run(
          `DELETE FROM sign_ins WHERE key IN (
             SELECT key FROM sign_ins WHERE user_id = $1 ORDER BY seen_at DESC, key LIMIT $3 OFFSET $2)`,
          [signIn.userId, MOST, MOST],
        )
      })
    },

    find(key, nowAt) {
      return sql.read(function* () {
        const row = yield* one<SignInRow>('SELECT * FROM sign_ins WHERE key = $1 AND expires_at > $2', [
          key,
          nowAt,
        ])
        if (!row) return null
        const [user] = yield* all<UserRow>('SELECT * FROM users WHERE id = $1 AND disabled = 0', [
          row.user_id,
        ])
        return user ? { signIn: toSignIn(row), user: toUser(user) } : null
      })
    },

    touch: (key, seenAt, expiresAt) =>
      sql.transaction(() =>
        run('UPDATE sign_ins SET seen_at = $2, expires_at = $3 WHERE key = $1', [key, seenAt, expiresAt]),
      ),

    ofUser: (userId, nowAt) =>
      sql.read(function* () {
        const rows = yield* all<SignInRow>(
          'SELECT * FROM sign_ins WHERE user_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, key',
          [userId, nowAt],
        )
        return rows.map(toSignIn)
      }),

    setTotpDraft: (key, secret) =>
      sql.transaction(() => run('UPDATE sign_ins SET totp_draft = $2 WHERE key = $1', [key, secret])),

    rotate: (key, newKey, { sudo } = {}) =>
      sql.transaction(function* () {
        if (sudo !== undefined) {
          yield* run('UPDATE sign_ins SET sudo_until_at = $2, sudo_by = $3 WHERE key = $1', [
            key,
            sudo?.untilAt ?? null,
            sudo?.by ?? null,
          ])
        }
        yield* run('UPDATE sign_ins SET key = $2 WHERE key = $1', [key, newKey])
      }),

    setFlash: (key, flash) =>
      sql.transaction(() =>
        run('UPDATE sign_ins SET flash = $2 WHERE key = $1', [key, flash && clean(JSON.stringify(flash))]),
      ),

    remove: (key) => sql.transaction(() => run('DELETE FROM sign_ins WHERE key = $1', [key])),

    removeOfUser: (userId, { exceptKey = '' } = {}) =>
      sql.transaction(() =>
        run('DELETE FROM sign_ins WHERE user_id = $1 AND key <> $2', [userId, exceptKey]),
      ),

    prune: (nowAt) => sql.transaction(() => run('DELETE FROM sign_ins WHERE expires_at <= $1', [nowAt])),
  }
}

interface SignInRow {
  key: string
  user_id: number
  csrf: string
  created_at: number
  seen_at: number
  expires_at: number
  address: string | null
  agent: string
  method: SignInMethod
  sudo_until_at: number | null
  sudo_by: SudoWay | null
  totp_draft: string | null
  flash: string | null
}

function toSignIn(row: SignInRow): SignIn {
  return {
    key: row.key,
    userId: row.user_id,
    csrf: row.csrf,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    address: row.address,
    agent: row.agent,
    method: row.method,
    sudo:
      row.sudo_until_at === null || row.sudo_by === null
        ? null
        : { untilAt: row.sudo_until_at, by: row.sudo_by },
    totpDraft: row.totp_draft,
    flash: row.flash === null ? null : (JSON.parse(row.flash) as Flash),
  }
}
