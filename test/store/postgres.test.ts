import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { openStore } from '../../src/store'
import { openPostgres } from '../../src/store/postgres'
import { StoreUnavailable } from '../../src/store/problems'
import { one } from '../../src/store/sql'
import { aBeginning, aPing } from '../support/build'
import { freshPostgres } from '../support/databases'

it('survives connections that are cut while they are in use, and goes on afterwards', async () => {
  const config = await freshPostgres()
  const store = await openStore(config, { newCode: randomUUID })
  const { check } = (await store.users.addFirst(aBeginning()))!
  const [where] = config.hosts
  const cutter = new Client({ ...where, database: config.name, user: config.user, password: config.password })
  await cutter.connect()

  let ended = false
  let kept = 0
  let refused = 0
  const pinging = Array.from({ length: 4 }, async () => {
    while (!ended) {
      try {
        await store.checks.recordPings([{ code: check.code, ping: aPing() }])
        kept++
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailable)
        refused++
      }
    }
  })
  while (refused < 3) {
    await cutter.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'rollcall' AND query LIKE $1`,
      [`%${config.schema}%`],
    )
    await cutter.query(
      // Others use this server too: only what is in the middle of something in our schema is cut.
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'rollcall' AND state = 'idle in transaction' AND pid IN (
         SELECT pid FROM pg_locks JOIN pg_class ON pg_class.oid = relation
         JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1)`,
      [config.schema],
    )
  }
  ended = true
  await Promise.all(pinging)
  expect(await store.checks.recordPings([{ code: check.code, ping: aPing() }])).not.toEqual([null])
  const counted = (await store.checks.findByCode(check.code))?.pingCount ?? 0
  // What was refused may have been kept all the same: the connection broke before it could say so.
  expect(counted).toBeGreaterThanOrEqual(kept + 1)
  expect(counted).toBeLessThanOrEqual(kept + refused + 1)
  await cutter.end()
  await store.close()
})

it('waits for the disk, except where that does not matter', async () => {
  const sql = await openPostgres({ ...(await freshPostgres()), poolSize: 1 })
  const waits = (options?: { relaxed: boolean }) =>
    sql.transaction(() => one<{ synchronous_commit: string }>('SHOW synchronous_commit'), options)
  const usual = await waits()
  expect(await waits({ relaxed: true })).toEqual({ synchronous_commit: 'off' })
  expect(await waits()).toEqual(usual)
  await sql.close()
})
