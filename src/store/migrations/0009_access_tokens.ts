import type { Dialect } from '../sql'

/** Tokens of people to the management API, for all projects that they work in. */
export const up = ({ types: { id } }: Dialect): string[] => [
  `CREATE TABLE access_tokens (
     id ${id},
     user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     code TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     access TEXT NOT NULL,
     prefix TEXT NOT NULL,
     look_up TEXT NOT NULL,
     digest TEXT NOT NULL UNIQUE,
     created_at BIGINT NOT NULL,
     last_used_at BIGINT,
     last_used_from TEXT,
     expires_at BIGINT
   )`,
  `CREATE INDEX access_tokens_of ON access_tokens (user_id)`,
  `CREATE INDEX access_tokens_by_look_up ON access_tokens (look_up)`,
]
