import type { Instant } from '../core/time'
import { all, bit, clean, insert, one, run } from './sql'
import type { Sql } from './sql'

/** A passkey or security key of an account: spec/web-ui.md A17. */
export interface Passkey {
  userId: number
  /** UUID, in addresses. */
  code: string
  name: string
  /** What the browser calls it, base64url. */
  credentialId: string
  /** COSE key, base64url. */
  publicKey: string
  /** How often it was used, as it says itself; many always say 0. */
  counter: number
  transports: string[]
  /** Whether it can sign in by itself, without an e-mail address and a password. */
  discoverable: boolean
  createdAt: Instant
  lastUsedAt: Instant | null
}

export interface PasskeyStore {
  /** False when it is on an account already. */
  add(passkey: Omit<Passkey, 'lastUsedAt'>): Promise<boolean>
  ofUser(userId: number): Promise<Passkey[]>
  findByCredential(credentialId: string): Promise<Passkey | null>
  touch(code: string, counter: number, usedAt: Instant): Promise<void>
  rename(userId: number, code: string, name: string): Promise<void>
  remove(userId: number, code: string): Promise<void>
}

export function passkeyStore(sql: Sql): PasskeyStore {
  return {
    add: (passkey) =>
      sql.transaction(function* () {
        const [added] = yield* insert<{ id: number }>(
          'passkeys',
          [toValues(passkey)],
          'ON CONFLICT (credential_id) DO NOTHING RETURNING id',
        )
        return added !== undefined
      }),

    ofUser: (userId) =>
      sql.read(function* () {
        const rows = yield* all<PasskeyRow>('SELECT * FROM passkeys WHERE user_id = $1 ORDER BY id', [userId])
        return rows.map(toPasskey)
      }),

    findByCredential: (credentialId) =>
      sql.read(function* () {
        const row = yield* one<PasskeyRow>('SELECT * FROM passkeys WHERE credential_id = $1', [credentialId])
        return row && toPasskey(row)
      }),

    touch: (code, counter, usedAt) =>
      sql.transaction(() =>
        run('UPDATE passkeys SET counter = $2, last_used_at = $3 WHERE code = $1', [code, counter, usedAt]),
      ),

    rename: (userId, code, name) =>
      sql.transaction(() =>
        run('UPDATE passkeys SET name = $3 WHERE user_id = $1 AND code = $2', [userId, code, clean(name)]),
      ),

    remove: (userId, code) =>
      sql.transaction(() => run('DELETE FROM passkeys WHERE user_id = $1 AND code = $2', [userId, code])),
  }
}

function toValues(passkey: Omit<Passkey, 'lastUsedAt'>) {
  return {
    user_id: passkey.userId,
    code: passkey.code,
    name: clean(passkey.name),
    credential_id: passkey.credentialId,
    public_key: passkey.publicKey,
    counter: passkey.counter,
    transports: clean(passkey.transports.join(' ')),
    discoverable: bit(passkey.discoverable),
    created_at: passkey.createdAt,
  }
}

interface PasskeyRow {
  user_id: number
  code: string
  name: string
  credential_id: string
  public_key: string
  counter: number
  transports: string
  discoverable: number
  created_at: number
  last_used_at: number | null
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    userId: row.user_id,
    code: row.code,
    name: row.name,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports.split(' ').filter((each) => each !== ''),
    discoverable: row.discoverable === 1,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}
