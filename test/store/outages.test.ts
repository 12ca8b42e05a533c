import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ring } from '../../src/core/check'
import type { Check } from '../../src/core/check'
import type { Delivery } from '../../src/core/delivery'
import { HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Claim } from '../../src/store/notifications'
import type { Outage } from '../../src/store/outages'
import type { Begun } from '../../src/store/users'
import { aBeginning, aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('outages of our own on $name', (database) => {
  let stores: Opener
  let store: Store
  let begun: Begun
  const BACK = NOON + 3 * HOUR
  const outage = { fromAt: NOON, untilAt: BACK, holdUntilAt: BACK + 5 * MINUTE }

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    begun = (await store.users.addFirst(aBeginning()))!
    await overdue()
  })
  afterEach(() => stores.close())

  /** A check whose deadline falls into the outage. */
  async function overdue() {
    const check = await store.checks.add(
      aNewCheck(begun.project.id, { schedule: { kind: 'period', periodMs: HOUR }, graceMs: HOUR }),
    )
    await store.checks.recordPings([{ code: check.code, ping: aPing({ signal: 'success', at: NOON }) }])
    return check
  }
  const judge = (nowAt: number, limit = 100, from = store) =>
    from.checks.changeDue(nowAt, limit, (check) => ring(check, nowAt))
  const settle = (from = store) => {
    const told: { outage: Outage; administrators: readonly string[] }[] = []
    return from.outages
      .settle((of, administrators) => {
        told.push({ outage: of, administrators })
        return [{ recipient: 'ops@example.org', template: 't', model: {}, createdAt: BACK }]
      })
      .then((settled) => ({ settled, told }))
  }
  const mails = () => store.mails.claim(BACK + HOUR, BACK + 2 * HOUR, 10)

  it('has nobody judged on any instance while it is too recent', async () => {
    await store.outages.begin(outage)
    const other = await stores.open()
    expect(await judge(outage.holdUntilAt - 1, 100, other)).toMatchObject({ found: 0, isAfterOutage: false })
    expect(await judge(outage.holdUntilAt, 100, other)).toMatchObject({ flips: 1, isAfterOutage: true })
  })

  it('does not take a date from before the clock was set back for a hold', async () => {
    await store.outages.begin({ ...outage, holdUntilAt: BACK + 20 * HOUR })
    expect(await judge(BACK)).toMatchObject({ flips: 1 })
  })

  it('counts the deadlines that fell into it and what went down, and tells it once', async () => {
    const early = await overdue()
    await store.outages.begin(outage)
    await store.checks.recordPings([{ code: early.code, ping: aPing({ signal: 'success', at: BACK + 1 }) }])
    await judge(outage.holdUntilAt)
    const other = await stores.open()
    const [one, two] = await Promise.all([settle(), settle(other)])
    const expected = { fromAt: NOON, untilAt: BACK, deadlines: 2, downs: 1 }
    expect([one.settled, two.settled].filter(Boolean)).toMatchObject([expected])
    expect([...one.told, ...two.told]).toMatchObject([
      { outage: expected, administrators: [begun.user.email] },
    ])
    expect(await mails()).toHaveLength(1)
    expect(await settle()).toEqual({ settled: null, told: [] })
  })

  it('tells nobody when nothing went down', async () => {
    await store.outages.begin(outage)
    expect((await settle()).settled).toMatchObject({ downs: 0 })
    expect(await mails()).toEqual([])
  })

  it('is one, however many instances come back from it, and goes on after a crash in between', async () => {
    await overdue()
    await Promise.all([store.outages.begin(outage), (await stores.open()).outages.begin(outage)])
    expect(await judge(outage.holdUntilAt, 1)).toMatchObject({ found: 1 })
    const later = { fromAt: BACK + HOUR, untilAt: BACK + 2 * HOUR, holdUntilAt: BACK + 3 * HOUR }
    await store.outages.begin(later)
    await judge(later.holdUntilAt)
    expect((await settle()).settled).toMatchObject({
      fromAt: NOON,
      untilAt: later.untilAt,
      deadlines: 2,
      downs: 2,
    })
  })

  it('keeps what went down to be told until the first look is over, or half a minute', async () => {
    const { channel } = begun
    await store.channels.edit(channel.id, { disabled: false })
    await store.outages.begin(outage)
    const lookAt = outage.holdUntilAt
    await judge(lookAt)
    const claim = (nowAt: number) => store.notifications.claim(nowAt, nowAt + MINUTE, { quick: 5, slow: 5 })
    expect(await claim(lookAt + 29_999)).toEqual([])
    await settle()
    expect((await claim(lookAt + 1)).length).toBe(1)
  })

  it('does not have a check that is back wait: its down goes out at once, and before its up', async () => {
    const check = await overdue()
    await store.outages.begin(outage)
    const lookAt = outage.holdUntilAt
    await judge(lookAt)
    await store.checks.recordPings([{ code: check.code, ping: aPing({ signal: 'success', at: lookAt + 1 }) }])
    const told = []
    for (let i = 0; i < 3; i++) {
      for (const claim of await store.notifications.claim(lookAt + 2, lookAt + MINUTE, {
        quick: 5,
        slow: 5,
      })) {
        told.push([claim.notification.checkId, claim.notification.status])
        await store.notifications.finish(claim, {
          delivery: { ok: true },
          at: lookAt,
          tookMs: 1,
          nextAt: null,
        })
      }
    }
    expect(told).toEqual([
      [check.id, 'down'],
      [check.id, 'up'],
    ])
  })
})

describe.each(databases)('what went down during an outage on $name', (database) => {
  let stores: Opener
  let store: Store
  let begun: Begun
  const BACK = NOON + 3 * HOUR
  const LOOK = BACK + 5 * MINUTE
  const TEMPORARY: Delivery = { ok: false, kind: 'temporary', reason: 'Connection failed' }

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    begun = (await store.users.addFirst(aBeginning()))!
    await store.outages.begin({ fromAt: NOON, untilAt: BACK, holdUntilAt: LOOK })
  })
  afterEach(() => stores.close())

  const ping = ({ code }: Pick<Check, 'code'>, signal: 'success' | 'fail', at: number) =>
    store.checks.recordPings([{ code, ping: aPing({ signal, at }) }])
  async function overdue(count: number) {
    const checks = []
    for (let i = 0; i < count; i++) {
      const check = await store.checks.add(
        aNewCheck(begun.project.id, {
          name: `Backup ${i}`,
          schedule: { kind: 'period', periodMs: HOUR },
          graceMs: HOUR,
        }),
      )
      await ping(check, 'success', NOON)
      checks.push(check)
    }
    return checks
  }
  async function judged(nowAt = LOOK) {
    await store.checks.changeDue(nowAt, 100, (check) => ring(check, nowAt))
    await store.outages.settle(() => [])
  }
  const claim = (nowAt = LOOK, summarises = true, from = store) =>
    from.notifications.claim(nowAt, nowAt + MINUTE, { quick: 5, slow: 5 }, () => summarises)
  const finish = (claims: readonly Claim[], delivery: Delivery, nextAt: number | null = null) =>
    store.notifications.finishAll(
      claims.map((one) => ({ claim: one, delivery, at: LOOK, tookMs: 1, nextAt })),
    )
  const told = (claims: readonly Claim[]) =>
    claims.map(({ notification, outageId }) => [
      notification.checkId,
      notification.status,
      outageId !== undefined,
    ])

  it('is claimed as one, whole, for each channel, and each change is finished on its own', async () => {
    const hook = await store.channels.add(aNewChannel(begun.project.id))
    const checks = await overdue(3)
    await judged()
    const claims = await claim()
    const of = (id: number) => told(claims.filter(({ channel }) => channel.id === id))
    const all = checks.map(({ id }) => [id, 'down', true])
    expect(of(begun.channel.id)).toEqual(all)
    expect(of(hook.id)).toEqual(all)
    expect(await claim(LOOK + 1, true, await stores.open())).toEqual([])
    await finish(claims, { ok: true })
    expect(await claim()).toEqual([])
    for (const { id } of checks) {
      const rows = await store.notifications.ofCheck(id, 5)
      expect(rows.map(({ state, isTogether }) => [state, isTogether])).toEqual([
        ['sent', true],
        ['sent', true],
      ])
    }
  })

  it('is read with the outage, the projects and the real deadlines', async () => {
    await overdue(2)
    await judged()
    const claims = await claim()
    const summary = await store.notifications.summary(claims, LOOK, begun.user.email)
    expect(summary).toMatchObject({
      outage: { fromAt: NOON, untilAt: BACK },
      checks: ['Backup 0', 'Backup 1'].map((name) => ({ name, projectName: 'Home', at: NOON + 2 * HOUR })),
      tz: 'Europe/Riga',
      notificationCode: claims[0]?.notification.code,
    })
  })

  it('is told one by one where a message holds one, and where there is one', async () => {
    const [first] = await overdue(2)
    await judged()
    const single = await claim(LOOK, false)
    expect(told(single)).toEqual([[first?.id, 'down', false]])
    await finish(single, { ok: true })
    expect(await store.notifications.ofCheck(first!.id, 1)).toMatchObject([
      { state: 'sent', isTogether: false },
    ])
    expect(told(await claim())).toMatchObject([[expect.anything(), 'down', false]])
  })

  it('is tried again as one, without what has newer news, which comes after', async () => {
    const [first, second, third] = await overdue(3)
    await judged()
    await finish(await claim(), TEMPORARY, LOOK + MINUTE)
    await ping(first!, 'success', LOOK + 1)
    expect(told(await claim(LOOK + 2))).toEqual([[first?.id, 'up', false]])
    expect(told(await claim(LOOK + 2 * MINUTE))).toEqual([
      [second?.id, 'down', true],
      [third?.id, 'down', true],
    ])
  })

  it('waits for older news of the channel, and does not overtake that of the same check', async () => {
    const other = await store.checks.add(aNewCheck(begun.project.id))
    const checks = await overdue(2)
    await ping(other, 'fail', BACK)
    await judged()
    const before = await claim()
    expect(told(before)).toEqual([[other.id, 'down', false]])
    await finish(before, { ok: true })
    expect(told(await claim())).toEqual(checks.map(({ id }) => [id, 'down', true]))
  })

  it('falls due again as one when its teller is gone', async () => {
    const checks = await overdue(2)
    await judged()
    await claim()
    const again = await claim(LOOK + MINUTE, true, await stores.open())
    expect(told(again)).toEqual(checks.map(({ id }) => [id, 'down', true]))
  })
})

describe.each(databases)('the clock of the database on $name', (database) => {
  it('is known where it is not ours', async () => {
    const stores = await opener(database)
    const nowAt = await (await stores.open()).databaseNowAt()
    if (database.name === 'SQLite') expect(nowAt).toBeNull()
    else expect(Math.abs(nowAt! - Date.now())).toBeLessThan(MINUTE)
    await stores.close()
  })
})
