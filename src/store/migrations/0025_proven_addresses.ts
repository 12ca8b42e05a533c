import type { Dialect } from '../sql'

/**
 * Since when it is known that the mailbox of an account is its owner's; null: it is not. Of accounts from before it
 * was assumed, and goes on being so.
 */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE users ADD COLUMN email_proven_at BIGINT`,
  `UPDATE users SET email_proven_at = created_at`,
]
