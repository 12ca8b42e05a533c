import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresConfig, SqliteConfig } from '../../src/config'
import { SECOND } from '../../src/core/time'
import { startPostgres } from '../support/postgres'

/** A database that the real program is to work with, and the settings that say so. */
export interface Target {
  config: SqliteConfig | PostgresConfig
  settings: Record<string, string>
  end(): Promise<void>
}

function common(dataDir: string): Record<string, string> {
  return { DATA_DIR: dataDir, HOME: dataDir, LOG_LEVEL: 'warn', ALERT_STARTUP_DELAY: '0', ALERT_WORKERS: '8' }
}

/** SQLite in a temporary folder. */
export function sqliteTarget(): Target {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-torture-'))
  return {
    config: { kind: 'sqlite', file: join(folder, 'rollcall.sqlite'), synchronous: 'FULL' },
    settings: common(folder),
    end: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A PostgreSQL of its own, that keeps its promises when it is killed. */
export async function postgresTarget(): Promise<Target> {
  const server = await startPostgres({ durable: true })
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-torture-'))
  const { hostname, port, pathname, username, password } = new URL(server.url)
  const config: PostgresConfig = {
    kind: 'postgres',
    hosts: [{ host: hostname, port: Number(port) }],
    name: pathname.slice(1),
    user: username,
    password,
    schema: 'rollcall',
    sslMode: 'disable',
    sslRootCert: null,
    poolSize: 10,
    connectTimeoutMs: 10 * SECOND,
  }
  return {
    config,
    settings: {
      ...common(folder),
      DB: 'postgres',
      DB_HOST: hostname,
      DB_PORT: port,
      DB_NAME: config.name,
      DB_USER: username,
      DB_PASSWORD: password,
      DB_SSLMODE: 'disable',
    },
    async end() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
