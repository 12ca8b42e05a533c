import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Receipt } from '../../src/store/checks'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const LIMIT = 10

// spec/ping-api.md [P35], [P36]
describe.each(databases)('the length of a log on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check
  let projectId: number

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const beginning = aBeginning()
    const begun = await store.users.addFirst({
      ...beginning,
      user: { ...beginning.user, pingLogLimit: LIMIT },
    })
    check = begun!.check
    projectId = begun!.project.id
  })
  afterEach(() => stores.close())

  const record = async (...pings: Partial<ArrivingPing>[]) =>
    (await store.checks.recordPings(
      pings.map((facts) => ({ code: check.code, ping: aPing(facts) })),
    )) as Receipt[]
  const many = (count: number, facts: Partial<ArrivingPing> = {}) =>
    record(...Array.from({ length: count }, () => facts))
  const numbers = async () =>
    (await store.pings.latest(check.id, { afterN: 0, limit: 5000 })).map(({ n }) => n).toReversed()
  const flipsAt = async () =>
    (await store.flips.latest(check.id, { sinceAt: 0, limit: 99 })).map(({ at }) => at)
  const toldAt = async () => (await store.notifications.ofCheck(check.id, 99)).map((one) => one.createdAt)

  /** Tells what is waiting to be told. */
  async function tellAll(nowAt: number) {
    for (;;) {
      // Of each channel one at a time.
      const claims = await store.notifications.claim(nowAt, nowAt + MINUTE, { quick: 99, slow: 99 })
      if (claims.length === 0) return
      for (const claim of claims) {
        await store.notifications.finish(claim, {
          delivery: { ok: true },
          at: nowAt,
          tookMs: 1,
          nextAt: null,
        })
      }
    }
  }

  it('is cut to the limit of the owner, the oldest first', async () => {
    await many(25)
    expect(await store.pruning.pruneSome(check.id, NOON)).toEqual({
      checkCode: check.code,
      upTo: 15,
      more: false,
    })
    expect(await numbers()).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
    expect((await record({}))[0]).toMatchObject({ n: 26, unpruned: 1 })
  })

  it('is cut in steps when there is much to remove', async () => {
    for (let i = 0; i < 3; i++) await many(400)
    const steps = []
    do steps.push((await store.pruning.pruneSome(check.id, NOON))!.more)
    while (steps.at(-1))
    expect(steps).toEqual([true, true, false])
    expect(await numbers()).toHaveLength(LIMIT)
  })

  it('tells how many pings came since it was cut last', async () => {
    expect((await many(5)).map(({ unpruned }) => unpruned)).toEqual([1, 2, 3, 4, 5])
    expect(await store.pruning.pruneSome(check.id, NOON)).toMatchObject({ upTo: -5, more: false })
    expect((await many(2)).map(({ n, unpruned }) => [n, unpruned])).toEqual([
      [6, 1],
      [7, 2],
    ])
  })

  it('finds the checks that have had more pings than are kept', async () => {
    await many(LIMIT)
    const other = await store.checks.add(aNewCheck(projectId))
    expect(await store.pruning.overLimit(0, 9)).toEqual([])
    await store.checks.recordPings(
      Array.from({ length: LIMIT + 1 }, () => ({ code: other.code, ping: aPing() })),
    )
    await many(1)
    expect(await store.pruning.overLimit(0, 9)).toEqual([check.id, other.id].toSorted((a, b) => a - b))
    expect(await store.pruning.overLimit(check.id, 9)).toEqual([other.id].filter((id) => id > check.id))
    expect(await store.pruning.overLimit(0, 1)).toHaveLength(1)
  })

  it('is nothing to a check that is gone', async () => {
    await store.checks.remove(check.id)
    expect(await store.pruning.pruneSome(check.id, NOON)).toBeNull()
  })

  it('takes along what was told, and flips only after three months', async () => {
    const longAgo = NOON - 94 * DAY
    await record({ at: longAgo, signal: 'fail' }, { at: longAgo + MINUTE })
    await record({ at: NOON - 90 * DAY, signal: 'fail' }, { at: NOON - 90 * DAY + MINUTE })
    await tellAll(NOON)
    await many(LIMIT)
    await store.pruning.pruneSome(check.id, NOON)
    expect(await flipsAt()).toEqual([NOON - 90 * DAY + MINUTE, NOON - 90 * DAY])
    expect(await toldAt()).toEqual([])
  })

  it('keeps flips that are as old as pings that are kept', async () => {
    const longAgo = NOON - 200 * DAY
    await record({ at: longAgo, signal: 'fail' })
    await many(LIMIT - 1)
    await tellAll(NOON)
    await store.pruning.pruneSome(check.id, NOON)
    expect(await flipsAt()).toContain(longAgo)
    expect(await toldAt()).toContain(longAgo)
  })

  it('takes back no alert: what waits to be told stays, and what a check is down by', async () => {
    const longAgo = NOON - 200 * DAY
    await record({ at: longAgo, signal: 'fail' })
    await many(LIMIT, { signal: 'log' })
    await store.pruning.pruneSome(check.id, NOON)
    expect(await toldAt()).toEqual([longAgo])
    await tellAll(NOON)
    await store.pruning.pruneSome(check.id, NOON)
    expect([await flipsAt(), await toldAt()]).toEqual([[longAgo], [longAgo]])
  })
})
