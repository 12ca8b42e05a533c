import type { Dialect } from '../sql'

/**
 * Whether a notification was last told together with others, in a summary after an outage; and what somebody
 * said of it while it was still on its way.
 */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE notifications ADD COLUMN told_together INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE notifications ADD COLUMN late_error TEXT NOT NULL DEFAULT ''`,
]
