import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { NEWEST } from '../../src/store/event-log'
import type { EventCursor, EventFilter, LoggedEvent } from '../../src/store/event-log'
import { aBeginning, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'

const ANY: EventFilter = {
  fromAt: null,
  untilAt: null,
  kinds: ['success', 'fail', 'start', 'log', 'ign'],
  withFlips: true,
  withNotifications: true,
  exitStatus: null,
  runId: '',
  text: '',
  withBody: false,
}

const PINGS: EventFilter = { ...ANY, withFlips: false, withNotifications: false }

// spec/web-ui.md C09
describe.each(databases)('the log of events on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    check = (await store.users.addFirst(aBeginning()))!.check
  })
  afterEach(() => stores.close())

  const record = (...pings: Partial<ArrivingPing>[]) =>
    store.checks.recordPings(
      pings.map((facts, i) => ({ code: check.code, ping: aPing({ at: NOON + i * MINUTE, ...facts }) })),
    )
  const page = (filter: EventFilter, before: EventCursor = NEWEST, limit = 100, afterN = 0) =>
    store.eventLog.page(check.id, { filter, before, afterN, limit })
  const numbers = async (changes: Partial<EventFilter>) =>
    (await page({ ...PINGS, ...changes })).events.flatMap((each) =>
      each.type === 'ping' ? [each.ping.n] : [],
    )

  const nameOf = (event: LoggedEvent) =>
    event.type === 'ping'
      ? `#${event.ping.n}`
      : event.type === 'flip'
        ? event.flip.to
        : `told ${event.told.status}`

  it('puts what followed from a ping above it, newest first', async () => {
    await record({}, { signal: 'fail' }, {})
    const { events, next } = await page(ANY)
    expect(events.map(nameOf)).toEqual(['told up', 'up', '#3', 'told down', 'down', '#2', 'up', '#1'])
    expect(next).toBeNull()
  })

  it('can be read to its end in steps, without gaps or duplicates, while more comes in', async () => {
    await record(
      ...Array.from({ length: 60 }, (_, i) => ({
        signal: i % 7 === 3 ? ('fail' as const) : ('success' as const),
      })),
    )
    const whole = (await page(ANY, NEWEST, 1000)).events.map(nameOf)
    const read: string[] = []
    for (let cursor: EventCursor | null = NEWEST; cursor !== null;) {
      const step: Awaited<ReturnType<typeof page>> = await page(ANY, cursor, 7)
      read.push(...step.events.map(nameOf))
      cursor = step.next
      if (read.length < 30) await record({ at: NOON + DAY })
    }
    expect(read).toEqual(whole)
  })

  it('shows nothing newer on an older page, also not of a sort of which nothing was shown yet', async () => {
    await record({}, ...Array.from({ length: 9 }, () => ({})))
    const first = await page(ANY, NEWEST, 4)
    expect(first.events.map(nameOf)).toEqual(['#10', '#9', '#8', '#7'])
    await record({ signal: 'fail', at: NOON + DAY })
    const second = await page(ANY, first.next!, 100)
    expect(second.events.map(nameOf)).toEqual(['#6', '#5', '#4', '#3', '#2', 'up', '#1'])
  })

  it('can be read upwards in steps, to what comes in while somebody looks', async () => {
    const newer = (after: EventCursor, limit: number, filter = ANY) =>
      store.eventLog.newer(check.id, { filter, after, afterN: 0, limit })
    const empty = await page(ANY)
    await record(
      ...Array.from({ length: 40 }, (_, i) => ({
        signal: i % 7 === 3 ? ('fail' as const) : ('success' as const),
      })),
    )
    const whole = (await page(ANY, NEWEST, 1000)).events.map(nameOf)
    const read: string[] = []
    let at: EventCursor = empty.from
    for (let isMore = true; isMore;) {
      const step: Awaited<ReturnType<typeof newer>> = await newer(at, 7)
      read.unshift(...step.events.map(nameOf))
      at = step.next
      isMore = step.isMore
    }
    expect(read).toEqual(whole)
    expect(await newer(at, 7)).toEqual({ events: [], next: at, isMore: false })
    await record({ at: NOON + DAY, signal: 'log' }, { at: NOON + DAY + 1, signal: 'start' })
    expect((await newer(at, 7, { ...PINGS, kinds: ['start'] })).events.map(nameOf)).toEqual(['#42'])
    const passed = await newer(at, 7, { ...PINGS, kinds: ['fail'] })
    expect(passed).toMatchObject({ events: [], isMore: false, next: { n: 43 } })
    expect((await newer(passed.next, 7)).events).toEqual([])
  })

  it('finds kinds, exit statuses, runs by their beginning, and what has a body', async () => {
    await record(
      { signal: 'start', runId: A },
      { exitStatus: 3, runId: A, body: Buffer.from('x') },
      { signal: 'log' },
      {},
    )
    expect(await numbers({ kinds: ['fail', 'log'] })).toEqual([3, 2])
    expect(await numbers({ kinds: [] })).toEqual([])
    expect(await numbers({ exitStatus: 3 })).toEqual([2])
    expect(await numbers({ runId: 'aaaaa' })).toEqual([2, 1])
    expect(await numbers({ runId: 'bbbbb' })).toEqual([])
    expect(await numbers({ withBody: true })).toEqual([2])
  })

  it('finds a time without reading all of the log', async () => {
    await record(...Array.from({ length: 1500 }, () => ({})))
    const found = await numbers({ fromAt: NOON + 700 * MINUTE, untilAt: NOON + 703 * MINUTE })
    expect(found).toEqual([703, 702, 701])
    expect(await numbers({ fromAt: NOON + 9 * DAY })).toEqual([])
    expect(await numbers({ untilAt: NOON })).toEqual([])
  })

  it('finds text in addresses, user agents and bodies, in the last as it is written', async () => {
    await record(
      { userAgent: 'Backup-Script/2' },
      { remoteAddress: '192.0.2.77' },
      { body: Buffer.from('Größe: 100 % of it_ok') },
      { body: Buffer.from([0xff, 0x00, 0x41]) },
      { remoteAddress: null },
    )
    expect(await numbers({ text: 'backup-' })).toEqual([1])
    expect(await numbers({ text: '.77' })).toEqual([2])
    expect(await numbers({ text: 'Größe' })).toEqual([3])
    expect(await numbers({ text: 'größe' })).toEqual([])
    expect(await numbers({ text: '100 % of it_' })).toEqual([3])
    expect(await numbers({ text: "'; DROP TABLE pings; --" })).toEqual([])
  })

  it('searches a long log in pieces, and says how far it came', async () => {
    await record({ userAgent: 'the one' })
    for (let i = 0; i < 5; i++) await record(...Array.from({ length: 450 }, () => ({ at: NOON + HOUR })))
    const first = await page({ ...PINGS, text: 'the one' })
    expect(first).toMatchObject({ events: [], lookedDownTo: 252, next: { n: 252 } })
    const second = await page({ ...PINGS, text: 'the one' }, first.next!)
    expect(second.events.map(nameOf)).toEqual(['#1'])
    expect(second.next).toBeNull()
  })

  it('leaves out what is beyond the limit of the log', async () => {
    await record({}, {}, {})
    expect((await page(PINGS, NEWEST, 100, 2)).events.map(nameOf)).toEqual(['#3'])
  })

  it('tells how long runs took also where their starts are not shown', async () => {
    await record(
      { signal: 'start', runId: A, at: NOON },
      { signal: 'start', at: NOON + MINUTE },
      { at: NOON + 3 * MINUTE },
      { runId: A, at: NOON + 5 * MINUTE },
    )
    const { events } = await page({ ...PINGS, kinds: ['success'] })
    const pings = events.flatMap((each) => (each.type === 'ping' ? [each.ping] : []))
    expect(await store.eventLog.durations(check.id, pings)).toEqual(
      new Map([
        [4, 5 * MINUTE],
        [3, 2 * MINUTE],
      ]),
    )
  })

  it('gives the beginnings of bodies', async () => {
    await record({ body: Buffer.from('a long one') }, {})
    const bodies = await store.eventLog.bodies(check.id, [1, 2], 6)
    expect([...bodies].map(([n, body]) => [n, body.toString()])).toEqual([[1, 'a long']])
  })
})
