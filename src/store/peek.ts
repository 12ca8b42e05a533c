import { existsSync } from 'node:fs'
import type { PostgresConfig, SqliteConfig } from '../config'
import { openPostgres } from './postgres'
import { savedSettingStore } from './saved-settings'
import { one } from './sql'
import { openSqlite } from './sqlite'

/**
 * The settings that are saved in a database, secrets sealed, for a look from outside: the schema stays as it is, and
 * where there is no database none is made. Throws what opening it throws.
 */
export async function peekSavedSettings(
  config: SqliteConfig | PostgresConfig,
): Promise<Record<string, string>> {
  if (config.kind === 'sqlite' && !existsSync(config.file)) return {}
  const sql = config.kind === 'sqlite' ? openSqlite(config) : await openPostgres(config)
  try {
    const isThere = await sql.read(function* () {
      return (yield* one(sql.tableExists, ['saved_settings'])) !== null
    })
    return isThere ? (await savedSettingStore(sql).all()).values : {}
  } finally {
    await sql.close()
  }
}
