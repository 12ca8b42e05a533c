import type { Instant } from '../core/time'
import { escaped } from './audit'
import { all, bit, one, run } from './sql'
import type { Sql, Value, Work } from './sql'

/** An account as whoever runs the instance sees it. */
export interface Account {
  userId: number
  email: string
  createdAt: Instant
  seenAt: Instant | null
  projects: number
  checks: number
  checkLimit: number
  pingLogLimit: number
  hasSecondStep: boolean
  reports: string
  isAdmin: boolean
  disabled: boolean
  closeAt: Instant | null
}

export type AccountFlag = 'inactive' | 'disabled' | 'administrator' | 'over limit'

export interface AccountFilter {
  search: string
  flag: AccountFlag | null
  /** Who was last seen before that is inactive. */
  inactiveBeforeAt: Instant
}

/** What only those need who run the instance: spec/web-ui.md §11. */
export interface AdministrationStore {
  /** By address. */
  accounts(filter: AccountFilter, page: { limit: number; offset: number }): Promise<Account[]>
  account(userId: number): Promise<Account | null>
  setLimits(userId: number, limits: { checkLimit: number; pingLogLimit: number }): Promise<void>
  /** Ends the sessions of the account, too. There is always an administrator who is not disabled. */
  setDisabled(userId: number, disabled: boolean): Promise<'done' | 'last administrator' | 'closing'>
  /** False: there would be no administrator left. */
  setAdmin(userId: number, isAdmin: boolean): Promise<boolean>
  /** Neither authenticator app, nor recovery codes, nor passkeys are left. */
  resetSecondSteps(userId: number): Promise<void>
}

export function administrationStore(sql: Sql): AdministrationStore {
  return {
    accounts: ({ search, flag, inactiveBeforeAt }, { limit, offset }) =>
      sql.read(function* () {
        const values: Value[] = [limit, offset]
        const wheres: string[] = []
        if (search !== '') {
          wheres.push(`email LIKE $${values.push(`%${escaped(search.toLowerCase())}%`)} ESCAPE '!'`)
        }
        if (flag === 'disabled') wheres.push('disabled = 1')
        if (flag === 'administrator') wheres.push('is_admin = 1')
        if (flag === 'over limit') wheres.push('checks > check_limit')
        if (flag === 'inactive') {
          wheres.push(`COALESCE(seen_at, created_at) < $${values.push(inactiveBeforeAt)}`)
        }
        const where = wheres.length === 0 ? '' : `WHERE ${wheres.join(' AND ')}`
        const rows = yield* all<AccountRow>(
          `SELECT * FROM (${ACCOUNTS}) accounts ${where} ORDER BY email LIMIT $1 OFFSET $2`,
          values,
        )
        return rows.map(toAccount)
      }),

    account: (userId) =>
      sql.read(function* () {
        const row = yield* one<AccountRow>(`SELECT * FROM (${ACCOUNTS}) accounts WHERE id = $1`, [userId])
        return row && toAccount(row)
      }),

    setLimits: (userId, { checkLimit, pingLogLimit }) =>
      sql.transaction(() =>
        run('UPDATE users SET check_limit = $2, ping_log_limit = $3 WHERE id = $1', [
          userId,
          checkLimit,
          pingLogLimit,
        ]),
      ),

    setDisabled: (userId, disabled) =>
      sql.transaction(function* () {
        // Locked, so that two who disable each other do not both succeed.
        const others = yield* otherAdministrators(userId)
        const user = yield* one<{ closing: string | null }>(
          `SELECT closing FROM users WHERE id = $1 ${sql.forUpdate}`,
          [userId],
        )
        if (user && user.closing !== null) return 'closing'
        if (disabled && others.length === 0) return 'last administrator'
        yield* run('UPDATE users SET disabled = $2 WHERE id = $1', [userId, bit(disabled)])
        if (disabled) yield* run('DELETE FROM sign_ins WHERE user_id = $1', [userId])
        return 'done'
      }),

    setAdmin: (userId, isAdmin) =>
      sql.transaction(function* () {
        // Locked, so that two who take it from each other do not both succeed.
        const others = yield* otherAdministrators(userId)
        if (!isAdmin && others.length === 0) return false
        yield* run('UPDATE users SET is_admin = $2 WHERE id = $1', [userId, bit(isAdmin)])
        return true
      }),

    resetSecondSteps: (userId) =>
      sql.transaction(function* () {
        yield* run(
          'UPDATE users SET totp_secret = NULL, totp_since_at = NULL, totp_step = NULL WHERE id = $1',
          [userId],
        )
        yield* run('DELETE FROM recovery_codes WHERE user_id = $1', [userId])
        yield* run('DELETE FROM passkeys WHERE user_id = $1', [userId])
      }),
  }

  function otherAdministrators(userId: number): Work<{ id: number }[]> {
    return all<{ id: number }>(
      `SELECT id FROM users WHERE is_admin = 1 AND disabled = 0 AND id <> $1 ORDER BY id ${sql.forUpdate}`,
      [userId],
    )
  }
}

const ACCOUNTS = `SELECT id, email, created_at, check_limit, ping_log_limit, report_kind, is_admin, disabled, close_at,
  (SELECT MAX(seen_at) FROM sign_ins WHERE user_id = users.id) AS seen_at,
  (SELECT COUNT(*) FROM projects WHERE owner_id = users.id) AS projects,
  (SELECT COUNT(*) FROM checks JOIN projects ON projects.id = project_id WHERE owner_id = users.id) AS checks,
  CASE WHEN totp_secret IS NOT NULL OR EXISTS (SELECT 1 FROM passkeys WHERE user_id = users.id)
    THEN 1 ELSE 0 END AS second_step
  FROM users`

interface AccountRow {
  id: number
  email: string
  created_at: number
  check_limit: number
  ping_log_limit: number
  report_kind: string
  is_admin: number
  disabled: number
  close_at: number | null
  seen_at: number | null
  projects: number
  checks: number
  second_step: number
}

function toAccount(row: AccountRow): Account {
  return {
    userId: row.id,
    email: row.email,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    projects: row.projects,
    checks: row.checks,
    checkLimit: row.check_limit,
    pingLogLimit: row.ping_log_limit,
    hasSecondStep: row.second_step === 1,
    reports: row.report_kind,
    isAdmin: row.is_admin === 1,
    disabled: row.disabled === 1,
    closeAt: row.close_at,
  }
}
