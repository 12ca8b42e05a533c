import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where temporary databases are; removed after the run. */
    databasesFolder: string
    postgresUrl: string
    /** What the schemas of this run begin with. */
    schemaPrefix: string
  }
}

let running: Promise<Running> | null = null
let users = 0

interface Running {
  folder: string
  url: string
  schemaPrefix: string
  stop(): Promise<void>
}

/** One PostgreSQL and one folder for the whole run, whichever projects take part in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  users++
  running ??= start()
  const { folder, url, schemaPrefix, stop } = await running
  project.provide('databasesFolder', folder)
  project.provide('postgresUrl', url)
  project.provide('schemaPrefix', schemaPrefix)
  return async () => {
    if (--users === 0) await stop()
  }
}

async function start(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-tests-'))
  const schemaPrefix = `rollcall_test_${process.pid}_`
  const given = process.env['TEST_POSTGRES_URL']
  const own = given ? null : await startPostgres()
  const url = given ?? own?.url ?? ''
  return {
    folder,
    url,
    schemaPrefix,
    async stop() {
      if (own) await own.stop()
      else await dropSchemas(url, schemaPrefix)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** On a server that is not ours, what the run made goes with it. */
async function dropSchemas(url: string, prefix: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ nspname: string }>(
    'SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)',
    [prefix],
  )
  for (const { nspname } of rows)
    await client.query(`DROP SCHEMA ${client.escapeIdentifier(nspname)} CASCADE`)
  await client.end()
}
