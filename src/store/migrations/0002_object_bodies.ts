import type { Dialect } from '../sql'

/**
 * Which ping bodies wait to be moved to object storage. A queue of its own, rather than a mark and an
 * index on pings, so that a ping costs nothing more where there is no bucket, and so that nothing lies
 * behind `body`. A ping whose body was moved has `body_bytes` and no `body`.
 */
export const up = ({ types: { id } }: Dialect): string[] => [
  // Without references: whose ping or check is gone is found out when its turn comes, and deleting a
  // check need not search here.
  `CREATE TABLE waiting_bodies (
     id ${id},
     check_id BIGINT NOT NULL,
     n BIGINT NOT NULL,
     bytes BIGINT NOT NULL,
     at BIGINT NOT NULL,
     due_at BIGINT NOT NULL
   )`,
]
