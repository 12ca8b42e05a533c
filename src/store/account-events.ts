import type { Instant } from '../core/time'
import { all, clean, insert, run } from './sql'
import type { Sql, Work } from './sql'

/** What is told of an account to the person whose it is: spec/web-ui.md A13. */
export type AccountEventKind =
  | 'signed-in'
  | 'sign-in-failed'
  | 'second-step-failed'
  | 'confirmed'
  | 'confirmation-failed'
  | 'password-set'
  | 'password-removed'
  | 'email-asked'
  | 'email-changed'
  | 'not-me'
  | 'passkey-added'
  | 'passkey-removed'
  | 'totp-added'
  | 'totp-removed'
  | 'recovery-codes-made'
  | 'recovery-code-used'
  | 'sessions-ended'

export interface AccountEvent {
  userId: number
  at: Instant
  kind: AccountEventKind
  /** What kind of sign-in, the name of a key …; never a secret. */
  detail: string
  address: string | null
  agent: string
}

export interface AccountEventStore {
  add(event: AccountEvent): Promise<void>
  /** Writes as much, of nobody, for where the time must not tell whether there is an account. */
  addOfNobody(at: Instant): Promise<void>
  /** The newest, newest first. */
  ofUser(userId: number, limit: number): Promise<AccountEvent[]>
  prune(beforeAt: Instant): Promise<void>
}

/** Most that are kept of one account: guesses of strangers must not fill the disk. */
const MOST = 200

/** Now and then is often enough, and keeps the usual case as quick as that of nobody. */
const SWEEP_EVERY = 20

const NOBODY = 'a sign-in of nobody failed'

export function accountEventStore(sql: Sql): AccountEventStore {
  return {
    add: (event) => sql.transaction(() => addEvent(event)),

    addOfNobody: (at) =>
      sql.transaction(function* () {
        const fact = { name: NOBODY, value: String(at) }
        yield* insert('facts', [fact], 'ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      }),

    ofUser: (userId, limit) =>
      sql.read(function* () {
        const rows = yield* all<EventRow>(
          'SELECT * FROM account_events WHERE user_id = $1 ORDER BY id DESC LIMIT $2',
          [userId, limit],
        )
        return rows.map(toEvent)
      }),

    prune: (beforeAt) => sql.transaction(() => run('DELETE FROM account_events WHERE at < $1', [beforeAt])),
  }
}

/** The step of a larger transaction that keeps an event. */
export function* addEvent({ userId, at, kind, detail, address, agent }: AccountEvent): Work<void> {
  const [added] = yield* insert<{ id: number }>(
    'account_events',
    [{ user_id: userId, at, kind, detail: clean(detail), address, agent: clean(agent) }],
    'RETURNING id',
  )
  if ((added?.id ?? 0) % SWEEP_EVERY !== 0) return
  yield* run(
    `DELETE FROM account_events WHERE user_id = $1 AND id <= (
       SELECT id FROM account_events WHERE user_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)`,
    [userId, MOST],
  )
}

interface EventRow {
  user_id: number
  at: number
  kind: AccountEventKind
  detail: string
  address: string | null
  agent: string
}

function toEvent(row: EventRow): AccountEvent {
  return {
    userId: row.user_id,
    at: row.at,
    kind: row.kind,
    detail: row.detail,
    address: row.address,
    agent: row.agent,
  }
}
