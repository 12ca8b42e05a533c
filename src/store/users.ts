import type { Channel } from '../core/channel'
import type { Check } from '../core/check'
import type { Project } from '../core/project'
import { USUAL_APPEARANCE } from '../core/user'
import type { Appearance, Theme, User } from '../core/user'
import type { Instant } from '../core/time'
import { addChannel } from './channels'
import type { NewChannel } from './channels'
import { addCheck } from './add-check'
import type { NewCheck } from './add-check'
import { addProject } from './projects'
import type { NewProject } from './projects'
import { bit, clean, insert, one, run } from './sql'
import type { Sql, Work } from './sql'

/** An account to be, and what it begins with: spec/operations.md §3. */
export interface Beginning {
  user: Omit<User, 'id' | 'disabled' | 'closeAt' | 'emailProven' | 'emailLocked' | 'appearance'>
  project: Omit<NewProject, 'ownerId'>
  check: Omit<NewCheck, 'projectId'>
  channel: Omit<NewChannel, 'projectId'>
}

export interface Begun {
  user: User
  project: Project
  check: Check
  channel: Channel
}

export interface UserStore {
  count(): Promise<number>
  find(id: number): Promise<User | null>
  /** `email` in lower case. */
  findByEmail(email: string): Promise<User | null>
  /** Begins an account, unless there is any account yet: then null. Of two at once, one wins. */
  addFirst(beginning: Beginning): Promise<Begun | null>
  /** Begins an account, unless its e-mail address is taken: then null. */
  add(beginning: Beginning): Promise<Begun | null>
  /** A better hash of the same password. */
  setPassword(id: number, passwordHash: string): Promise<void>
  /** Null: no password any more. */
  changePassword(id: number, passwordHash: string | null, nowAt: Instant): Promise<void>
  setTheme(id: number, theme: Theme): Promise<void>
  setAppearance(id: number, theme: Theme, appearance: Appearance): Promise<void>
  setTz(id: number, tz: string): Promise<void>
  /** Somebody has shown that the address is theirs. */
  proveEmail(id: number, nowAt: Instant): Promise<void>
  /** False when somebody else has this address. Nothing is known of whose the new one is. */
  setEmail(id: number, email: string): Promise<boolean>
  /** Null: open to changes. */
  setEmailLock(id: number, lockedAt: Instant | null): Promise<void>
  /** Whoever is disabled is signed out, and cannot sign in again. */
  setDisabled(id: number, disabled: boolean): Promise<void>
}

export function userStore(sql: Sql, newCode: () => string): UserStore {
  const set = (column: 'password_hash' | 'theme' | 'tz') => (id: number, value: string) =>
    sql.transaction(() => run(`UPDATE users SET ${column} = $2 WHERE id = $1`, [id, value]))

  return {
    count: () => sql.read(count),

    find: (id) => sql.read(() => findBy('id', id)),

    findByEmail: (email) => sql.read(() => findBy('email', email)),

    addFirst(beginning) {
      return sql.transaction(function* () {
        // Two set-ups at once must see each other, though neither has a row to lock yet.
        for (const statement of sql.lockSchema) yield* run(statement)
        return (yield* count()) > 0 ? null : yield* begin(beginning)
      })
    },

    add(beginning) {
      return sql.transaction(() => begin(beginning))
    },

    setPassword: set('password_hash'),
    changePassword: (id, passwordHash, nowAt) =>
      sql.transaction(() =>
        run('UPDATE users SET password_hash = $2, password_set_at = $3 WHERE id = $1', [
          id,
          passwordHash,
          passwordHash === null ? null : nowAt,
        ]),
      ),
    setAppearance: (id, theme, appearance) =>
      sql.transaction(() =>
        run('UPDATE users SET theme = $2, appearance = $3 WHERE id = $1', [
          id,
          theme,
          JSON.stringify(appearance),
        ]),
      ),
    setTheme: set('theme'),
    setTz: set('tz'),

    proveEmail: (id, nowAt) =>
      sql.transaction(() =>
        run('UPDATE users SET email_proven_at = $2 WHERE id = $1 AND email_proven_at IS NULL', [id, nowAt]),
      ),

    setEmail: (id, email) =>
      sql.transaction(function* () {
        const changed = yield* one<{ id: number }>(
          `UPDATE users SET email = $2, email_proven_at = NULL WHERE id = $1
             AND NOT EXISTS (SELECT 1 FROM users AS others WHERE others.email = $2 AND others.id <> $1)
           RETURNING id`,
          [id, clean(email)],
        )
        return changed !== null
      }),

    setEmailLock: (id, lockedAt) =>
      sql.transaction(() => run('UPDATE users SET email_locked_at = $2 WHERE id = $1', [id, lockedAt])),

    setDisabled: (id, disabled) =>
      sql.transaction(function* () {
        yield* run('UPDATE users SET disabled = $2 WHERE id = $1', [id, bit(disabled)])
        if (disabled) yield* run('DELETE FROM sign_ins WHERE user_id = $1', [id])
      }),
  }

  function* begin({ user, project, check, channel }: Beginning): Work<Begun | null> {
    const added = yield* addUser(user)
    if (!added) return null
    const owned = yield* addProject({ ...project, ownerId: added.id })
    const told = yield* addChannel({ ...channel, projectId: owned.id }, newCode)
    const watched = yield* addCheck({ ...check, projectId: owned.id }, newCode)
    return { user: added, project: owned, check: watched, channel: told }
  }
}

/** The step of a larger transaction that adds an account; null when its address is taken. */
export function* addUser(user: Beginning['user']): Work<User | null> {
  const suffix = 'ON CONFLICT (email) DO NOTHING RETURNING id'
  const [added] = yield* insert<{ id: number }>('users', [userValues(user)], suffix)
  return added
    ? {
        ...user,
        id: added.id,
        disabled: false,
        closeAt: null,
        emailProven: false,
        emailLocked: false,
        appearance: USUAL_APPEARANCE,
      }
    : null
}

function* count(): Work<number> {
  const row = yield* one<{ count: number }>('SELECT COUNT(*) AS count FROM users')
  return row?.count ?? 0
}

function* findBy(column: 'id' | 'email', value: number | string): Work<User | null> {
  const row = yield* one<UserRow>(`SELECT * FROM users WHERE ${column} = $1`, [value])
  return row ? toUser(row) : null
}

function userValues(user: Beginning['user']) {
  return {
    email: clean(user.email),
    password_hash: user.passwordHash,
    password_set_at: user.passwordHash === null ? null : user.createdAt,
    is_admin: bit(user.isAdmin),
    tz: user.tz,
    theme: user.theme,
    check_limit: user.checkLimit,
    ping_log_limit: user.pingLogLimit,
    created_at: user.createdAt,
  }
}

export interface UserRow {
  id: number
  email: string
  password_hash: string | null
  is_admin: number
  tz: string
  theme: Theme
  check_limit: number
  ping_log_limit: number
  created_at: number
  disabled: number
  close_at: number | null
  email_proven_at: number | null
  email_locked_at: number | null
  appearance: string
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    passwordHash: row.password_hash,
    isAdmin: row.is_admin === 1,
    tz: row.tz,
    theme: row.theme,
    checkLimit: row.check_limit,
    pingLogLimit: row.ping_log_limit,
    createdAt: row.created_at,
    disabled: row.disabled === 1,
    closeAt: row.close_at,
    emailProven: row.email_proven_at !== null,
    emailLocked: row.email_locked_at !== null,
    appearance: { ...USUAL_APPEARANCE, ...(JSON.parse(row.appearance) as Partial<Appearance>) },
  }
}
