import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { tally } from '../../src/tasks/tally'
import { NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('what is counted by the minute on $name', (database) => {
  let stores: Opener
  let store: Store
  let nowAt: number
  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    nowAt = NOON
  })
  afterEach(() => stores.close())

  const counting = (from: Store) => tally({ ...from, clock: () => nowAt })

  it('adds up over turns and instances, each minute for itself', async () => {
    const [one, other] = [counting(store), counting(await stores.open())]
    one.count('pings', 3)
    other.count('pings', 4)
    await Promise.all([one.run(), other.run()])
    one.count('pings')
    nowAt += MINUTE
    one.count('pings', 2)
    one.count('told ntfy')
    await one.run()
    await one.run()
    expect(await store.tallies.series('pings', 0)).toEqual([
      { at: NOON, count: 8 },
      { at: NOON + MINUTE, count: 2 },
    ])
    expect(await store.tallies.series('pings', NOON + MINUTE)).toHaveLength(1)
    expect(await store.tallies.sums(NOON)).toEqual(
      new Map([
        ['pings', 10],
        ['told ntfy', 1],
      ]),
    )
  })

  it('keeps what could not be written for the next turn', async () => {
    const { add } = store.tallies
    let isAway = true
    const tallies: Pick<typeof store.tallies, 'add'> = {
      add: (rows) => (isAway ? Promise.reject(new Error('the database is away')) : add(rows)),
    }
    const one = tally({ ...store, tallies, clock: () => nowAt })
    one.count('pings', 5)
    await expect(one.run()).rejects.toThrow('away')
    isAway = false
    one.count('pings')
    await one.run()
    expect(await store.tallies.sums(0)).toEqual(new Map([['pings', 6]]))
  })

  it('remembers the last of what is noted', async () => {
    const one = counting(store)
    one.note('mail last sent', '1')
    one.note('mail last sent', '2')
    await one.run()
    expect(await store.facts.get('mail last sent')).toBe('2')
  })

  it('forgets what is old', async () => {
    const one = counting(store)
    one.count('pings')
    await one.run()
    await store.tallies.prune(NOON)
    expect((await store.tallies.sums(0)).size).toBe(1)
    await store.tallies.prune(NOON + DAY)
    expect((await store.tallies.sums(0)).size).toBe(0)
  })
})
