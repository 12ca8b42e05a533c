import type { Dialect } from '../sql'

/** How much of what was worth knowing about a check its log does not have any more: nobody has to catch up with it. */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE checks ADD COLUMN notable_gone BIGINT NOT NULL DEFAULT 0`,
]
