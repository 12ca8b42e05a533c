import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { checkFile } from '../../src/store/sqlite-care'
import type { Store } from '../../src/store'
import { openStore } from '../../src/store'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { bundled } from '../support/bundled'
import { databases, freshSqlite } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('the care for the database on $name', (database) => {
  let stores: Opener
  let store: Store
  let first: Check
  let second: Check

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const begun = (await store.users.addFirst(aBeginning()))!
    first = begun.check
    second = await store.checks.add(aNewCheck(begun.project.id, { name: 'Second' }))
    const pings = [
      { code: first.code, body: 'four' },
      { code: first.code, body: null },
      { code: second.code, body: 'x'.repeat(50) },
    ]
    await store.checks.recordPings(
      pings.map(({ code, body }) => ({
        code,
        ping: aPing({ body: body === null ? null : Buffer.from(body) }),
      })),
    )
  })
  afterEach(() => stores.close())

  it('knows what it takes, and what of that is free or still on its way into the file', async () => {
    const { bytes, freeBytes, logBytes } = await store.upkeep.sizes()
    expect(bytes).toBeGreaterThan(10_000)
    const isFile = database.name === 'SQLite'
    expect([freeBytes === null, logBytes === null]).toEqual([!isFile, !isFile])
    expect(await store.upkeep.checkpoint()).toBe(isFile ? true : null)
    if (isFile) expect((await store.upkeep.sizes()).logBytes).toBe(0)
    await store.upkeep.analyze()
  })

  it('counts rows without looking at each ping', async () => {
    expect(await store.upkeep.rows()).toEqual({ checks: 2, pings: 3, flips: 2, notifications: 0 })
  })

  it('measures what the log of a check takes, wherever the bodies are', async () => {
    expect(await store.upkeep.checksAfter(0, 10)).toEqual([
      { id: first.id, kept: 2 },
      { id: second.id, kept: 1 },
    ])
    expect(await store.upkeep.checksAfter(first.id, 10)).toEqual([{ id: second.id, kept: 1 }])
    const measured = await store.upkeep.storedOf([first.id, second.id])
    expect(measured.toSorted((one, other) => one.bytes - other.bytes)).toEqual([
      { checkId: first.id, pings: 2, bytes: 4, bytesHere: 4 },
      { checkId: second.id, pings: 1, bytes: 50, bytesHere: 50 },
    ])
    expect((await store.upkeep.namesOf([second.id])).get(second.id)).toEqual({
      code: second.code,
      name: 'Second',
      project: 'Home',
    })
  })

  it('tells how far the removal of bodies is', async () => {
    await store.checks.remove(second.id)
    const nowAt = NOON
    const job = (await store.purges.claim(nowAt, nowAt + 5))!
    await store.purges.settle(job, {
      removed: 7,
      cleanLooks: 0,
      attempts: 1,
      error: 'Away',
      nextAt: nowAt + 9,
    })
    expect(await store.purges.first(10)).toEqual([
      { id: job.id, checkCode: second.code, removed: 7, attempts: 1, dueAt: nowAt + 9, error: 'Away' },
    ])
  })
})

describe('a vacuum in another process', () => {
  it('gives room back while pings come in, and none of them is lost', async () => {
    const config = freshSqlite()
    const store = await openStore(config, { newCode: () => crypto.randomUUID() })
    const begun = (await store.users.addFirst(aBeginning()))!
    const { code } = begun.check
    const gone = await store.checks.add(aNewCheck(begun.project.id))
    const many = Array.from({ length: 3000 }, () => aPing({ body: Buffer.alloc(900, 'x') }))
    await store.checks.recordPings(many.map((ping) => ({ code: gone.code, ping })))
    await store.checks.remove(gone.id)
    const before = await store.upkeep.sizes()
    expect(before.freeBytes).toBeGreaterThan(2_000_000)

    const child = spawn(
      process.execPath,
      [bundled('src/main.ts'), 'database', 'vacuum', '--file', config.file],
      {
        env: {},
      },
    )
    const ended = once(child, 'exit')
    let kept = 0
    while (child.exitCode === null) {
      await store.checks.recordPings([{ code, ping: aPing() }])
      kept += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await ended)[0]).toBe(0)
    const after = await store.upkeep.sizes()
    expect(after.freeBytes).toBeLessThan(200_000)
    // On a slow machine more pings came in meanwhile, and each takes some room.
    expect(after.bytes).toBeLessThan(before.bytes / 2 + kept * 400)
    expect((await store.checks.findByCode(code))?.pingCount).toBe(kept)
    await store.close()
    expect(checkFile(config.file)).toBeNull()
  })
})
