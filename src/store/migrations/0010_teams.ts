import type { Dialect } from '../sql'

/** Who was asked into a project or to take it over, how long its logs are, and who did what. */
export const up = ({ types: { id } }: Dialect): string[] => [
  // Null: as long as its owner's account says.
  `ALTER TABLE projects ADD COLUMN ping_log_limit BIGINT`,
  `CREATE TABLE invitations (
     id ${id},
     code TEXT NOT NULL UNIQUE,
     key TEXT NOT NULL UNIQUE,
     project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
     email TEXT NOT NULL,
     role TEXT NOT NULL,
     invited_by TEXT NOT NULL,
     created_at BIGINT NOT NULL,
     expires_at BIGINT NOT NULL,
     UNIQUE (project_id, email)
   )`,
  `CREATE INDEX invitations_to ON invitations (email)`,
  `CREATE INDEX invitations_by_end ON invitations (expires_at)`,
  `CREATE TABLE transfers (
     project_id BIGINT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     created_at BIGINT NOT NULL
   )`,
  `CREATE INDEX transfers_to ON transfers (user_id)`,
  // Without references: the trail outlives accounts and projects.
  `CREATE TABLE audit (
     id ${id},
     at BIGINT NOT NULL,
     actor TEXT NOT NULL,
     address TEXT,
     action TEXT NOT NULL,
     object TEXT NOT NULL,
     detail TEXT NOT NULL
   )`,
  `CREATE INDEX audit_by_time ON audit (at)`,
]
