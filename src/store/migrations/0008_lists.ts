import type { Dialect } from '../sql'

/** What lists of checks show: how the last runs ended, and ping addresses as the project wants them. */
export const up = (_: Dialect): string[] => [
  `ALTER TABLE checks ADD COLUMN results TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE projects ADD COLUMN address_style TEXT NOT NULL DEFAULT 'uuid'`,
  `ALTER TABLE users ADD COLUMN list_sort TEXT NOT NULL DEFAULT 'name'`,
]
