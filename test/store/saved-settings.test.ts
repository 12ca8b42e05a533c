import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'
import type { Store } from '../../src/store'

describe.each(databases)('saved settings on $name', (database) => {
  let opened: Opener
  let store: Store

  beforeEach(async () => {
    opened = await opener(database)
    store = await opened.open()
  })

  afterEach(() => opened.close())

  it('are what was saved last, until they are taken back', async () => {
    expect(await store.savedSettings.all()).toEqual({ version: 0, values: {} })
    await store.savedSettings.save({ SITE_NAME: 'One', EMAIL_PORT: '25' })
    await store.savedSettings.save({ SITE_NAME: 'Two', EMAIL_PORT: null })
    expect(await store.savedSettings.all()).toEqual({ version: 2, values: { SITE_NAME: 'Two' } })
    expect(await store.savedSettings.version()).toBe(2)
  })

  it('have a version of its own for each save, so that nobody misses one', async () => {
    const other = await opened.open()
    const saves = Array.from({ length: 10 }, (_, i) =>
      (i % 2 ? store : other).savedSettings.save({ SITE_NAME: `Name ${i}` }),
    )
    const versions = await Promise.all(saves)
    expect(versions.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await other.savedSettings.version()).toBe(10)
  })
})
