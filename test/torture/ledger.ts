import Database from 'better-sqlite3'
import pg from 'pg'
import type { PostgresConfig, SqliteConfig } from '../../src/config'

/** The database as it is on disk, read past the program. */
export interface Ledger {
  query<T>(text: string): Promise<T[]>
  close(): Promise<void>
}

export async function openLedger(config: SqliteConfig | PostgresConfig): Promise<Ledger> {
  if (config.kind === 'sqlite') {
    const db = new Database(config.file, { timeout: 5000 })
    return {
      query: async <T>(text: string) => db.prepare<[], T>(text).all(),
      close: async () => void db.close(),
    }
  }
  const [where] = config.hosts
  const client = new pg.Client({
    ...where,
    database: config.name,
    user: config.user,
    password: config.password,
    options: `-c search_path=${config.schema}`,
  })
  await client.connect()
  return {
    query: async <T>(text: string) => (await client.query(text)).rows as T[],
    close: () => client.end(),
  }
}
