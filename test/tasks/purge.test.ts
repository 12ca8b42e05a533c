import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { objectKey } from '../../src/core/object-key'
import { HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { purge } from '../../src/tasks/purge'
import type { Objects } from '../../src/world/objects'
import { aBeginning, aNewCheck, NOON } from '../support/build'
import { databases } from '../support/databases'
import { recorder } from '../support/local-site'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

/** A bucket in memory that can be away. */
function aBucket(keys: string[]) {
  const bucket = {
    keys: new Set(keys),
    isAway: false,
    list: ({ prefix, after = '' }: { prefix: string; after?: string | null }) => {
      if (bucket.isAway) return Promise.resolve({ ok: false as const, failure: AWAY })
      const objects = [...bucket.keys]
        .filter((key) => key.startsWith(prefix) && key > (after ?? ''))
        .map((key) => ({ key, size: 1, modifiedAt: 0 }))
      return Promise.resolve({ ok: true as const, value: { objects, prefixes: [], next: null } })
    },
    remove: (gone: readonly string[]) => {
      for (const key of gone) bucket.keys.delete(key)
      return Promise.resolve({ ok: true as const, value: [] })
    },
  }
  return bucket as typeof bucket & Pick<Objects, 'list' | 'remove'>
}

const AWAY = { kind: 'unavailable', reason: 'the bucket is away' } as never

describe.each(databases)('what is left of a closed account on $name', (database) => {
  let stores: Opener
  let store: Store

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
  })
  afterEach(() => stores.close())

  /** An account with checks that have bodies in the bucket, closing. */
  async function closing(checks: number) {
    await store.users.add(aBeginning('ada@example.org'))
    const begun = (await store.users.add(aBeginning('olga@example.org')))!
    const codes = [begun.check.code]
    for (let i = 1; i < checks; i++) codes.push((await store.checks.add(aNewCheck(begun.project.id))).code)
    const mail = { recipient: 'olga@example.org', template: 'account', model: { subject: '{objects} gone' } }
    const how = await store.closings.begin(begun.user.id, { code: 'c', mail, nowAt: NOON })
    expect(how).toBe('begun')
    return { user: begun.user, codes }
  }

  it('goes with its checks, a few at a time, and the bodies of each with it', async () => {
    const { user, codes } = await closing(3)
    const bucket = aBucket([...codes.flatMap((code) => [1, 2].map((n) => objectKey(code, n))), 'others/x'])
    expect(await store.closings.goOn(user.id, 2)).toBe(false)
    expect(await store.users.findByEmail('olga@example.org')).toMatchObject({ disabled: true })

    // Another process goes on where that one stopped.
    let nowAt = NOON
    const task = purge({ ...store, objects: bucket, clock: () => nowAt, log: recorder([]) })
    while (await task.run());
    expect(await store.users.findByEmail('olga@example.org')).toBeNull()
    expect([...bucket.keys]).toEqual(['others/x'])
    // It looks twice more, for what was still on its way up.
    bucket.keys.add(objectKey(codes[0] ?? '', 3))
    for (let look = 0; look < 3; look++) {
      expect(await store.mails.claim(nowAt, nowAt + HOUR, 1)).toEqual([])
      nowAt += MINUTE
      while (await task.run());
    }
    expect([...bucket.keys]).toEqual(['others/x'])
    expect(await store.purges.waiting()).toEqual({ count: 0, failing: 0 })
    expect(await store.mails.claim(nowAt, nowAt + HOUR, 1)).toMatchObject([
      { recipient: 'olga@example.org', model: { subject: '7 gone' } },
    ])
  })

  it('is gone for good however often the bucket was away, and whoever was restarted', async () => {
    const { codes } = await closing(1)
    const bucket = aBucket([objectKey(codes[0] ?? '', 1)])
    bucket.isAway = true
    let nowAt = NOON
    const task = () => purge({ ...store, objects: bucket, clock: () => nowAt, log: recorder([]) })
    for (let attempt = 0; attempt < 5; attempt++) {
      while (await task().run());
      expect(await store.purges.waiting()).toEqual({ count: 1, failing: 1 })
      nowAt += HOUR
    }
    bucket.isAway = false
    for (let look = 0; look < 4; look++) {
      while (await task().run());
      nowAt += 7 * HOUR
    }
    expect(bucket.keys.size).toBe(0)
    expect(await store.purges.waiting()).toEqual({ count: 0, failing: 0 })
  })

  it('is nothing where there is no bucket', async () => {
    await closing(2)
    const task = purge({ ...store, objects: null, clock: () => NOON, log: recorder([]) })
    while (await task.run());
    expect(await store.purges.waiting()).toEqual({ count: 0, failing: 0 })
    expect(await store.mails.claim(NOON, NOON + HOUR, 1)).toMatchObject([{ model: { subject: '0 gone' } }])
  })

  it('includes the bodies of checks and projects that are removed alone', async () => {
    const { check } = (await store.users.add(aBeginning()))!
    const begun = (await store.users.add(aBeginning('wes@example.org')))!
    await store.checks.remove(check.id)
    await store.projects.remove(begun.project.id)
    expect(await store.purges.waiting()).toEqual({ count: 2, failing: 0 })
  })
})
