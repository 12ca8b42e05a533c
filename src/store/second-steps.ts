import type { Instant } from '../core/time'
import { all, insert, one, run } from './sql'
import type { Sql } from './sql'

/** What an account has besides its password. */
export interface SecondSteps {
  /** `secret` as it was given. */
  totp: { secret: string; sinceAt: Instant } | null
  passkeys: number
  recovery: { left: number; madeAt: Instant | null }
  /** Null when there is no password, or it was set before this was kept. */
  passwordSetAt: Instant | null
}

export interface SecondStepStore {
  of(userId: number): Promise<SecondSteps>
  setTotp(userId: number, secret: string, nowAt: Instant, step: number): Promise<void>
  /** The same secret in other words; nothing when it is no longer `from`. */
  resealTotp(userId: number, from: string, to: string): Promise<void>
  removeTotp(userId: number): Promise<void>
  /** Uses the code of a time step up; false when that one, or a later one, was used already. */
  useTotpStep(userId: number, step: number): Promise<boolean>
  /** Replaces all of them. */
  setRecoveryCodes(userId: number, digests: readonly string[], nowAt: Instant): Promise<void>
  /** How many are left after using this one up; null when it is none of theirs. */
  useRecoveryCode(userId: number, digest: string): Promise<number | null>
}

export function secondStepStore(sql: Sql): SecondStepStore {
  return {
    of: (userId) =>
      sql.read(function* () {
        const user = yield* one<UserRow>(
          'SELECT totp_secret, totp_since_at, password_set_at FROM users WHERE id = $1',
          [userId],
        )
        const passkeys = yield* one<{ count: number }>(
          'SELECT COUNT(*) AS count FROM passkeys WHERE user_id = $1',
          [userId],
        )
        const codes = yield* one<{ count: number; made_at: number | null }>(
          'SELECT COUNT(*) AS count, MAX(created_at) AS made_at FROM recovery_codes WHERE user_id = $1',
          [userId],
        )
        const secret = user?.totp_secret ?? null
        return {
          totp: secret === null ? null : { secret, sinceAt: user?.totp_since_at ?? 0 },
          passkeys: passkeys?.count ?? 0,
          recovery: { left: codes?.count ?? 0, madeAt: codes?.made_at ?? null },
          passwordSetAt: user?.password_set_at ?? null,
        }
      }),

    setTotp: (userId, secret, nowAt, step) =>
      sql.transaction(() =>
        run('UPDATE users SET totp_secret = $2, totp_since_at = $3, totp_step = $4 WHERE id = $1', [
          userId,
          secret,
          nowAt,
          step,
        ]),
      ),

    resealTotp: (userId, from, to) =>
      sql.transaction(() =>
        run('UPDATE users SET totp_secret = $3 WHERE id = $1 AND totp_secret = $2', [userId, from, to]),
      ),

    removeTotp: (userId) =>
      sql.transaction(() =>
        run('UPDATE users SET totp_secret = NULL, totp_since_at = NULL, totp_step = NULL WHERE id = $1', [
          userId,
        ]),
      ),

    useTotpStep: (userId, step) =>
      sql.transaction(function* () {
        const used = yield* one<{ id: number }>(
          'UPDATE users SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2) RETURNING id',
          [userId, step],
        )
        return used !== null
      }),

    setRecoveryCodes: (userId, digests, nowAt) =>
      sql.transaction(function* () {
        yield* run('DELETE FROM recovery_codes WHERE user_id = $1', [userId])
        yield* insert(
          'recovery_codes',
          digests.map((digest) => ({ user_id: userId, digest, created_at: nowAt })),
        )
      }),

    useRecoveryCode: (userId, digest) =>
      sql.transaction(function* () {
        const used = yield* all<{ digest: string }>(
          'DELETE FROM recovery_codes WHERE user_id = $1 AND digest = $2 RETURNING digest',
          [userId, digest],
        )
        if (used.length === 0) return null
        const left = yield* one<{ count: number }>(
          'SELECT COUNT(*) AS count FROM recovery_codes WHERE user_id = $1',
          [userId],
        )
        return left?.count ?? 0
      }),
  }
}

interface UserRow {
  totp_secret: string | null
  totp_since_at: number | null
  password_set_at: number | null
}
