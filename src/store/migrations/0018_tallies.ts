import type { Dialect } from '../sql'

/**
 * How often something happened in each minute, whichever instance saw it: pings, messages, requests that failed.
 * And the way to alerts that failed for good, which are few among all that were ever told.
 */
export const up = (_: Dialect): string[] => [
  `CREATE TABLE tallies (
     name TEXT NOT NULL,
     at BIGINT NOT NULL,
     count BIGINT NOT NULL,
     PRIMARY KEY (name, at)
   )`,
  `CREATE INDEX notifications_failed ON notifications (finished_at) WHERE state = 'failed'`,
]
