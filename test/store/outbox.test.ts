import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/core/channel'
import type { Check } from '../../src/core/check'
import type { Delivery } from '../../src/core/delivery'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Claim } from '../../src/store/notifications'
import { PAUSED_FACT, pausedFact } from '../../src/store/sending'
import { aBeginning, aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const TEMPORARY: Delivery = { ok: false, kind: 'temporary', reason: 'Connection failed' }
const PERMANENT: Delivery = { ok: false, kind: 'permanent', reason: 'Gone' }

describe.each(databases)('the outbox on $name', (database) => {
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
    hook = await store.channels.add(aNewChannel(begun.project.id))
    await ping('success')
  })
  afterEach(() => stores.close())

  const ping = (signal: 'success' | 'fail', { code }: Check = check, at = NOON) =>
    store.checks.recordPings([{ code, ping: aPing({ signal, at }) }])
  const claim = (nowAt = NOON, from = store, limit = 10) =>
    from.notifications.claim(nowAt, nowAt + MINUTE, { quick: limit, slow: limit })
  const finish = (one: Claim, delivery: Delivery, nextAt: number | null = null) =>
    store.notifications.finish(one, { delivery, at: NOON, tookMs: 5, nextAt })
  const states = async () =>
    (await store.notifications.ofCheck(check.id, 50)).map(({ status, state }) => `${status} ${state}`)

  it('holds one notification for each channel once a check goes down, and none for its first up', async () => {
    expect(await claim()).toEqual([])
    await ping('fail')
    const claims = await claim()
    expect(new Set(claims.map(({ channel }) => channel.id))).toEqual(new Set([mail.id, hook.id]))
    expect(claims[0]?.notification).toMatchObject({ status: 'down', state: 'sending', attempts: 1 })
  })

  it('does not take the result of what is gone for that of what came next, numbers being what they are', async () => {
    const gone = await store.checks.add(aNewCheck(check.projectId))
    await store.channels.remove(mail.id)
    await ping('fail', gone)
    const [first] = await claim()
    await store.checks.remove(gone.id)
    await ping('fail')
    const [second] = await claim()
    await finish(first!, { ok: true })
    expect(await states()).toEqual(['down sending'])
    await finish(second!, { ok: true })
    expect(await states()).toEqual(['down sent'])
  })

  it('leaves out channels that are disabled or do not want to hear of it', async () => {
    await store.channels.unsubscribe(mail.id)
    await store.channels.edit(hook.id, { tellsDown: false })
    await ping('fail')
    await ping('success')
    expect((await claim()).map(({ channel, notification }) => [channel.id, notification.status])).toEqual([
      [hook.id, 'up'],
    ])
  })

  it('gives out nothing, to no instance, while sending is paused, and all of it afterwards', async () => {
    const other = await stores.open()
    await store.facts.set(PAUSED_FACT, pausedFact({ at: NOON, by: 'ada@example.org' }))
    await ping('fail')
    expect([await claim(), await claim(NOON, other)]).toEqual([[], []])
    expect(await states()).toEqual(['down waiting', 'down waiting'])
    await store.facts.remove(PAUSED_FACT)
    expect(await claim(NOON, other)).toHaveLength(2)
  })

  it('gives each notification to one instance only', async () => {
    const checks = await Promise.all(
      Array.from({ length: 6 }, () => store.checks.add(aNewCheck(check.projectId))),
    )
    await store.checks.recordPings(checks.map(({ code }) => ({ code, ping: aPing({ signal: 'fail' }) })))
    const second = await stores.open()
    const claims = await Promise.all([store, second, store, second].map((one) => claim(NOON, one)))
    const ids = claims.flat().map(({ notification }) => notification.id)
    expect(new Set(ids).size).toBe(ids.length)
    // One at a time through each channel.
    expect(ids).toHaveLength(2)
  })

  it('16: tells a channel one thing after another, so that an up never overtakes its down', async () => {
    await store.channels.remove(mail.id)
    await ping('fail')
    await ping('success')
    const [down] = await claim()
    expect(down?.notification.status).toBe('down')
    expect(await claim()).toEqual([])
    await finish(down!, { ok: true })
    expect((await claim())[0]?.notification.status).toBe('up')
  })

  it('does not let a channel that waits hold back another', async () => {
    await ping('fail')
    const [first] = await claim(NOON, store, 1)
    const [second] = await claim(NOON, store, 10)
    expect(second?.channel.id).not.toBe(first?.channel.id)
  })

  it('falls due again when whoever took it is gone', async () => {
    await ping('fail')
    const [before] = await claim()
    expect(await claim(NOON + MINUTE - 1)).toEqual([])
    const again = await claim(NOON + MINUTE)
    expect(again.map(({ notification }) => notification.code)).toContain(before?.notification.code)
    expect(again[0]?.notification.attempts).toBe(2)
  })

  it('ignores the word of an instance whose claim was taken over', async () => {
    await store.channels.remove(mail.id)
    await ping('fail')
    const [mine] = await claim()
    const [theirs] = await claim(NOON + MINUTE)
    await finish(mine!, PERMANENT)
    expect(await states()).toEqual(['down sending'])
    await finish(theirs!, { ok: true })
    expect(await states()).toEqual(['down sent'])
  })

  it('keeps a claim that is renewed, and gives back what is handed back', async () => {
    await store.channels.remove(mail.id)
    await ping('fail')
    const [one] = await claim()
    await store.notifications.renew([one!.notification], NOON, NOON + 3 * MINUTE)
    expect(await claim(NOON + 2 * MINUTE)).toEqual([])
    await store.notifications.handBack([one!.notification])
    expect((await claim(NOON))[0]?.notification.attempts).toBe(1)
  })

  it('has what a dead process was telling told at once by the next', async () => {
    await ping('fail')
    await claim()
    await store.notifications.releaseAll()
    expect(await claim()).toHaveLength(2)
  })

  it('shows at the channel how it went', async () => {
    await store.channels.remove(mail.id)
    await ping('fail')
    const [one] = await claim()
    await finish(one!, TEMPORARY, NOON + MINUTE)
    expect(await store.channels.find(hook.code)).toMatchObject({
      lastError: 'Connection failed',
      lastNotifyAt: NOON,
      lastTookMs: 5,
      disabled: false,
    })
    expect(await store.notifications.waitingOfChannel(hook.id)).toEqual({ waiting: 1, nextAt: NOON + MINUTE })
    expect(await claim(NOON + SECOND)).toEqual([])
    const [again] = await claim(NOON + MINUTE)
    expect(again?.notification).toMatchObject({ attempts: 2, firstAttemptAt: NOON })
    await finish(again!, { ok: true })
    expect(await store.channels.find(hook.code)).toMatchObject({ lastError: '' })
    expect(await states()).toEqual(['down sent'])
  })

  it('14: disables a channel that is gone for good, with what still waits for it', async () => {
    await store.channels.remove(mail.id)
    await ping('fail')
    await ping('success')
    const [one] = await claim()
    await finish(one!, PERMANENT)
    expect(await store.channels.find(hook.code)).toMatchObject({ disabled: true, lastError: 'Gone' })
    expect(await states()).toEqual(['up failed', 'down failed'])
    expect(await claim()).toEqual([])
  })

  it('drops what was tried in vain when there is newer news, but nothing that was never tried', async () => {
    await store.channels.remove(mail.id)
    await ping('fail')
    await ping('success')
    expect(await states()).toEqual(['up waiting', 'down waiting'])
    const [down] = await claim()
    await finish(down!, TEMPORARY, NOON + MINUTE)
    expect(await states()).toEqual(['up waiting', 'down superseded'])
    const [up] = await claim()
    await finish(up!, TEMPORARY, NOON + MINUTE)
    await ping('fail', check, NOON + SECOND)
    expect(await states()).toEqual(['down waiting', 'up superseded', 'down superseded'])
  })

  it('says in the newer message what the channel was not told, and nothing once that is told', async () => {
    await store.channels.remove(mail.id)
    const notice = (one: Claim) => store.notifications.notice(one, NOON + HOUR, null)
    await ping('fail', check, NOON + MINUTE)
    const [down] = await claim(NOON + MINUTE)
    await ping('success', check, NOON + 5 * MINUTE)
    await finish(down!, TEMPORARY, NOON + 9 * MINUTE)
    const [up] = await claim(NOON + 5 * MINUTE)
    const firstDown = { status: 'down', reason: 'fail', at: NOON + MINUTE, untilAt: NOON + 5 * MINUTE }
    expect(await notice(up!)).toMatchObject({
      status: 'up',
      downForMs: 4 * MINUTE,
      missed: { count: 1, stretches: [firstDown] },
    })

    await finish(up!, TEMPORARY, NOON + 10 * MINUTE)
    await ping('fail', check, NOON + 8 * MINUTE)
    const [downAgain] = await claim(NOON + 8 * MINUTE)
    expect((await notice(downAgain!))?.missed).toEqual({
      count: 2,
      stretches: [firstDown, { status: 'up', reason: '', at: NOON + 5 * MINUTE, untilAt: NOON + 8 * MINUTE }],
    })
    expect(
      (await store.notifications.notices([downAgain!.notification], NOON, null)).get(
        downAgain!.notification.id,
      )?.missed?.count,
    ).toBe(2)
    await finish(downAgain!, { ok: true })
    await ping('success', check, NOON + 9 * MINUTE)
    const [end] = await claim(NOON + 9 * MINUTE)
    expect(await notice(end!)).toMatchObject({ status: 'up', downForMs: MINUTE, missed: null })
  })

  it('tells the last ten changes one by one, and counts the others', async () => {
    await store.channels.remove(mail.id)
    let last: Claim | undefined
    for (let i = 0; i < 13; i++) {
      await ping(i % 2 === 0 ? 'fail' : 'success', check, NOON + i * SECOND)
      ;[last] = await claim(NOON + i * SECOND)
      if (i < 12) await finish(last!, TEMPORARY, NOON + HOUR)
    }
    const { missed } = (await store.notifications.notice(last!, NOON + MINUTE, null))!
    expect([missed?.count, missed?.stretches.length]).toEqual([12, 10])
    expect(missed?.stretches.at(-1)).toMatchObject({ status: 'up', at: NOON + 11 * SECOND })
  })

  it('never tells a down after its up, even if it fails in the moment in which the up is kept', async () => {
    await store.channels.remove(mail.id)
    const second = await stores.open()
    for (let i = 0; i < 15; i++) {
      const at = NOON + i * HOUR
      await ping('fail', check, at)
      const [down] = await claim(at)
      const failed = { delivery: TEMPORARY, at, tookMs: 5, nextAt: at + MINUTE }
      await Promise.all([second.notifications.finish(down!, failed), ping('success', check, at + SECOND)])
      const [up] = await claim(at + SECOND)
      expect(up?.notification.status).toBe('up')
      await store.notifications.finish(up!, { ...failed, delivery: { ok: true }, nextAt: null })
      expect(await claim(at + 2 * MINUTE)).toEqual([])
    }
  })

  it('takes several of a channel that answers quickly, in their order, and one of a slow one', async () => {
    await store.channels.remove(mail.id)
    const others = await Promise.all(
      Array.from({ length: 4 }, () => store.checks.add(aNewCheck(check.projectId))),
    )
    for (const one of [check, ...others]) await ping('fail', one)
    const [first, ...none] = await claim()
    expect(none).toEqual([])
    await store.notifications.finish(first!, { delivery: { ok: true }, at: NOON, tookMs: 100, nextAt: null })
    const two = await claim()
    expect(two.map(({ notification }) => notification.checkId)).toEqual([others[0]!.id, others[1]!.id])
    expect(await claim()).toEqual([])
    await store.notifications.finishAll(
      two.map((one) => ({ claim: one, delivery: { ok: true }, at: NOON, tookMs: 3000, nextAt: null })),
    )
    expect(await claim()).toHaveLength(1)
  })

  it('tells nothing that was handed back to a channel that was disabled meanwhile', async () => {
    await store.channels.remove(mail.id)
    await ping('fail')
    const [one] = await claim()
    await store.channels.unsubscribe(hook.id)
    await store.notifications.handBack([one!.notification])
    expect(await claim()).toEqual([])
    expect(await states()).toEqual(['down failed'])
    expect(await store.notifications.backlog()).toMatchObject({ waiting: 0 })
  })

  it('forgets what waits for a channel or a check that is removed', async () => {
    await ping('fail')
    const [one] = await claim(NOON, store, 1)
    await store.channels.remove(one!.channel.id)
    await finish(one!, { ok: true })
    expect(await store.notifications.backlog()).toMatchObject({ waiting: 1 })
    await store.checks.remove(check.id)
    expect(await store.notifications.backlog()).toEqual({ waiting: 0, oldestAt: null })
  })

  it('knows all that there is to tell', async () => {
    const other = await store.checks.add(aNewCheck(check.projectId, { name: 'Other' }))
    await ping('fail', other)
    await store.checks.recordPings([
      {
        code: check.code,
        ping: aPing({ signal: 'fail', at: NOON + SECOND, body: Buffer.from('disk full') }),
      },
      { code: check.code, ping: aPing({ signal: 'log', at: NOON + 2 * SECOND }) },
      { code: check.code, ping: aPing({ at: NOON + MINUTE }) },
    ])
    const rows = await store.notifications.ofCheck(check.id, 9)
    const notice = (status: string) => {
      const notification = rows.find((row) => row.status === status)!
      return store.notifications.notice({ notification, channel: mail }, NOON + MINUTE, 'Ada@example.org')
    }
    expect(await notice('down')).toMatchObject({
      check: { id: check.id },
      project: { name: 'Home' },
      status: 'down',
      reason: 'fail',
      at: NOON + SECOND,
      downForMs: null,
      lastPing: { n: 2, kind: 'fail' },
      lastBody: Buffer.from('disk full'),
      others: [{ name: 'Other', status: 'down', lastPingAt: NOON }],
      tz: 'Europe/Riga',
      accountProjects: [{ name: 'Home', down: 1 }],
    })
    expect(await notice('up')).toMatchObject({ downForMs: 59 * SECOND, lastPing: { n: 4 }, lastBody: null })
  })
})
