import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'

describe.each(databases)('runs on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    check = (await store.users.addFirst(aBeginning()))!.check
  })
  afterEach(() => stores.close())

  const record = (...pings: Partial<ArrivingPing>[]) =>
    store.checks.recordPings(pings.map((facts) => ({ code: check.code, ping: aPing(facts) })))

  it('are found in the log, the latest start first', async () => {
    await record(
      { signal: 'start', runId: A },
      { signal: 'start', at: NOON + MINUTE },
      { signal: 'log', at: NOON + 2 * MINUTE },
      { signal: 'success', at: NOON + 3 * MINUTE, exitStatus: 3 },
      { signal: 'success', runId: A, at: NOON + 4 * MINUTE },
      { signal: 'start', at: NOON + 5 * MINUTE },
    )
    const runs = await store.runs.latest(check.id, { afterN: 0, limit: 9 })
    expect(runs).toMatchObject([
      { runId: null, startN: 6, outcome: 'open' },
      { runId: null, startN: 2, endN: 4, outcome: 'fail', durationMs: 2 * MINUTE },
      { runId: A, startN: 1, endN: 5, outcome: 'success', durationMs: 4 * MINUTE },
    ])
    expect(await store.runs.latest(check.id, { afterN: 0, limit: 1 })).toEqual(runs.slice(0, 1))
    expect(await store.runs.latest(check.id, { afterN: 1, limit: 9 })).toEqual(runs.slice(0, 2))
  })
})
