import type { Dialect } from '../sql'

/**
 * Settings that were saved from the pages; secrets among them are sealed. An account can be given a day on which it
 * is closed.
 */
export const up = (_: Dialect): string[] => [
  `CREATE TABLE saved_settings (
     name TEXT PRIMARY KEY,
     value TEXT NOT NULL
   )`,
  `ALTER TABLE users ADD COLUMN close_at BIGINT`,
  `CREATE INDEX users_to_close ON users (close_at) WHERE close_at IS NOT NULL`,
]
