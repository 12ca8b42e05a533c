import type { Dialect } from '../sql'

/** What is being done with more checks than one request can wait for: spec/web-ui.md §6.4. */
export const up = (_: Dialect): string[] => [
  `CREATE TABLE bulk_jobs (
     code TEXT PRIMARY KEY,
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     wanted TEXT NOT NULL,
     back TEXT NOT NULL,
     check_ids TEXT NOT NULL,
     total BIGINT NOT NULL,
     position BIGINT NOT NULL,
     done BIGINT NOT NULL,
     already BIGINT NOT NULL,
     failed BIGINT NOT NULL,
     held_until BIGINT NOT NULL,
     created_at BIGINT NOT NULL
   )`,
  `CREATE INDEX bulk_jobs_of_user ON bulk_jobs (user_id)`,
]
