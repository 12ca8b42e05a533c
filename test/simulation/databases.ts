import type { PostgresConfig } from '../../src/config'
import { migrate } from '../../src/store/migrate'
import { openPostgres } from '../../src/store/postgres'
import { all, run } from '../../src/store/sql'
import type { Sql } from '../../src/store/sql'
import { openSqlite } from '../../src/store/sqlite'

/** Databases for one life after another. */
export interface Databases {
  /** An empty one, with its schema. */
  fresh(): Promise<Sql>
  close(): Promise<void>
}

/** In memory, a new one for each life. */
export function sqliteDatabases(): Databases {
  let last: Sql | null = null
  return {
    async fresh() {
      await last?.close()
      last = openSqlite({ kind: 'sqlite', file: ':memory:', synchronous: 'NORMAL' })
      await migrate(last)
      return last
    },
    close: async () => last?.close(),
  }
}

/** One schema, emptied for each life: to make it takes longer than to live in it. */
export async function postgresDatabases(config: PostgresConfig): Promise<Databases> {
  const sql = await openPostgres(config)
  await migrate(sql)
  return {
    async fresh() {
      await sql.transaction(function* () {
        const tables = yield* all<{ tablename: string }>(
          `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migrations'`,
        )
        const names = tables.map(({ tablename }) => tablename).join(', ')
        yield* run(`TRUNCATE ${names} RESTART IDENTITY CASCADE`)
      })
      return sql
    },
    async close() {
      await sql.transaction(() => run(`DROP SCHEMA ${config.schema} CASCADE`))
      await sql.close()
    },
  }
}
