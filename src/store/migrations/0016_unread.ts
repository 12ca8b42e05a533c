import type { Dialect } from '../sql'

/**
 * How much worth knowing has happened to each check, and how much of that each person has seen. Whoever never looked
 * at a project has nothing to catch up with there: `project_visits` has those who did.
 */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE checks ADD COLUMN notable_count BIGINT NOT NULL DEFAULT 0`,
  `CREATE TABLE read_marks (
     check_id BIGINT NOT NULL REFERENCES checks (id) ON DELETE CASCADE,
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     seen BIGINT NOT NULL,
     PRIMARY KEY (check_id, user_id)
   )`,
  `CREATE TABLE project_visits (
     project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     PRIMARY KEY (project_id, user_id)
   )`,
]
