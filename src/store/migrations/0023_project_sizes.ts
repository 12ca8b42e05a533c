import type { Dialect } from '../sql'

/** How much each project keeps and gets, measured once a day: too dear to be counted whenever somebody looks. */
export const up = (_: Dialect): string[] => [
  `CREATE TABLE project_sizes (
     project_id BIGINT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
     bytes BIGINT NOT NULL,
     pings BIGINT NOT NULL,
     pings_a_day BIGINT NOT NULL,
     measured_at BIGINT NOT NULL
   )`,
]
