import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { isTimed, mergeDays, runDaysOf } from '../../src/core/run-stats'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { RunHistory } from '../../src/web/run-history'
import { aBeginning, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('the run times of a long log, on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    check = (await store.users.addFirst(aBeginning()))!.check
    // 5,200 pings, a run of one to ten minutes every half an hour, the last one still open.
    const pings = Array.from({ length: 5200 }, (_, i): Partial<ArrivingPing> => {
      const startedAt = NOON - (2600 - Math.floor(i / 2)) * (HOUR / 2)
      if (i % 2 === 0 || i === 5199) return { at: startedAt, signal: 'start' }
      return { at: startedAt + (1 + (i % 10)) * MINUTE, signal: i % 7 === 0 ? 'fail' : 'success' }
    })
    for (let at = 0; at < pings.length; at += 500) {
      await store.checks.recordPings(
        pings.slice(at, at + 500).map((facts) => ({ code: check.code, ping: aPing(facts) })),
      )
    }
    check = (await store.checks.findByCode(check.code))!
  })
  afterEach(() => stores.close())

  const all = () => store.runs.latest(check.id, { afterN: 0, limit: 9999, mostPings: 99_999 })
  async function told(history: RunHistory, days: number, afterN = 0) {
    const found = await history.since(check, { afterN, sinceAt: NOON - days * DAY, nowAt: NOON })
    return mergeDays([...found.days, ...runDaysOf(found.runs.filter(isTimed))])
  }
  const within = <T extends { startAt: number }>(days: T[], count: number): T[] =>
    days.filter(({ startAt }) => startAt > NOON - count * DAY)

  it('are the same by the day as of all pings, also when they are known already', async () => {
    const truth = runDaysOf((await all()).filter(isTimed))
    const history = new RunHistory(store)
    expect(await told(history, 400)).toEqual(truth)
    expect(await told(history, 400)).toEqual(truth)
    expect(within(await told(history, 30), 30)).toEqual(within(truth, 30))
  })

  it('are those of the pings that are still shown, and of new ones', async () => {
    const history = new RunHistory(store)
    await told(history, 400)
    await store.checks.recordPings([{ code: check.code, ping: aPing({ at: NOON }) }])
    check = (await store.checks.findByCode(check.code))!
    await store.checkMoves.clearSome(check.id, 1500)
    await store.checkMoves.clearSome(check.id, 1500)
    await store.checkMoves.clearSome(check.id, 1500)
    const truth = runDaysOf((await all()).filter(isTimed))
    expect(await told(history, 400)).toEqual(truth)
    expect(await told(history, 400, 1700)).toEqual(
      runDaysOf((await all()).filter(({ startN }) => startN > 1700).filter(isTimed)),
    )
  })
})
