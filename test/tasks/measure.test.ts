import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/core/time'
import type { Instant } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Begun } from '../../src/store/users'
import { measure } from '../../src/tasks/measure'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('what projects keep and get, on $name', (database) => {
  let opened: Opener
  let store: Store
  let olga: Begun
  let nowAt: Instant

  beforeEach(async () => {
    opened = await opener(database)
    store = await opened.open()
    olga = (await store.users.addFirst(aBeginning('olga@example.org')))!
    nowAt = NOON
  })

  afterEach(() => opened.close())

  const ping = (code: string, count: number, body = '') =>
    store.checks.recordPings(
      Array.from({ length: count }, () => ({ code, ping: aPing({ body: Buffer.from(body) }) })),
    )

  const measuring = async () => {
    const { run } = measure({ ...store, clock: () => nowAt })
    while (await run());
  }

  const sizes = async (search = '') =>
    (await store.holdings.list(search, { limit: 10, offset: 0 })).map(({ size }) => size)

  it('is measured once a day, over all checks of each project', async () => {
    expect(await sizes()).toEqual([null])
    // More than are looked at in one piece.
    for (let i = 0; i < 25; i++) {
      const { code } = await store.checks.add(aNewCheck(olga.project.id, { name: `Job ${i}` }))
      await ping(code, 1, 'four')
    }
    await ping(olga.check.code, 5)
    await store.users.add(aBeginning('wes@example.org'))
    await measuring()
    expect(await sizes()).toEqual([
      { pingsADay: 0, bytes: 0 },
      { pingsADay: 30, bytes: 100 },
    ])

    await ping(olga.check.code, 8, 'eight ch')
    nowAt += 23 * HOUR
    await measuring()
    expect((await sizes('olga'))[0]?.bytes).toBe(100)
    nowAt += DAY + HOUR
    await measuring()
    expect(await sizes('olga')).toEqual([{ pingsADay: 4, bytes: 164 }])
  })

  it('goes with the project, and is never less than nothing', async () => {
    await ping(olga.check.code, 40)
    await measuring()
    const check = await store.checks.findByCode(olga.check.code)
    await store.checks.remove(check!.id)
    nowAt += 2 * DAY
    await measuring()
    expect(await sizes()).toEqual([{ pingsADay: 0, bytes: 0 }])
    await store.projects.remove(olga.project.id)
    await store.holdings.measured(olga.project.id, 5, nowAt)
    expect(await sizes()).toEqual([])
    expect(await store.holdings.toMeasure(nowAt + 9 * DAY)).toBeNull()
  })

  it('is found by name and by owner', async () => {
    await store.users.add(aBeginning('wes@example.org'))
    const found = async (search: string) =>
      (await store.holdings.list(search, { limit: 10, offset: 0 })).map(({ owner }) => owner)
    expect(await found('HOME')).toEqual(['wes@example.org', 'olga@example.org'])
    expect(await found('wes')).toEqual(['wes@example.org'])
    expect(await found('%')).toEqual([])
  })
})
