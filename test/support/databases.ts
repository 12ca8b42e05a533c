import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import type { PostgresConfig, SqliteConfig } from '../../src/config'

export interface TestDatabase {
  name: 'SQLite' | 'PostgreSQL'
  /** Settings of a database that nobody has used. It is removed after the run. */
  fresh(): Promise<SqliteConfig | PostgresConfig>
}

/** Every database we promise: contract suites run on each. */
export const databases: TestDatabase[] = [
  { name: 'SQLite', fresh: () => Promise.resolve(freshSqlite()) },
  { name: 'PostgreSQL', fresh: freshPostgres },
]

/** A data folder of its own, with a database file that does not exist yet. */
export function freshSqlite(): SqliteConfig {
  return { kind: 'sqlite', file: join(freshFolder(), 'rollcall.sqlite'), synchronous: 'NORMAL' }
}

/** An empty folder that is removed after the run. */
export function freshFolder(): string {
  const folder = join(inject('databasesFolder'), randomUUID())
  mkdirSync(folder)
  return folder
}

/** A schema of its own in the database that all tests share. */
export async function freshPostgres(): Promise<PostgresConfig> {
  const url = inject('postgresUrl')
  const schema = inject('schemaPrefix') + randomUUID().replaceAll('-', '')
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`CREATE SCHEMA ${client.escapeIdentifier(schema)}`)
  await client.end()
  return postgresConfig(url, schema)
}

/** What `config.ts` would make of this address. */
export function postgresConfig(url: string, schema: string): PostgresConfig {
  const { hostname, port, pathname, username, password } = new URL(url)
  return {
    kind: 'postgres',
    hosts: [{ host: hostname, port: Number(port || 5432) }],
    name: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    schema,
    sslMode: 'disable',
    sslRootCert: null,
    poolSize: 4,
    connectTimeoutMs: 5_000,
  }
}
