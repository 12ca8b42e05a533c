import type { Dialect } from '../sql'

/** Who paused a check, resumed it, or changed its schedule so that it was overdue: in words, '' for nobody. */
export const up = (_: Dialect): string[] => [`ALTER TABLE flips ADD COLUMN by_whom TEXT NOT NULL DEFAULT ''`]
