import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pause, reschedule } from '../../src/core/check'
import type { Check } from '../../src/core/check'
import { latestReportAt } from '../../src/core/reports'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { NewMail } from '../../src/store/mails'
import type { Begun } from '../../src/store/users'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('reminders and reports on $name', (database) => {
  let stores: Opener
  let store: Store
  let begun: Begun
  let check: Check
  let userId: number

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    begun = (await store.users.addFirst(aBeginning()))!
    check = begun.check
    userId = begun.user.id
  })
  afterEach(() => stores.close())

  const ping = (signal: 'success' | 'fail' | 'log', at = NOON, { code }: Check = check) =>
    store.checks.recordPings([{ code, ping: aPing({ signal, at }) }])
  const wish = (nagPeriodMs: number | null, nowAt = NOON) =>
    store.reports.setWishes(userId, { reportKind: 'off', nextReportAt: null, nagPeriodMs }, nowAt)
  const due = async (nowAt: number, from = store) =>
    (await from.reminders.due(nowAt, 10)).map(({ dueAt }) => (dueAt - NOON) / MINUTE)
  const mail = (): NewMail => ({ recipient: 'ada@example.org', template: 't', model: {}, createdAt: NOON })
  const waitingMails = async (nowAt: number) => (await store.mails.claim(nowAt, nowAt + DAY, 100)).length
  const END = NOON + 400 * DAY

  describe('the date of a reminder', () => {
    it('is a period after the first check goes down, and is gone when none is down any more', async () => {
      await wish(HOUR)
      const other = await store.checks.add(aNewCheck(begun.project.id))
      await ping('fail', NOON)
      await ping('fail', NOON + MINUTE, other)
      expect(await due(END)).toEqual([60])
      await ping('success', NOON + 2 * MINUTE)
      expect(await due(END)).toEqual([60])
      await ping('success', NOON + 3 * MINUTE, other)
      expect(await due(END)).toEqual([])
    })

    it('counts from when a missed deadline was noticed, not from the deadline', async () => {
      await wish(HOUR)
      await ping('success', NOON - 3 * DAY)
      await store.checks.changeDue(NOON, 10, (one) => ({
        check: { ...one, status: 'down', alertAfterAt: null },
        flip: { at: NOON - 2 * DAY, from: 'up', to: 'down', reason: 'timeout', silent: false },
      }))
      expect(await due(END)).toEqual([60])
    })

    it('goes with a pause', async () => {
      await wish(HOUR)
      await ping('fail')
      await store.checks.change(check.id, (one) => pause(one, NOON + MINUTE))
      expect(await due(END)).toEqual([])
    })

    it('is nobody else’s', async () => {
      await wish(HOUR)
      const stranger = (await store.users.add(aBeginning('bob@example.org')))!
      await store.reports.setWishes(
        stranger.user.id,
        { reportKind: 'off', nextReportAt: null, nagPeriodMs: HOUR },
        NOON,
      )
      await ping('fail', NOON, stranger.check)
      expect((await store.reminders.due(END, 9)).map((one) => one.userId)).toEqual([stranger.user.id])
    })

    it('is that of members, too', async () => {
      const { user } = (await store.users.add(aBeginning('bob@example.org')))!
      await store.reports.setWishes(
        user.id,
        { reportKind: 'off', nextReportAt: null, nagPeriodMs: HOUR },
        NOON,
      )
      await store.members.put(begun.project.id, user.id, 'member', NOON)
      await ping('fail')
      expect((await store.reminders.due(END, 9)).map((one) => one.userId)).toEqual([user.id])
      await ping('success', NOON + MINUTE)
      expect(await due(END)).toEqual([])
    })

    it('comes with a change of the schedule that leaves a check overdue, though nobody is told of that', async () => {
      await wish(HOUR)
      await ping('success')
      const schedule = { kind: 'period', periodMs: MINUTE } as const
      await store.checks.change(check.id, (one) => reschedule(one, schedule, MINUTE, NOON + 10 * MINUTE))
      expect(await due(END)).toEqual([70])
      expect(await store.notifications.ofCheck(check.id, 9)).toEqual([])
    })

    it('is set for who turns reminders on while something is down, and taken from who turns them off', async () => {
      await ping('fail')
      await wish(DAY, NOON + MINUTE)
      expect(await due(END)).toEqual([24 * 60 + 1])
      await wish(HOUR, NOON + 2 * MINUTE)
      expect(await due(END)).toEqual([62])
      await wish(null)
      expect(await due(END)).toEqual([])
    })

    it('is put right where it is missing, and where a clock was set back', async () => {
      await wish(HOUR, NOON + 3 * DAY)
      await ping('fail', NOON + 3 * DAY)
      await store.reminders.revise(NOON)
      expect(await due(END)).toEqual([60])
      const [reminder] = await store.reminders.due(END, 1)
      await store.reminders.settle(reminder!, null, null)
      expect(await due(END)).toEqual([])
      await store.reminders.revise(NOON + MINUTE)
      expect(await due(END)).toEqual([61])
    })
  })

  it('lets one of two instances send a reminder', async () => {
    await wish(HOUR)
    await ping('fail')
    const second = await stores.open()
    const [one] = await store.reminders.due(NOON + HOUR, 10)
    const sent = await Promise.all(
      [store, second, store, second].map((each) => each.reminders.settle(one!, NOON + 2 * HOUR, mail())),
    )
    expect(sent.filter(Boolean)).toHaveLength(1)
    expect(await waitingMails(NOON)).toBe(1)
    expect(await due(NOON + 2 * HOUR)).toEqual([120])
  })

  it('finds what may be down, in all projects of a person', async () => {
    const elsewhere = await store.projects.add({
      code: 'c0ffee00-0000-4000-8000-000000000000',
      name: 'Office',
      ownerId: userId,
      badgeKey: 'c0ffee00-0000-4000-8000-000000000001',
      createdAt: NOON,
    })
    const overdue = await store.checks.add(aNewCheck(elsewhere.id, { name: 'Overdue' }))
    await store.checks.add(aNewCheck(elsewhere.id, { name: 'Quiet' }))
    await ping('fail')
    await ping('success', NOON, overdue)
    const names = async (nowAt: number) =>
      (await store.reminders.suspects(userId, nowAt, { afterId: 0, limit: 9 })).map(
        ({ check: { name }, project }) => [project.name, name],
      )
    expect(await names(NOON + HOUR)).toEqual([['Home', 'My first check']])
    expect(await names(NOON + 2 * DAY)).toEqual(
      expect.arrayContaining([
        ['Home', 'My first check'],
        ['Office', 'Overdue'],
      ]),
    )
  })

  it('knows whether there was a sign of life', async () => {
    await ping('log')
    expect(await store.reminders.hasSignOfLife(userId, NOON - DAY)).toBe(false)
    await ping('success')
    expect(await store.reminders.hasSignOfLife(userId, NOON)).toBe(true)
    expect(await store.reminders.hasSignOfLife(userId, NOON + 1)).toBe(false)
  })

  describe('reports', () => {
    const reports = async (nowAt: number) =>
      (await store.reports.due(nowAt, latestReportAt(nowAt), 10)).map(({ kind, dueAt }) => [kind, dueAt])

    it('are monthly for a new account, and wait for a first date', async () => {
      expect(await store.reports.wishes(userId)).toEqual({
        reportKind: 'monthly',
        nextReportAt: null,
        nagPeriodMs: null,
      })
      expect(await reports(NOON)).toEqual([['monthly', null]])
      const [report] = await store.reports.due(NOON, latestReportAt(NOON), 10)
      expect(await store.reports.settle(report!, NOON + 20 * DAY, null)).toBe(true)
      expect(await reports(NOON)).toEqual([])
      expect(await reports(NOON + 20 * DAY)).toEqual([['monthly', NOON + 20 * DAY]])
      // The clock was set back: the date is further ahead than any monthly one can be.
      expect(await reports(NOON - 20 * DAY)).toEqual([['monthly', NOON + 20 * DAY]])
    })

    it('are sent by one of several instances', async () => {
      const second = await stores.open()
      const [report] = await store.reports.due(NOON, latestReportAt(NOON), 10)
      const sent = await Promise.all(
        [store, second, store].map((each) => each.reports.settle(report!, NOON + DAY, mail())),
      )
      expect(sent.filter(Boolean)).toHaveLength(1)
      expect(await waitingMails(NOON)).toBe(1)
    })

    it('are not sent to somebody who has just changed their mind', async () => {
      const [report] = await store.reports.due(NOON, latestReportAt(NOON), 10)
      await store.reports.silence(userId)
      expect(await store.reports.settle(report!, NOON + DAY, mail())).toBe(false)
      expect(await reports(NOON)).toEqual([])
      expect(await store.reports.wishes(userId)).toMatchObject({ reportKind: 'off', nagPeriodMs: null })
    })

    it('are about every check, with what it went through', async () => {
      const second = await store.checks.add(aNewCheck(begun.project.id))
      await ping('success', NOON)
      await ping('fail', NOON + HOUR)
      await ping('fail', NOON + HOUR, second)
      const page = (afterId: number) => store.reports.checks(userId, NOON + MINUTE, { afterId, limit: 1 })
      expect(await page(0)).toMatchObject([
        { check: { id: check.id }, project: { name: 'Home' }, flips: [{ at: NOON + HOUR, from: 'up' }] },
      ])
      expect(await page(check.id)).toMatchObject([{ check: { id: second.id }, flips: [{ from: 'new' }] }])
      expect(await page(second.id)).toEqual([])
    })
  })

  describe('a check that flaps', () => {
    const flap = (times: number) =>
      store.checks.recordPings(
        Array.from({ length: times }, (_, i) => ({
          code: check.code,
          ping: aPing({ signal: i % 2 ? 'success' : 'fail', at: NOON + i * SECOND }),
        })),
      )
    const find = (nowAt: number) => store.flapping.find(nowAt - DAY, 200, 10)

    it('21: is one with more than 200 flips in a day', async () => {
      await flap(200)
      expect(await find(NOON + HOUR)).toEqual([])
      await ping('fail', NOON + 201 * SECOND)
      expect(await find(NOON + HOUR)).toMatchObject([
        {
          check: { id: check.id },
          projectName: 'Home',
          flips: 201,
          people: [{ userId, email: 'ada@example.org' }],
        },
      ])
      expect(await find(NOON + DAY + 100 * SECOND)).toEqual([])
    })

    it('21: is told to the owner and to every member', async () => {
      const { user } = (await store.users.add(aBeginning('bob@example.org')))!
      await store.members.put(begun.project.id, user.id, 'member', NOON)
      await flap(201)
      const [found] = await find(NOON + HOUR)
      expect(found?.people.map(({ email }) => email)).toEqual(['ada@example.org', 'bob@example.org'])
    })

    it('is told once a day, by one instance', async () => {
      await flap(202)
      const second = await stores.open()
      const nowAt = NOON + HOUR
      const told = await Promise.all(
        [store, second].map((each) => each.flapping.settle(check.id, nowAt - DAY, nowAt, [mail()])),
      )
      expect(told.filter(Boolean)).toHaveLength(1)
      expect(await waitingMails(NOON)).toBe(1)
      expect(await find(nowAt + MINUTE)).toEqual([])
    })
  })
})
