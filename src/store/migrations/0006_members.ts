import type { Dialect } from '../sql'

/** Who works in a project besides its owner. */
export const up = (_: Dialect): string[] => [
  `CREATE TABLE members (
     project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     role TEXT NOT NULL,
     created_at BIGINT NOT NULL,
     PRIMARY KEY (project_id, user_id)
   )`,
  `CREATE INDEX members_of ON members (user_id)`,
]
