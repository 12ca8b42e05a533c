import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startPostgres } from '../support/postgres'
import { configOf } from '../support/settings'
import { postgresDatabases, sqliteDatabases } from './databases'
import type { Databases } from './databases'
import { simulate } from './simulate'

/**
 * Lives through thousands of seeds, or one of them again:
 *
 *   npm run simulate [-- --seeds 5000] [--from 1] [--seed 42] [--db sqlite|postgres] [--minutes 15]
 *
 * With PostgreSQL, TEST_POSTGRES_URL names a server; without it, one is started. Ends with 1 when a promise is
 * broken, and says how to see that again.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '15' },
      db: { type: 'string', default: 'sqlite' },
    },
  })
  const from = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.seeds ?? (values.db === 'sqlite' ? 5000 : 500)) : 1
  const minutes = Number(values.minutes)
  const { databases, stop } = await open(values.db)
  const sums = { lives: 0, steps: 0, flips: 0, told: 0, summaries: 0, pings: 0, crashes: 0, hours: 0 }
  const began = process.hrtime.bigint()
  try {
    for (let seed = from; seed < from + count; seed++) {
      const { simulatedMs, ...lived } = await simulate(seed, await databases.fresh(), { minutes })
      sums.lives++
      sums.hours += simulatedMs / 3_600_000
      for (const key of ['steps', 'flips', 'told', 'summaries', 'pings', 'crashes'] as const)
        sums[key] += lived[key]
      if (seed % 250 === 0) console.log(`seed ${seed}`)
    }
  } catch (failure) {
    console.error(failure instanceof Error ? failure.message : failure)
    if (failure instanceof Error && failure.cause instanceof Error) console.error(failure.cause.stack)
    process.exitCode = 1
  } finally {
    const seconds = Number(process.hrtime.bigint() - began) / 1e9
    console.log({ ...sums, hours: Math.round(sums.hours), seconds: Math.round(seconds * 10) / 10 })
    await databases.close()
    await stop()
  }
}

async function open(name: string): Promise<{ databases: Databases; stop(): Promise<void> }> {
  if (name === 'sqlite') return { databases: sqliteDatabases(), stop: async () => {} }
  if (name !== 'postgres') throw new Error(`--db is sqlite or postgres, not ${name}`)
  const given = process.env['TEST_POSTGRES_URL']
  const own = given ? null : await startPostgres()
  const schema = `rollcall_simulation_${randomUUID().slice(0, 8)}`
  const { hostname, port, username, password, pathname } = new URL(given || own?.url || '')
  const { database } = configOf({
    DB: 'postgres',
    DB_HOST: hostname,
    DB_PORT: port || '5432',
    DB_USER: decodeURIComponent(username),
    DB_PASSWORD: decodeURIComponent(password),
    DB_NAME: decodeURIComponent(pathname.slice(1)),
    DB_SCHEMA: schema,
    DB_SSLMODE: 'disable',
  })
  if (database.kind !== 'postgres') throw new Error('That is no PostgreSQL')
  const config = database
  return {
    databases: await postgresDatabases(config),
    async stop() {
      await own?.stop()
    },
  }
}

void main()
