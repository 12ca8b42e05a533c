import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import { aBeginning, aPing } from '../support/build'
import { freshSqlite } from '../support/databases'

describe('a SQLite file that another process is writing to', () => {
  let store: Store
  let other: Database.Database
  let code: string

  beforeEach(async () => {
    const config = freshSqlite()
    store = await openStore(config, { newCode: randomUUID })
    code = (await store.users.addFirst(aBeginning()))!.check.code
    other = new Database(config.file)
    other.exec('BEGIN IMMEDIATE')
  })
  afterEach(async () => {
    other.close()
    await store.close()
  })

  it('has writes wait their turn, in order, while everything else goes on', async () => {
    const pings = ['a', 'b', 'c'].map((userAgent) =>
      store.checks.recordPings([{ code, ping: aPing({ userAgent }) }]),
    )
    expect(await store.users.count()).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    other.exec('COMMIT')
    await Promise.all(pings)
    const check = (await store.checks.findByCode(code))!
    const kept = await store.pings.latest(check.id, { afterN: 0, limit: 9 })
    expect(kept.map(({ n, userAgent }) => `${n} ${userAgent}`)).toEqual(['3 c', '2 b', '1 a'])
  })

  it('asks to come back after five seconds of that', async () => {
    await expect(store.facts.set('a', 'b')).rejects.toMatchObject({ why: 'busy', retryAfterMs: 5000 })
  }, 15_000)
})
