import type { Dialect } from '../sql'

/** Keys of the management API, and for each check the address of its badge. */
export const up = ({ name, types: { id } }: Dialect): string[] => [
  `CREATE TABLE api_keys (
     id ${id},
     project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
     code TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     access TEXT NOT NULL,
     prefix TEXT NOT NULL,
     look_up TEXT NOT NULL,
     digest TEXT NOT NULL UNIQUE,
     created_by TEXT NOT NULL,
     created_at BIGINT NOT NULL,
     last_used_at BIGINT,
     last_used_from TEXT,
     expires_at BIGINT
   )`,
  `CREATE INDEX api_keys_of ON api_keys (project_id)`,
  `CREATE INDEX api_keys_by_look_up ON api_keys (look_up)`,
  `ALTER TABLE checks ADD COLUMN badge_key TEXT`,
  `UPDATE checks SET badge_key = ${name === 'sqlite' ? SQLITE_UUID : 'gen_random_uuid()::text'}`,
  `CREATE UNIQUE INDEX checks_by_badge_key ON checks (badge_key)`,
]

/** A random UUID, for which SQLite has no function. */
const SQLITE_UUID = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)
  || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`
