import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ring } from '../../src/core/check'
import type { Check } from '../../src/core/check'
import { downtimesOf } from '../../src/core/downtimes'
import type { Signal } from '../../src/core/signal'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Begun } from '../../src/store/users'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

/** 11:00, when the check of every trace was last pinged. */
const ELEVEN = NOON - HOUR

const RUN = { A: 'aaaaaaaa-0000-4000-8000-000000000000', B: 'bbbbbbbb-0000-4000-8000-000000000000' }

interface Trace {
  /** 'mm:ss signal run', counted from eleven. */
  pings: readonly string[]
  /** When somebody looks at the alarms, after having done so just before each ping. */
  until: string
  /** Changes after the first up: 'mm:ss from to reason'. */
  flips: readonly string[]
  status: Check['status']
  /** Whether a run is open. */
  started: boolean
  durationMs: number | null
  /** Of all downtimes together, if it matters. */
  downMs?: number
  periodMs?: number
  graceMs?: number
}

const second = 1000

/** spec/alerting.md §5, in its order. */
const TRACES: Record<string, Trace> = {
  'two runs that overlap: the second, which succeeds first, is the one that is watched': {
    pings: ['60:00 start A', '60:50 start B', '61:27 success B'],
    until: '66:00',
    flips: [],
    status: 'up',
    started: false,
    durationMs: 37 * second,
    periodMs: DAY,
    graceMs: MINUTE,
  },
  'the first of them succeeds long after that: nobody is told': {
    pings: ['60:00 start A', '60:50 start B', '61:27 success B', '66:39 success A'],
    until: '67:00',
    flips: [],
    status: 'up',
    started: false,
    durationMs: null,
    periodMs: DAY,
    graceMs: MINUTE,
  },
  'the first of them alone goes down when its time is over': {
    pings: ['60:00 start A', '66:39 success A'],
    until: '67:00',
    flips: ['61:00 up down timeout', '66:39 down up'],
    status: 'up',
    started: false,
    durationMs: 6 * MINUTE + 39 * second,
    periodMs: DAY,
    graceMs: MINUTE,
    downMs: 5 * MINUTE + 39 * second,
  },
  'a second that begins too late leaves it down, and brings it up': {
    pings: ['60:00 start A', '61:10 start B', '61:40 success B'],
    until: '62:00',
    flips: ['61:00 up down timeout', '61:40 down up'],
    status: 'up',
    started: false,
    durationMs: 30 * second,
    periodMs: DAY,
    graceMs: MINUTE,
  },
  'start, nothing': {
    pings: ['30:00 start'],
    until: '45:00',
    flips: ['40:00 up down timeout'],
    status: 'down',
    started: true,
    durationMs: null,
  },
  'start, log, nothing': {
    pings: ['30:00 start', '35:00 log'],
    until: '45:00',
    flips: ['40:00 up down timeout'],
    status: 'down',
    started: true,
    durationMs: null,
  },
  'start, start, success': {
    pings: ['30:00 start', '38:00 start', '47:00 success'],
    until: '50:00',
    flips: [],
    status: 'up',
    started: false,
    durationMs: 9 * MINUTE,
  },
  'start A, success B, nothing': {
    pings: ['30:00 start A', '35:00 success B'],
    until: '45:00',
    flips: ['40:00 up down timeout'],
    status: 'down',
    started: true,
    durationMs: null,
  },
  'start without run, success B, nothing': {
    pings: ['30:00 start', '35:00 success B'],
    until: '45:00',
    flips: ['40:00 up down timeout'],
    status: 'down',
    started: true,
    durationMs: null,
  },
  'start A, success without run': {
    pings: ['30:00 start A', '35:00 success'],
    until: '45:00',
    flips: [],
    status: 'up',
    started: false,
    durationMs: null,
  },
  'start A, fail B': {
    pings: ['30:00 start A', '35:00 fail B'],
    until: '45:00',
    flips: ['35:00 up down fail'],
    status: 'down',
    started: false,
    durationMs: null,
  },
  'start, down, success': {
    pings: ['30:00 start', '55:00 success'],
    until: '60:00',
    flips: ['40:00 up down timeout', '55:00 down up'],
    status: 'up',
    started: false,
    durationMs: 25 * MINUTE,
    downMs: 15 * MINUTE,
  },
  'start A, down, success B: down again, because A is still late': {
    pings: ['30:00 start A', '55:00 success B'],
    until: '60:00',
    flips: ['40:00 up down timeout', '55:00 down up', '40:00 up down timeout'],
    status: 'down',
    started: true,
    durationMs: null,
  },
}

describe.each(databases)('7: runs that take too long, on $name', { timeout: 60_000 }, (database) => {
  let stores: Opener
  let store: Store
  let begun: Begun
  beforeAll(async () => {
    stores = await opener(database)
    store = await stores.open()
    begun = (await store.users.addFirst(aBeginning()))!
  })
  afterAll(() => stores.close())

  it.each(Object.entries(TRACES))('%s', async (_, trace) => {
    const check = await store.checks.add(
      aNewCheck(begun.project.id, {
        schedule: { kind: 'period', periodMs: trace.periodMs ?? HOUR },
        graceMs: trace.graceMs ?? 10 * MINUTE,
      }),
    )
    const ping = (signal: Signal, at: number, runId: string | null = null) =>
      store.checks.recordPings([{ code: check.code, ping: aPing({ signal, at, runId }) }])
    const look = async (at: number) => {
      while ((await store.checks.changeDue(at, 100, (one) => ring(one, at))).found > 0);
    }
    await ping('success', ELEVEN)
    for (const line of trace.pings) {
      const [time = '', signal = '', run] = line.split(' ')
      await look(instant(time) - 1)
      await ping(signal as Signal, instant(time), run === 'A' || run === 'B' ? RUN[run] : null)
    }
    await look(instant(trace.until))

    const now = (await store.checks.findByCode(check.code))!
    expect([now.status, now.openRun !== null, now.lastDurationMs]).toEqual([
      trace.status,
      trace.started,
      trace.durationMs,
    ])
    const flips = await store.flips.latest(check.id, { sinceAt: 0, limit: 9 })
    const changes = flips.filter(({ from }) => from !== 'new')
    expect(
      changes.map(({ at, from, to, reason }) => `${words(at)} ${from} ${to} ${reason}`.trim()).toSorted(),
    ).toEqual(trace.flips.toSorted())
    const told = await store.notifications.ofCheck(check.id, 9)
    expect(told.map(({ status }) => status).toReversed()).toEqual(
      trace.flips.map((flip) => flip.split(' ')[2]),
    )
    if (trace.downMs !== undefined) {
      const [downtime] = downtimesOf(now, flips)
      expect(downtime!.untilAt! - downtime!.fromAt).toBe(trace.downMs)
    }
  })
})

function instant(time: string): number {
  const [minutes = '', seconds = ''] = time.split(':')
  return ELEVEN + Number(minutes) * MINUTE + Number(seconds) * second
}

function words(at: number): string {
  const seconds = (at - ELEVEN) / second
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
