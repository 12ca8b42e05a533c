import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('bodies on their way to object storage on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    check = (await store.users.addFirst(aBeginning()))!.check
  })
  afterEach(() => stores.close())

  const ping = (bytes: number, bodiesDueAt: number | null = 0, { code } = check) =>
    store.checks.recordPings([{ code, ping: aPing({ body: Buffer.alloc(bytes, 'x') }) }], { bodiesDueAt })
  const claim = (nowAt = NOON, limit = 10, from = store) => from.bodies.claim(nowAt, nowAt + MINUTE, limit)

  it('wait from 101 bytes on ([P56])', async () => {
    for (const bytes of [0, 1, 100, 101, 5000]) await ping(bytes)
    expect((await claim()).map(({ n, bytes }) => [n, bytes])).toEqual([
      [5, 5000],
      [4, 101],
    ])
  })

  it('do not wait where nobody moves them', async () => {
    await ping(5000, null)
    expect(await claim()).toEqual([])
    expect(await store.bodies.waiting(0, 10)).toEqual({ count: 0, bytes: 0, oldestAt: null, lastId: null })
  })

  it('are taken newest first, by one instance each, and fall due again when that one dies', async () => {
    for (let i = 0; i < 4; i++) await ping(200)
    const other = await stores.open()
    expect((await claim(NOON, 2)).map(({ n }) => n)).toEqual([4, 3])
    expect((await claim(NOON, 10, other)).map(({ n }) => n)).toEqual([2, 1])
    expect(await claim(NOON + MINUTE - 1)).toEqual([])
    expect(await claim(NOON + MINUTE)).toHaveLength(4)
    await store.bodies.releaseAll()
    expect(await claim(NOON)).toHaveLength(4)
  })

  it('are here until they are moved, and then only their size is', async () => {
    await ping(200)
    const claimed = await claim()
    expect(claimed).toMatchObject([{ checkCode: check.code, n: 1, bytes: 200 }])
    expect(await store.pings.body(check.id, 1)).toHaveLength(200)
    expect(await store.bodies.moved(claimed)).toEqual([])
    expect(await store.pings.body(check.id, 1)).toBeNull()
    expect(await store.pings.find(check.id, 1)).toMatchObject({ bodyBytes: 200 })
    expect(await claim(NOON + MINUTE)).toEqual([])
  })

  it('leave all other bodies alone when they are moved', async () => {
    const other = await store.checks.add(aNewCheck(check.projectId))
    await ping(200)
    await ping(200, 0, other)
    await ping(300)
    await ping(300, 0, other)
    const claimed = await claim()
    await store.bodies.moved(claimed.filter(({ checkId, n }) => checkId === check.id && n === 2))
    expect(await store.pings.body(check.id, 1)).toHaveLength(200)
    expect(await store.pings.body(check.id, 2)).toBeNull()
    expect(await store.pings.body(other.id, 1)).toHaveLength(200)
    expect(await store.pings.body(other.id, 2)).toHaveLength(300)
  })

  it('can be moved at once, and are then dropped from the queue', async () => {
    await ping(200, NOON + MINUTE)
    await store.bodies.movedAtOnce(check.id, 1)
    expect(await store.pings.body(check.id, 1)).toBeNull()
    expect(await claim(NOON)).toEqual([])
    const [late] = await claim(NOON + MINUTE)
    expect(await store.bodies.moved([late!])).toEqual([])
    expect(await claim(NOON + 5 * MINUTE)).toEqual([])
  })

  it('wait again from when they are put back', async () => {
    await ping(200)
    const [one] = await claim()
    await store.bodies.putBack([one!.id], NOON + 10)
    expect(await claim(NOON + 9)).toEqual([])
    expect(await claim(NOON + 10)).toHaveLength(1)
  })

  it('are dropped with their check', async () => {
    await ping(200)
    await store.checks.remove(check.id)
    expect(await claim()).toEqual([])
    expect(await store.bodies.waiting(0, 10)).toMatchObject({ count: 0 })
  })

  it('are told of when their check goes while they are moved, since their objects have no owner', async () => {
    await ping(200)
    const claimed = await claim()
    await store.checks.remove(check.id)
    expect(await store.bodies.moved(claimed)).toEqual(claimed)
    expect(await store.bodies.waiting(0, 10)).toMatchObject({ count: 0 })
  })

  it('are counted in slices', async () => {
    for (let i = 0; i < 5; i++) await ping(200 + i)
    const first = await store.bodies.waiting(0, 3)
    expect(first).toMatchObject({ count: 3, bytes: 603, oldestAt: NOON })
    expect(await store.bodies.waiting(first.lastId ?? 0, 3)).toMatchObject({
      count: 2,
      bytes: 407,
      lastId: null,
    })
  })

  it('belong to checks that exist, or not', async () => {
    expect(await store.bodies.anyCheck()).toBe(true)
    expect(await store.bodies.codesInUse([check.code, 'gone'])).toEqual([check.code])
    await store.checks.remove(check.id)
    expect(await store.bodies.anyCheck()).toBe(false)
  })
})

describe.each(databases)('a budget on $name', (database) => {
  const HEALTH = { limit: 3, periodMs: MINUTE }
  let stores: Opener
  let store: Store

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
  })
  afterEach(() => stores.close())

  const holds = (nowAt: number) => store.budgets.holds('storage', HEALTH, nowAt)

  it('that is drained by three holds nothing for twenty seconds, on every instance', async () => {
    expect(await holds(NOON)).toBe(true)
    for (let i = 0; i < 3; i++) await (await stores.open()).budgets.drain('storage', HEALTH, NOON)
    expect(await holds(NOON + MINUTE / 3 - 1)).toBe(false)
    expect(await holds(NOON + MINUTE / 3)).toBe(true)
  })

  it('that is drained further holds nothing for longer', async () => {
    for (let i = 0; i < 6; i++) await store.budgets.drain('storage', HEALTH, NOON)
    expect(await holds(NOON + MINUTE)).toBe(false)
    expect(await holds(NOON + 2 * MINUTE)).toBe(true)
  })
})
