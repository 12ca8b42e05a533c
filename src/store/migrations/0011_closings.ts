import type { Dialect } from '../sql'

/** Accounts that go, and checks that are gone but may have left bodies in object storage. */
export const up = ({ types: { id } }: Dialect): string[] => [
  `CREATE TABLE closings (
     code TEXT PRIMARY KEY,
     created_at BIGINT NOT NULL,
     mail TEXT,
     removed BIGINT NOT NULL
   )`,
  // One for each check, written in the transaction that removes it.
  `CREATE TABLE purges (
     id ${id},
     check_code TEXT NOT NULL UNIQUE,
     closing TEXT,
     due_at BIGINT NOT NULL,
     attempts BIGINT NOT NULL,
     clean_looks BIGINT NOT NULL,
     removed BIGINT NOT NULL,
     error TEXT NOT NULL
   )`,
  `CREATE INDEX purges_due ON purges (due_at)`,
  `CREATE INDEX purges_of ON purges (closing)`,
]
