import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { flipTo, pause, ring } from '../../src/core/check'
import type { Check } from '../../src/core/check'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Receipt } from '../../src/store/checks'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('checks and pings on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check
  let projectId: number

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const begun = await store.users.addFirst(aBeginning())
    check = begun!.check
    projectId = begun!.project.id
  })
  afterEach(() => stores.close())

  it('keeps a ping, what it did to its check, and the flip', async () => {
    const [receipt] = await store.checks.recordPings([
      {
        code: check.code,
        ping: aPing({ body: Buffer.from([0, 0xff, 65]), runId: check.code, exitStatus: 0 }),
      },
    ])
    expect(receipt).toMatchObject({ n: 1, flip: { from: 'new', to: 'up' } })
    expect(await store.checks.findByCode(check.code)).toMatchObject({
      status: 'up',
      lastPingAt: NOON,
      alertAfterAt: NOON + DAY + HOUR,
      pingCount: 1,
    })
    const [ping] = await store.pings.latest(check.id, { afterN: 0, limit: 10 })
    expect(ping).toMatchObject({
      n: 1,
      kind: 'success',
      at: NOON,
      bodyBytes: 3,
      runId: check.code,
      exitStatus: 0,
    })
    expect(await store.pings.body(check.id, 1)).toEqual(Buffer.from([0, 0xff, 65]))
    expect(await store.flips.latest(check.id, { sinceAt: 0, limit: 10 })).toMatchObject([
      { to: 'up', at: NOON },
    ])
  })

  it('numbers the pings of a batch in their order and answers in it, unknown checks with null', async () => {
    const other = await store.checks.add(aNewCheck(projectId))
    const receipts = await store.checks.recordPings([
      { code: check.code, ping: aPing() },
      { code: '00000000-0000-4000-8000-000000000000', ping: aPing() },
      { code: other.code, ping: aPing({ signal: 'fail' }) },
      { code: check.code, ping: aPing({ signal: 'fail' }) },
    ])
    expect(receipts.map((receipt) => (receipt as Receipt | null)?.n ?? null)).toEqual([1, null, 1, 2])
    expect(await store.checks.findByCode(check.code)).toMatchObject({ status: 'down', pingCount: 2 })
    const flips = await store.flips.latest(check.id, { sinceAt: 0, limit: 10 })
    expect(flips.map(({ to }) => to)).toEqual(['down', 'up'])
  })

  it('knows when checks changed their status last', async () => {
    const still = await store.checks.add(aNewCheck(projectId))
    await store.checks.recordPings([
      { code: check.code, ping: aPing() },
      { code: check.code, ping: aPing({ signal: 'fail', at: NOON + HOUR }) },
    ])
    expect(await store.flips.lastOf([check.id, still.id])).toEqual(new Map([[check.id, NOON + HOUR]]))
  })

  it('loses no ping when two instances write to the same checks', async () => {
    const other = await store.checks.add(aNewCheck(projectId))
    const second = await stores.open()
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        (i % 2 ? store : second).checks.recordPings(
          (i % 4 < 2 ? [check, other] : [other, check]).map(({ code }) => ({ code, ping: aPing() })),
        ),
      ),
    )
    for (const { id, code } of [check, other]) {
      expect(await store.checks.findByCode(code)).toMatchObject({ pingCount: 40 })
      const pings = await store.pings.latest(id, { afterN: 0, limit: 100 })
      expect(pings.map(({ n }) => n)).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i))
    }
  })

  it('takes a user agent with a NUL in it', async () => {
    await store.checks.recordPings([{ code: check.code, ping: aPing({ userAgent: 'a\0b' }) }])
    expect((await store.pings.find(check.id, 1))?.userAgent).toBe('a\uFFFDb')
  })

  it('keeps all that a person says of a check, and nothing that pings did is undone by it', async () => {
    await store.checks.recordPings([{ code: check.code, ping: aPing() }])
    const schedule = { kind: 'cron', expression: '0 3 * * *', tz: 'Europe/Riga' } as const
    await store.checks.change(check.id, (now) => ({
      check: {
        ...now,
        name: 'Renamed',
        tags: 'prod db',
        schedule,
        postOnly: true,
        filters: { ...now.filters, failWords: 'ERR' },
      },
      flip: null,
    }))
    expect(await store.checks.findByCode(check.code)).toMatchObject({
      name: 'Renamed',
      tags: 'prod db',
      schedule,
      postOnly: true,
      filters: { failWords: 'ERR' },
      status: 'up',
      pingCount: 1,
    })
  })

  it('gives what decides about a check the check as it is now', async () => {
    const second = await stores.open()
    await Promise.all([
      second.checks.recordPings([{ code: check.code, ping: aPing() }]),
      store.checks.change(check.id, (now) => pause(now, NOON)),
      second.checks.recordPings([{ code: check.code, ping: aPing({ signal: 'log' }) }]),
    ])
    expect(await store.checks.findByCode(check.code)).toMatchObject({ pingCount: 2 })
  })

  it('undoes the whole change when deciding fails', async () => {
    const failing = store.checks.change(check.id, () => {
      throw new Error('no idea')
    })
    await expect(failing).rejects.toThrow('no idea')
    expect(await store.checks.findByCode(check.code)).toEqual(check)
  })

  it('rings alarms that are due, oldest first, and no others', async () => {
    const late = await store.checks.add(aNewCheck(projectId))
    const later = await store.checks.add(aNewCheck(projectId))
    await store.checks.recordPings([
      { code: late.code, ping: aPing({ at: NOON - DAY }) },
      { code: later.code, ping: aPing({ at: NOON - DAY + MINUTE }) },
      { code: check.code, ping: aPing({ at: NOON }) },
    ])
    const nowAt = NOON + 2 * HOUR
    const seen: string[] = []
    const rung = await store.checks.changeDue(nowAt, 10, (due) => {
      seen.push(due.code)
      return ring(due, nowAt)
    })
    expect(seen).toEqual([late.code, later.code])
    const nextAt = NOON + 25 * HOUR
    expect(rung).toMatchObject({ found: 2, flips: 2, nextAt })
    expect(await store.checks.changeDue(nowAt, 10, (due) => ring(due, nowAt))).toMatchObject({
      found: 0,
      nextAt,
    })
    expect(await store.flips.latest(late.id, { sinceAt: NOON, limit: 1 })).toMatchObject([
      { at: NOON + HOUR, reason: 'timeout' },
    ])
  })

  it('does not know the next alarm while more may have rung, nor when none is set', async () => {
    await store.checks.recordPings([{ code: check.code, ping: aPing({ at: NOON }) }])
    const nowAt = NOON + 9 * DAY
    const look = (limit: number) => store.checks.changeDue(nowAt, limit, (due) => ring(due, nowAt))
    expect(await look(1)).toMatchObject({ found: 1, nextAt: null })
    expect(await look(1)).toMatchObject({ found: 0, nextAt: null })
  })

  it('puts off a check that cannot be judged, and judges the others', async () => {
    const bad = await store.checks.add(aNewCheck(projectId))
    const nowAt = NOON + 9 * DAY
    await store.checks.recordPings([bad, check].map(({ code }) => ({ code, ping: aPing() })))
    const judge = (due: Check) => {
      if (due.id === bad.id) throw new Error('poisoned')
      return ring(due, nowAt)
    }
    const rung = await store.checks.changeDue(nowAt, 10, judge)
    expect(rung).toMatchObject({ found: 2, flips: 1, unusable: [{ code: bad.code }] })
    expect(await store.checks.findByCode(bad.code)).toMatchObject({
      status: 'up',
      alertAfterAt: nowAt + HOUR,
    })
    expect(await store.checks.changeDue(nowAt, 10, judge)).toMatchObject({ found: 0 })
  })

  it('judges each alarm once, however many instances look', async () => {
    const checks = await Promise.all(Array.from({ length: 30 }, () => store.checks.add(aNewCheck(projectId))))
    await store.checks.recordPings(checks.map(({ code }) => ({ code, ping: aPing() })))
    const second = await stores.open()
    const nowAt = NOON + 9 * DAY
    const rung = await Promise.all(
      [store, second, store, second].map((one) => one.checks.changeDue(nowAt, 20, (due) => ring(due, nowAt))),
    )
    const rest = await store.checks.changeDue(nowAt, 100, (due) => ring(due, nowAt))
    expect([...rung, rest].reduce((sum, { flips }) => sum + flips, 0)).toBe(30)
    for (const { id } of checks)
      expect(await store.flips.latest(id, { sinceAt: 0, limit: 9 })).toHaveLength(2)
  })

  it('removes a check with all that belongs to it', async () => {
    await store.checks.recordPings([{ code: check.code, ping: aPing({ signal: 'fail' }) }])
    expect(await store.checks.remove(check.id)).toBe(true)
    expect(await store.checks.remove(check.id)).toBe(false)
    expect(await store.checks.findByCode(check.code)).toBeNull()
    expect(await store.pings.latest(check.id, { afterN: 0, limit: 9 })).toEqual([])
    expect(await store.checks.recordPings([{ code: check.code, ping: aPing() }])).toEqual([null])
    expect(await store.notifications.claim(NOON + DAY, NOON + 2 * DAY, { quick: 9, slow: 9 })).toEqual([])
  })

  it('counts the checks of all projects that a person owns', async () => {
    const { ownerId } = (await store.projects.find(projectId))!
    const second = await store.projects.add({
      code: 'x',
      name: 'Work',
      ownerId,
      badgeKey: 'b',
      createdAt: NOON,
    })
    await store.checks.add(aNewCheck(second.id))
    expect(await store.checks.countOfOwner(ownerId)).toBe(2)
    expect(await store.checks.ofProject(second.id)).toHaveLength(1)
  })

  it('shows pings above a number only, newest first', async () => {
    await store.checks.recordPings(Array.from({ length: 5 }, () => ({ code: check.code, ping: aPing() })))
    const pings = await store.pings.latest(check.id, { afterN: 2, limit: 2 })
    expect(pings.map(({ n }) => n)).toEqual([5, 4])
    expect(await store.pings.find(check.id, 6)).toBeNull()
  })

  it('has the flip of a status that a person set', async () => {
    await store.checks.change(check.id, (now) => flipTo(now, 'down', NOON, '', { silent: true }))
    expect(await store.flips.latest(check.id, { sinceAt: 0, limit: 9 })).toMatchObject([
      { from: 'new', to: 'down', silent: true },
    ])
    expect(await store.notifications.backlog()).toMatchObject({ waiting: 0 })
  })
})
