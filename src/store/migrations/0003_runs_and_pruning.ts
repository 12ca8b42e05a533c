import type { Dialect } from '../sql'

/**
 * How many pings a check had when its log was last cut to its limit. Runs need nothing here: they are
 * found in the log of pings (store/runs.ts), so that a ping costs nothing more for them.
 */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE checks ADD COLUMN pruned_count BIGINT NOT NULL DEFAULT 0`,
]
