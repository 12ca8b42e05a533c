import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/core/channel'
import type { Check } from '../../src/core/check'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aNewChannel, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const SINCE = NOON - DAY
const ALL = { failedSinceAt: SINCE, state: null, search: '', beforeId: Number.MAX_SAFE_INTEGER }
const NEVER = { ok: false, kind: 'final', reason: 'Gone for good' } as const
const AGAIN = { ok: false, kind: 'temporary', reason: 'Connection failed' } as const

describe.each(databases)('alerts that are not told, on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check
  let mail: Channel
  let hook: Channel

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const begun = (await store.users.addFirst(aBeginning()))!
    check = begun.check
    mail = begun.channel
    hook = await store.channels.add(aNewChannel(begun.project.id, { name: 'Pager' }))
    await store.checks.recordPings([
      { code: check.code, ping: aPing() },
      { code: check.code, ping: aPing({ signal: 'fail' }) },
    ])
  })
  afterEach(() => stores.close())

  /** Tries what is due: by mail it is given up, and the other is to be tried again. */
  async function fail(): Promise<void> {
    const claims = await store.notifications.claim(NOON, NOON + MINUTE, { quick: 9, slow: 9 })
    for (const claim of claims) {
      const isMail = claim.channel.id === mail.id
      const delivery = isMail ? NEVER : AGAIN
      await store.notifications.finish(claim, {
        delivery,
        at: NOON,
        tookMs: 5,
        nextAt: isMail ? null : NOON + HOUR,
      })
    }
  }
  const listed = async (more: object = {}) =>
    (await store.undelivered.list({ ...ALL, ...more }, 10)).map(({ state, kind }) => `${kind} ${state}`)

  it('are counted and listed by how they stand, the newest first', async () => {
    expect(await store.undelivered.state(SINCE)).toEqual({ waiting: 2, oldestAt: NOON, retrying: 0, dead: 0 })
    await fail()
    expect(await store.undelivered.state(SINCE)).toEqual({ waiting: 0, oldestAt: null, retrying: 1, dead: 1 })
    expect(await listed()).toHaveLength(2)
    expect(await listed({ state: 'waiting' })).toEqual([])
    expect(await listed({ state: 'retrying' })).toEqual([`${hook.kind} waiting`])
    expect(await listed({ state: 'dead' })).toEqual(['email failed'])
    expect(await listed({ search: 'PAGE' })).toEqual([`${hook.kind} waiting`])
    expect(await listed({ search: '%' })).toEqual([])
    const [newest, oldest] = await store.undelivered.list(ALL, 10)
    expect(await store.undelivered.list({ ...ALL, beforeId: newest!.id }, 10)).toEqual([oldest])
    expect(newest).toMatchObject({ checkCode: check.code, check: 'My first check', project: 'Home' })
    expect(await listed({ failedSinceAt: NOON + DAY })).toEqual([`${hook.kind} waiting`])
  })

  it('are tried again with all attempts ahead, or told to nobody, one by one', async () => {
    await fail()
    const [one, other] = (await store.undelivered.list(ALL, 10)).map(({ id }) => id)
    expect(await store.undelivered.retry(one!, NOON + 5)).toBe(true)
    expect((await store.undelivered.list(ALL, 10))[0]).toMatchObject({
      state: 'waiting',
      attempts: 0,
      dueAt: NOON + 5,
    })
    expect(await store.undelivered.drop(other!, NOON)).toBe(true)
    expect(await store.undelivered.drop(other!, NOON)).toBe(false)
    expect(await store.undelivered.list(ALL, 10)).toHaveLength(1)
  })

  it('are told apart by what goes wrong, and dealt with together', async () => {
    await fail()
    expect(await store.undelivered.groups(SINCE, 10)).toEqual([
      { kind: 'email', error: 'Gone for good', retrying: 0, dead: 1, channels: 1 },
      { kind: hook.kind, error: 'Connection failed', retrying: 1, dead: 0, channels: 1 },
    ])
    const failing = { kind: 'email', error: 'Gone for good', failedSinceAt: SINCE }
    expect(await store.undelivered.retryGroup({ ...failing, error: 'Another' }, NOON)).toBe(0)
    expect(await store.undelivered.retryGroup(failing, NOON)).toBe(1)
    expect(
      await store.undelivered.dropGroup({ ...failing, kind: hook.kind, error: 'Connection failed' }, NOON),
    ).toBe(1)
    expect(await listed()).toEqual(['email waiting'])
  })
})
