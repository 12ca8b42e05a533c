import type { Dialect } from '../sql'

/**
 * How long the runs of a day took, kept when their pings are removed because the log is longer than its limit:
 * the chart of a year outlives the log. Days of UTC; `steps` is a histogram as JSON (core/run-stats.ts).
 */
export const up = (_: Dialect): string[] => [
  `CREATE TABLE run_days (
     check_id BIGINT NOT NULL REFERENCES checks (id) ON DELETE CASCADE,
     start_at BIGINT NOT NULL,
     runs BIGINT NOT NULL,
     failed BIGINT NOT NULL,
     shortest_ms BIGINT NOT NULL,
     longest_ms BIGINT NOT NULL,
     steps TEXT NOT NULL,
     PRIMARY KEY (check_id, start_at)
   )`,
]
