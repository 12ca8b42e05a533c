import type { Dialect } from '../sql'

/**
 * Why a channel is disabled: '' (it is not), 'failure' or 'unsubscribe', and in the words of the other side. Of
 * those that are disabled already the last error tells, as pages did until now.
 */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE channels ADD COLUMN disabled_by TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE channels ADD COLUMN disabled_reason TEXT NOT NULL DEFAULT ''`,
  `UPDATE channels SET disabled_reason = last_error,
     disabled_by = CASE WHEN last_error = '' THEN 'unsubscribe' ELSE 'failure' END
   WHERE disabled = 1`,
]
