import type { Dialect } from '../sql'

/** Whether the link of an invitation went to nobody but the mailbox it is for; of older ones nobody can tell. */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE invitations ADD COLUMN mailed INTEGER NOT NULL DEFAULT 0`,
]
