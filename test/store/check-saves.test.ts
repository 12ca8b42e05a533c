import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { matchOf, UNDECIDED, withFields } from '../../src/core/check-edit'
import type { CheckFields } from '../../src/core/check-fields'
import type { Store } from '../../src/store'
import { aBeginning, aNewChannel, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('writes of scripts on $name', (database) => {
  let stores: Opener
  let store: Store
  let projectId: number

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const begun = await store.users.add(aBeginning())
    projectId = begun?.project.id ?? 0
  })

  afterEach(() => stores.close())

  const rule = { derivesSlug: false }
  const upsert = (at: Store, fields: CheckFields) =>
    at.checkSaves.upsert({
      projectId,
      match: matchOf(fields),
      fresh: { ...withFields(UNDECIDED, fields, rule), createdAt: NOON },
      channels: fields.channels ?? null,
      edit: (check) => withFields(check, fields, rule),
    })

  it('make one check of equal orders, however many instances take them', async () => {
    const other = await stores.open()
    const fields: CheckFields = { name: 'Once', tags: 'a b', unique: ['name', 'tags'] }
    const saved = await Promise.all(
      Array.from({ length: 30 }, (_, i) => upsert(i % 2 ? store : other, fields)),
    )
    expect(saved.filter((each) => each.ok && each.value.created)).toHaveLength(1)
    expect(new Set(saved.map((each) => (each.ok ? each.value.check.id : null))).size).toBe(1)
  })

  it('change nothing at all when a channel is not known', async () => {
    const channel = await store.channels.add(aNewChannel(projectId, { name: 'Night shift' }))
    const first = await upsert(store, { name: 'n', channels: 'Night shift' })
    if (!first.ok) throw new Error(first.problem.message)
    const { check } = first.value
    const refused = await store.checkSaves.edit(check.id, {
      channels: 'Night shift,nobody',
      edit: (now) => ({ ...now, name: 'changed' }),
    })
    expect(refused).toMatchObject({ ok: false, problem: { code: 'invalid' } })
    expect(await store.checks.findByCode(check.code)).toMatchObject({ name: 'n' })
    expect(await store.checkSearch.channelsOf(check.id)).toEqual([channel.code])
  })

  it('stop at the limit of the owner, for new checks only', async () => {
    const fields: CheckFields = { name: 'last', unique: ['name'] }
    for (let i = 0; i < 98; i++) await upsert(store, {})
    const saved = await Promise.all([upsert(store, fields), upsert(store, {}), upsert(store, {})])
    expect(saved.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('give each check an address for its badge', async () => {
    const [check] = await store.checkSearch.inOrder(projectId)
    expect(check?.badgeKey).toMatch(/^[0-9a-f]{8}-/)
    expect((await store.checkSearch.findByBadgeKey(check?.badgeKey ?? ''))?.id).toBe(check?.id)
  })
})

describe.each(databases)('API keys on $name', (database) => {
  it('are as many as may be, and found until they expire', async () => {
    const stores = await opener(database)
    const store = await stores.open()
    const begun = await store.users.add(aBeginning())
    const add = (digest: string) =>
      store.apiKeys.add(
        {
          projectId: begun?.project.id ?? 0,
          name: digest,
          access: 'read-only',
          prefix: 'hcr_',
          lookUp: 'abcdefgh',
          digest,
          createdBy: 'ada@example.org',
          createdAt: NOON,
          expiresAt: NOON + 1,
        },
        2,
      )
    const added = await Promise.all([add('a'), add('b'), add('c')])
    expect(added.filter((each) => each === 'full')).toHaveLength(1)
    expect(await store.apiKeys.candidates('abcdefgh', NOON)).toHaveLength(2)
    expect(await store.apiKeys.candidates('abcdefgh', NOON + 1)).toEqual([])

    await store.projects.setPingLogLimit(begun?.project.id ?? 0, 250)
    const [found] = await store.apiKeys.candidates('abcdefgh', NOON)
    expect(found?.project).toEqual(await store.projects.findByCode(begun?.project.code ?? ''))
    await stores.close()
  })
})
