import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { PingIntake } from '../../src/pings/intake'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import { prunePings } from '../../src/tasks/prune-pings'
import type { PingPruning, PrunePingsOptions } from '../../src/tasks/prune-pings'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { freshSqlite } from '../support/databases'
import { recorder } from '../support/local-site'

const LIMIT = 100

let store: Store
let check: Check
let projectId: number
let pruning: PingPruning
let intake: PingIntake
let removed: [string, number][]
const logged: Parameters<typeof recorder>[0] = []

beforeEach(async () => {
  store = await openStore(freshSqlite(), { newCode: randomUUID })
  const begun = (await store.users.addFirst(aBeginning()))!
  check = begun.check
  projectId = begun.project.id
  begin()
})
afterEach(() => store.close())

function begin(options: Partial<PrunePingsOptions> = {}) {
  removed = []
  logged.length = 0
  pruning = prunePings({
    ...store,
    onPruned: (code, n) => removed.push([code, n]),
    clock: () => NOON,
    log: recorder(logged),
    ...options,
  })
  intake = new PingIntake({ ...store, onFlips: () => undefined, onLongLog: (id) => pruning.due(id) })
}

const rows = async ({ id }: Check = check) =>
  (await store.pings.latest(id, { afterN: 0, limit: 9000 })).length

// spec/ping-api.md [P37], [P38]
describe('logs are cut while pings come', () => {
  it('whatever rhythm of starts without and successes with a body', async () => {
    let most = 0
    for (let round = 0; round < 1000; round++) {
      await intake.submit({ code: check.code, ping: aPing({ signal: 'start' }) })
      await intake.submit({ code: check.code, ping: aPing({ method: 'POST', body: Buffer.alloc(200) }) })
      while (await pruning.run());
      if (round % 25 === 24) most = Math.max(most, await rows())
    }
    expect(most).toBeLessThanOrEqual(LIMIT + 100)
    expect(removed.at(-1)).toEqual([check.code, 2000 - LIMIT])
  })

  it('not before there is enough to do', async () => {
    await store.checks.recordPings(Array.from({ length: 198 }, () => ({ code: check.code, ping: aPing() })))
    await store.pruning.pruneSome(check.id, NOON)
    await intake.submit({ code: check.code, ping: aPing() })
    await pruning.run()
    expect(removed).toEqual([])
  })

  it('again with the next ping, when a restart forgot about it', async () => {
    await store.checks.recordPings(Array.from({ length: 250 }, () => ({ code: check.code, ping: aPing() })))
    await intake.submit({ code: check.code, ping: aPing() })
    await pruning.run()
    expect(await rows()).toBe(LIMIT)
  })
})

describe('every day', () => {
  it('all logs are cut, also those that no ping reminds of, and one that fails stops no other', async () => {
    const other = await store.checks.add(aNewCheck(projectId))
    for (const { code } of [check, other]) {
      await store.checks.recordPings(Array.from({ length: 130 }, () => ({ code, ping: aPing() })))
    }
    begin({
      pruning: {
        ...store.pruning,
        pruneSome: (id, nowAt) =>
          id === check.id ? Promise.reject(new Error('broken')) : store.pruning.pruneSome(id, nowAt),
      },
    })
    await pruning.pruneAll()
    expect([await rows(), await rows(other)]).toEqual([130, LIMIT])
    expect(logged).toMatchObject([{ level: 'error', fields: { checkId: check.id } }])
  })

  it('a log is cut once at a time', async () => {
    await store.checks.recordPings(Array.from({ length: 130 }, () => ({ code: check.code, ping: aPing() })))
    await Promise.all([pruning.pruneAll(), pruning.pruneAll()])
    expect(removed).toEqual([[check.code, 30]])
  })
})
