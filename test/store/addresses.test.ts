import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { SlugAddress } from '../../src/store/addresses'
import type { Receipt } from '../../src/store/checks'
import { aBeginning, aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const KEY = 'abcdefghijklmnopqrstuv'

const at = (slug: string, facts: Partial<SlugAddress> = {}): SlugAddress => ({
  pingKey: KEY,
  slug,
  createAt: null,
  ...facts,
})

// spec/ping-api.md §3, §4
describe.each(databases)('checks by ping key and slug on $name', (database) => {
  let stores: Opener
  let store: Store
  let projectId: number

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const beginning = aBeginning()
    const begun = await store.users.addFirst({ ...beginning, user: { ...beginning.user, checkLimit: 3 } })
    projectId = begun!.project.id
    await store.projects.setPingKey(projectId, KEY)
  })
  afterEach(() => stores.close())

  const add = (slug: string) => store.checks.add(aNewCheck(projectId, { slug }))
  const record = (...addresses: SlugAddress[]) =>
    store.checks.recordPings(addresses.map((address) => ({ ...address, ping: aPing() })))
  const withSlug = async (slug: string) =>
    (await store.checks.ofProject(projectId)).filter((check) => check.slug === slug)

  it('finds the one that is meant, among pings by code', async () => {
    const [job, other] = [await add('job'), await add('0')]
    const receipts = await store.checks.recordPings([
      { ...at('job'), ping: aPing() },
      { code: job.code, ping: aPing() },
      { ...at('0'), ping: aPing({ signal: 'fail' }) },
    ])
    expect(receipts).toMatchObject([
      { code: job.code, n: 1, created: false },
      { code: job.code, n: 2 },
      { code: other.code, n: 1, flip: { to: 'down' } },
    ])
  })

  it('says when there is none, or more than one, and keeps nothing', async () => {
    const twins = [await add('twice'), await add('twice')]
    await add('')
    const receipts = await record(
      at('twice'),
      at('none'),
      at('twice', { createAt: NOON }),
      at('job', { pingKey: 'unknown', createAt: NOON }),
      at(''),
    )
    expect(receipts).toEqual(['ambiguous', null, 'ambiguous', null, null])
    for (const { code } of twins) expect((await store.checks.findByCode(code))?.pingCount).toBe(0)
  })

  it('adds a check that is asked for, told to every channel of its project', async () => {
    const channel = await store.channels.add(aNewChannel(projectId))
    const [receipt] = await record(at('job', { createAt: NOON }))
    expect(receipt).toMatchObject({ n: 1, created: true })
    const [check] = await withSlug('job')
    expect(check).toMatchObject({
      name: 'job',
      slug: 'job',
      tags: '',
      schedule: { kind: 'period', periodMs: DAY },
      spare: { tz: 'UTC' },
      graceMs: HOUR,
      status: 'up',
      createdAt: NOON,
    })
    const told = await store.channels.ofCheck(check!.id)
    expect(told.map(({ id }) => id)).toContain(channel.id)
    expect(told).toHaveLength(2)
    expect(await record(at('job', { createAt: NOON }))).toMatchObject([{ n: 2, created: false }])
  })

  it('adds one check, whoever asks at the same time', async () => {
    const second = await stores.open()
    const created = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const ping = { ...at('job', { createAt: NOON }), ping: aPing() }
        const receipts = await (i % 2 ? store : second).checks.recordPings([ping, ping])
        return receipts.map((receipt) => (receipt as Receipt).created)
      }),
    )
    expect(created.flat().filter(Boolean)).toHaveLength(1)
    expect(await withSlug('job')).toMatchObject([{ pingCount: 24 }])
  })

  it('adds up to twice the checks that the owner may have', async () => {
    const slugs = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const receipts = await record(...slugs.map((slug) => at(slug, { createAt: NOON })))
    // One was there from the beginning.
    expect(receipts.filter((receipt) => receipt !== null)).toHaveLength(5)
    expect(await record(at('g', { createAt: NOON }))).toEqual([null])
    expect(await record(at('a', { createAt: NOON }))).toMatchObject([{ n: 2 }])
  })

  it('adds no check with a slug of more than 100 characters', async () => {
    const slugs = ['x'.repeat(101), 'y'.repeat(100)]
    const receipts = await record(...slugs.map((slug) => at(slug, { createAt: NOON })))
    expect(receipts).toMatchObject(['slug too long', { created: true }])
    expect(await record(at('z'.repeat(101), { createAt: NOON, pingKey: 'unknown' }))).toEqual([null])
  })

  it('adds one for a ping that is refused as well', async () => {
    expect(await store.addresses.resolve(at('job', { createAt: NOON }))).toMatchObject({ created: true })
    expect(await store.addresses.resolve(at('job'))).toMatchObject({ created: false })
    expect(await withSlug('job')).toMatchObject([{ pingCount: 0, status: 'new' }])
    expect(await record(at('job', { createAt: NOON }))).toMatchObject([{ n: 1, created: false }])
  })
})
