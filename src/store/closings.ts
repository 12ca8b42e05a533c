import type { Instant } from '../core/time'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { queuePurges } from './purges'
import { all, one, run } from './sql'
import type { Sql } from './sql'

/** How an account goes: at once out of reach, then piece by piece, since it may be large. */
export interface ClosingStore {
  /**
   * Nobody can use the account, its keys and its ping keys any more. `mail` is sent when all is gone;
   * `{objects}` in it becomes the number of bodies that were removed from object storage.
   */
  begin(
    userId: number,
    closing: { code: string; mail: Pick<NewMail, 'recipient' | 'template' | 'model'> | null; nowAt: Instant },
  ): Promise<'begun' | 'last administrator' | 'gone'>
  /**
   * Gives an account a day on which it is closed, or null for none, and queues the mail about it. False: it is not
   * there, or is being closed already.
   */
  plan(userId: number, closeAt: Instant | null, mail: NewMail | null): Promise<boolean>
  /** The account whose day came first. */
  due(nowAt: Instant): Promise<number | null>
  /** Removes up to `limit` of its checks; with the last of them goes the account. False: there is more. */
  goOn(userId: number, limit: number): Promise<boolean>
  /** An account that is not gone yet. */
  next(): Promise<number | null>
  /** Sends the mail of a closing of which nothing is left; false when there was none. */
  finishOne(nowAt: Instant): Promise<boolean>
}

const OWNED = 'SELECT id FROM projects WHERE owner_id = $1'

export function closingStore(sql: Sql): ClosingStore {
  return {
    begin: (userId, { code, mail, nowAt }) =>
      sql.transaction(function* () {
        const user = yield* one<{ is_admin: number; closing: string | null }>(
          `SELECT is_admin, closing FROM users WHERE id = $1 ${sql.forUpdate}`,
          [userId],
        )
        if (!user || user.closing !== null) return 'gone'
        const others = yield* all<{ id: number }>(
          `SELECT id FROM users WHERE is_admin = 1 AND disabled = 0 AND id <> $1 ORDER BY id ${sql.forUpdate}`,
          [userId],
        )
        if (user.is_admin === 1 && others.length === 0) return 'last administrator'
        yield* run('UPDATE users SET disabled = 1, closing = $2, password_hash = NULL WHERE id = $1', [
          userId,
          code,
        ])
        for (const table of [
          'sign_ins',
          'account_tokens',
          'passkeys',
          'recovery_codes',
          'access_tokens',
          'members',
        ]) {
          yield* run(`DELETE FROM ${table} WHERE user_id = $1`, [userId])
        }
        yield* run(`DELETE FROM api_keys WHERE project_id IN (${OWNED})`, [userId])
        yield* run('UPDATE projects SET ping_key = NULL WHERE owner_id = $1', [userId])
        yield* run('INSERT INTO closings (code, created_at, mail, removed) VALUES ($1, $2, $3, 0)', [
          code,
          nowAt,
          mail === null ? null : JSON.stringify(mail),
        ])
        return 'begun'
      }),

    plan: (userId, closeAt, mail) =>
      sql.transaction(function* () {
        const planned = yield* one(
          'UPDATE users SET close_at = $2 WHERE id = $1 AND closing IS NULL RETURNING id',
          [userId, closeAt],
        )
        if (planned && mail !== null) yield* queueMail(mail)
        return planned !== null
      }),

    due: (nowAt) =>
      sql.read(function* () {
        const row = yield* one<{ id: number }>(
          'SELECT id FROM users WHERE close_at <= $1 AND closing IS NULL ORDER BY close_at, id LIMIT 1',
          [nowAt],
        )
        return row?.id ?? null
      }),

    goOn: (userId, limit) =>
      sql.transaction(function* () {
        const user = yield* one<{ closing: string | null }>(
          `SELECT closing FROM users WHERE id = $1 ${sql.forUpdate}`,
          [userId],
        )
        if (!user || user.closing === null) return true
        const gone = yield* all<{ code: string }>(
          `DELETE FROM checks WHERE id IN (
             SELECT id FROM checks WHERE project_id IN (${OWNED}) ORDER BY id LIMIT $2) RETURNING code`,
          [userId, limit],
        )
        yield* queuePurges(
          gone.map(({ code }) => code),
          user.closing,
        )
        if (gone.length >= limit) return false
        yield* run('DELETE FROM projects WHERE owner_id = $1', [userId])
        yield* run('DELETE FROM users WHERE id = $1', [userId])
        return true
      }),

    next: () =>
      sql.read(function* () {
        const row = yield* one<{ id: number }>(
          'SELECT id FROM users WHERE closing IS NOT NULL ORDER BY id LIMIT 1',
        )
        return row?.id ?? null
      }),

    finishOne: (nowAt) =>
      sql.transaction(function* () {
        const row = yield* one<{ code: string; mail: string | null; removed: number }>(
          `DELETE FROM closings WHERE code = (
             SELECT code FROM closings
             WHERE NOT EXISTS (SELECT 1 FROM purges WHERE closing = closings.code)
               AND NOT EXISTS (SELECT 1 FROM users WHERE users.closing = closings.code)
             ORDER BY created_at LIMIT 1)
           RETURNING code, mail, removed`,
        )
        if (!row) return false
        if (row.mail !== null) {
          const mail = JSON.parse(row.mail.replaceAll('{objects}', String(row.removed))) as NewMail
          yield* queueMail({ ...mail, createdAt: nowAt })
        }
        return true
      }),
  }
}
