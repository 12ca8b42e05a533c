import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pause } from '../../src/core/check'
import type { Channel } from '../../src/core/channel'
import type { Check } from '../../src/core/check'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const ALL = { quick: 9, slow: 9 }

describe.each(databases)('a channel that repeats on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check
  let hook: Channel

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const begun = (await store.users.addFirst(aBeginning()))!
    check = begun.check
    await store.channels.remove(begun.channel.id)
    hook = await store.channels.add(aNewChannel(begun.project.id, { repeatMs: HOUR }))
  })
  afterEach(() => stores.close())

  const ping = (signal: 'success' | 'fail', at = NOON, { code }: Check = check) =>
    store.checks.recordPings([{ code, ping: aPing({ signal, at }) }])
  /** Tells what is due, and says what that was. */
  const tell = async (at: number) => {
    const claims = await store.notifications.claim(at, at + MINUTE, ALL)
    for (const claim of claims) {
      await store.notifications.finish(claim, { delivery: { ok: true }, at, tookMs: 0, nextAt: null })
    }
    return claims.map(({ notification: { status, round } }) => `${status} ${round}`)
  }
  const repeat = (at: number, from = store) => from.repeats.queueDue(at, 100)
  const codeOf = async () => (await store.notifications.ofCheck(check.id, 1))[0]!.code

  it('tells again when its time is over, counted from when it told before', async () => {
    await ping('fail')
    expect(await tell(NOON + 10 * MINUTE)).toEqual(['down 0'])
    expect(await repeat(NOON + HOUR)).toBe(0)
    expect(await repeat(NOON + HOUR + 10 * MINUTE)).toBe(1)
    expect(await tell(NOON + HOUR + 10 * MINUTE)).toEqual(['down 1'])
    expect(await repeat(NOON + HOUR + 11 * MINUTE)).toBe(0)
    await repeat(NOON + 3 * HOUR)
    expect(await tell(NOON + 3 * HOUR)).toEqual(['down 2'])
  })

  it('does not repeat what it has not told yet', async () => {
    await ping('fail')
    expect(await repeat(NOON + 5 * HOUR)).toBe(0)
  })

  it('repeats what could not be delivered, too', async () => {
    await ping('fail')
    const [claim] = await store.notifications.claim(NOON, NOON + MINUTE, ALL)
    const delivery = { ok: false, kind: 'final', reason: 'Received status code 404' } as const
    await store.notifications.finish(claim!, { delivery, at: NOON, tookMs: 0, nextAt: null })
    expect(await repeat(NOON + HOUR)).toBe(1)
    expect((await store.notifications.ofCheck(check.id, 1))[0]).toMatchObject({ state: 'waiting', error: '' })
  })

  it('stops when the check is up, with what was waiting to be repeated', async () => {
    await ping('fail')
    await tell(NOON)
    await repeat(NOON + HOUR)
    await ping('success', NOON + HOUR)
    expect(await tell(NOON + HOUR)).toEqual(['up 0'])
    expect(await repeat(NOON + 9 * HOUR)).toBe(0)
  })

  it.each(['is up', 'is acknowledged'])(
    'does not begin anew a round whose teller is gone, once it %s',
    async (how) => {
      await ping('fail')
      await tell(NOON)
      await repeat(NOON + HOUR)
      await store.notifications.claim(NOON + HOUR, NOON + HOUR + MINUTE, ALL)
      if (how === 'is up') await ping('success', NOON + HOUR + SECOND)
      else await store.repeats.acknowledge(await codeOf(), NOON + HOUR + SECOND)
      expect(await tell(NOON + 2 * HOUR)).toEqual(how === 'is up' ? ['up 0'] : [])
    },
  )

  it('does not tell of a down that is over, though the check is down again', async () => {
    await ping('fail')
    await tell(NOON)
    await repeat(NOON + HOUR)
    await store.notifications.claim(NOON + HOUR, NOON + HOUR + MINUTE, ALL)
    await ping('success', NOON + HOUR + SECOND)
    await ping('fail', NOON + HOUR + 2 * SECOND)
    expect(await tell(NOON + 2 * HOUR)).toEqual(['up 0', 'down 0'])
  })

  it('stops when the check is paused', async () => {
    await ping('fail')
    await tell(NOON)
    await repeat(NOON + HOUR)
    await store.checks.change(check.id, (one) => pause(one, NOON + HOUR))
    expect(await tell(NOON + HOUR)).toEqual([])
    expect(await repeat(NOON + 9 * HOUR)).toBe(0)
  })

  it('stops when somebody acknowledges it, until the check goes down anew', async () => {
    await ping('fail')
    await tell(NOON)
    await repeat(NOON + HOUR)
    const code = await codeOf()
    expect(await store.repeats.find(code)).toEqual({
      checkName: 'My first check',
      isOpen: true,
      acknowledgedAt: null,
    })
    expect(await store.repeats.acknowledge(code, NOON + HOUR)).toMatchObject({ acknowledgedAt: NOON + HOUR })
    expect(await store.repeats.acknowledge(code, NOON + 2 * HOUR)).toMatchObject({
      acknowledgedAt: NOON + HOUR,
    })
    expect(await tell(NOON + 2 * HOUR)).toEqual([])
    expect(await repeat(NOON + 9 * HOUR)).toBe(0)
    await ping('success', NOON + 10 * HOUR)
    await ping('fail', NOON + 11 * HOUR)
    expect(await tell(NOON + 11 * HOUR)).toEqual(['up 0', 'down 0'])
    expect(await store.repeats.find(code)).toMatchObject({ isOpen: false })
    expect(await repeat(NOON + 13 * HOUR)).toBe(1)
  })

  it('does not try again what somebody acknowledged while it was on its way', async () => {
    await ping('fail')
    await tell(NOON)
    await repeat(NOON + HOUR)
    const [claim] = await store.notifications.claim(NOON + HOUR, NOON + 2 * HOUR, ALL)
    await store.repeats.acknowledge(await codeOf(), NOON + HOUR)
    await store.notifications.finish(claim!, {
      delivery: { ok: false, kind: 'temporary', reason: 'Connection failed' },
      at: NOON + HOUR,
      tookMs: 0,
      nextAt: NOON + 3 * HOUR,
    })
    expect(await tell(NOON + 4 * HOUR)).toEqual([])
  })

  it('knows nothing of a message that is not kept', async () => {
    expect(await store.repeats.find('99999999-0000-4000-8000-000000000000')).toBeNull()
    expect(await store.repeats.acknowledge('99999999-0000-4000-8000-000000000000', NOON)).toBeNull()
  })

  it('says it once only when it is switched off, disabled, or no longer wanted for the check', async () => {
    await ping('fail')
    await tell(NOON)
    await store.channels.unsubscribe(hook.id)
    expect(await repeat(NOON + HOUR)).toBe(0)
    await store.channels.edit(hook.id, { disabled: false, repeatMs: null })
    expect(await repeat(NOON + HOUR)).toBe(0)
    await store.channels.edit(hook.id, { repeatMs: HOUR })
    expect(await repeat(NOON + HOUR)).toBe(1)
  })

  it('queues each round once, whichever instance looks', async () => {
    const others = await Promise.all(
      Array.from({ length: 5 }, () => store.checks.add(aNewCheck(check.projectId))),
    )
    for (const one of [check, ...others]) await ping('fail', NOON, one)
    for (let i = 0; i < 6; i++) await tell(NOON)
    const second = await stores.open()
    await Promise.all([store, second, store, second].map((each) => repeat(NOON + HOUR, each)))
    expect(await store.notifications.backlog()).toEqual({ waiting: 6, oldestAt: NOON + HOUR })
    const rounds: string[] = []
    for (let i = 0; i < 8; i++) rounds.push(...(await tell(NOON + HOUR)))
    expect(rounds).toEqual(Array.from({ length: 6 }, () => 'down 1'))
  })
})
