import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { runDaysOf, isTimed, mergeDays } from '../../src/core/run-stats'
import { DAY, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const LIMIT = 10

describe.each(databases)('run times of pings that are gone on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const beginning = aBeginning()
    const begun = await store.users.addFirst({
      ...beginning,
      user: { ...beginning.user, pingLogLimit: LIMIT },
    })
    check = begun!.check
  })
  afterEach(() => stores.close())

  const record = (...pings: Partial<ArrivingPing>[]) =>
    store.checks.recordPings(pings.map((facts) => ({ code: check.code, ping: aPing(facts) })))
  const run = (at: number, minutes: number, end: 'success' | 'fail' = 'success'): Partial<ArrivingPing>[] => [
    { at, signal: 'start' },
    { at: at + minutes * MINUTE, signal: end },
  ]
  const prune = async (nowAt = NOON + 100 * DAY) => {
    while ((await store.pruning.pruneSome(check.id, nowAt))?.more === true);
  }
  const all = async () => {
    const runs = await store.runs.latest(check.id, { afterN: 0, limit: 1000 })
    return mergeDays([...(await store.runDays.since(check.id, 0)), ...runDaysOf(runs.filter(isTimed))])
  }

  it('are the same by the day before and after the log is cut, in however many turns', async () => {
    await record(
      ...Array.from({ length: 40 }, (_, i) =>
        run(NOON + i * (DAY / 3), 1 + (i % 7), i % 5 === 0 ? 'fail' : 'success'),
      ).flat(),
    )
    const before = await all()
    await prune()
    expect(await store.pings.latest(check.id, { afterN: 0, limit: 99 })).toHaveLength(LIMIT)
    expect(await all()).toEqual(before)
    await record(...run(NOON + 50 * DAY, 4), ...run(NOON + 50 * DAY + 60 * MINUTE, 5))
    await prune()
    const after = await all()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.at(-1)).toMatchObject({ runs: 2, longestMs: 5 * MINUTE })
  })

  it('are told since a day, and cleared with the events', async () => {
    await record(...Array.from({ length: 12 }, (_, i) => run(NOON + i * DAY, 2)).flat())
    await prune()
    expect(await store.runDays.since(check.id, NOON + 2 * DAY)).toHaveLength(4)
    await store.checkMoves.clear(check.id, NOON + 20 * DAY)
    expect(await store.runDays.since(check.id, 0)).toEqual([])
  })
})
