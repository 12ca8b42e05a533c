import type { Dialect } from '../sql'

/** Second steps, links that are good once, what happened to an account, and how it goes away. */
export const up = ({ types: { id } }: Dialect): string[] => [
  `ALTER TABLE users ADD COLUMN password_set_at BIGINT`,
  `ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE users ADD COLUMN appearance TEXT NOT NULL DEFAULT '{}'`,
  `ALTER TABLE users ADD COLUMN totp_secret TEXT`,
  `ALTER TABLE users ADD COLUMN totp_since_at BIGINT`,
  // The last time step whose code was used: none is good twice.
  `ALTER TABLE users ADD COLUMN totp_step BIGINT`,
  `ALTER TABLE users ADD COLUMN email_locked_at BIGINT`,
  // Set first when an account is closed, so that a crash in the middle is gone on with.
  `ALTER TABLE users ADD COLUMN closing TEXT`,
  `CREATE INDEX users_closing ON users (id) WHERE closing IS NOT NULL`,
  `ALTER TABLE sign_ins ADD COLUMN method TEXT NOT NULL DEFAULT 'password'`,
  `ALTER TABLE sign_ins ADD COLUMN sudo_until_at BIGINT`,
  `ALTER TABLE sign_ins ADD COLUMN sudo_by TEXT`,
  `ALTER TABLE sign_ins ADD COLUMN totp_draft TEXT`,
  // Links and codes of which only a digest is kept.
  `CREATE TABLE account_tokens (
     key TEXT PRIMARY KEY,
     purpose TEXT NOT NULL,
     user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
     value TEXT NOT NULL,
     created_at BIGINT NOT NULL,
     expires_at BIGINT NOT NULL
   )`,
  `CREATE INDEX account_tokens_of ON account_tokens (user_id, purpose)`,
  `CREATE INDEX account_tokens_by_end ON account_tokens (expires_at)`,
  `CREATE TABLE passkeys (
     id ${id},
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     code TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     credential_id TEXT NOT NULL UNIQUE,
     public_key TEXT NOT NULL,
     counter BIGINT NOT NULL,
     transports TEXT NOT NULL,
     discoverable INTEGER NOT NULL,
     created_at BIGINT NOT NULL,
     last_used_at BIGINT
   )`,
  `CREATE INDEX passkeys_of ON passkeys (user_id)`,
  `CREATE TABLE recovery_codes (
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     digest TEXT NOT NULL,
     created_at BIGINT NOT NULL,
     PRIMARY KEY (user_id, digest)
   )`,
  `CREATE TABLE account_events (
     id ${id},
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     at BIGINT NOT NULL,
     kind TEXT NOT NULL,
     detail TEXT NOT NULL,
     address TEXT,
     agent TEXT NOT NULL
   )`,
  `CREATE INDEX account_events_of ON account_events (user_id, id)`,
]
