import type { Dialect } from '../sql'

/** Finds what a channel was not told because newer news took its place, which is rare. */
export const up = (_: Dialect): string[] => [
  `CREATE INDEX notifications_superseded ON notifications (check_id, channel_id, id)
     WHERE state = 'superseded'`,
]
