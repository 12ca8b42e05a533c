import { afterAll, describe, expect, it } from 'vitest'
import { freshPostgres } from '../support/databases'
import { postgresDatabases, sqliteDatabases } from './databases'
import { simulate } from './simulate'

/** `npm run simulate` has thousands of others, and longer ones. */
const LIVES = { sqlite: 94, postgres: 6 }

describe('a simulated household keeps its promises through crashes and outages', () => {
  const sqlite = sqliteDatabases()
  const postgres = freshPostgres().then(postgresDatabases)
  afterAll(async () => {
    await sqlite.close()
    await (await postgres).close()
  })

  it('with one process on SQLite', { timeout: 120_000 }, async () => {
    let flips = 0
    let crashes = 0
    let summaries = 0
    for (let seed = 1; seed <= LIVES.sqlite; seed++) {
      const lived = await simulate(seed, await sqlite.fresh(), { minutes: 6 })
      flips += lived.flips
      crashes += lived.crashes
      summaries += lived.summaries
    }
    // A simulation in which nothing happens proves nothing.
    expect(flips).toBeGreaterThan(300)
    expect(crashes).toBeGreaterThan(50)
    expect(summaries).toBeGreaterThan(2)
  })

  it('with two processes on PostgreSQL', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= LIVES.postgres; seed++)
      await simulate(seed, await (await postgres).fresh(), { minutes: 4 })
  })

  it('and lives the same life again with the same seed', async () => {
    const lived = await simulate(4, await sqlite.fresh(), { minutes: 6 })
    expect(await simulate(4, await sqlite.fresh(), { minutes: 6 })).toEqual(lived)
  })
})
