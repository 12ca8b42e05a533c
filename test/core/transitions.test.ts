import { describe, expect, it } from 'vitest'
import { alertAfter, isNews, pause, rearm, reschedule, resume, ring } from '../../src/core/check'
import type { Check, FlipReason, OpenRun, Outcome, Status } from '../../src/core/check'
import { cleared } from '../../src/core/check-copy'
import { applyPing } from '../../src/core/ping'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { aCheck, aPing, NOON } from '../support/build'

const ALL: Status[] = ['new', 'up', 'down', 'paused']
const A = '11111111-2222-4333-8444-555555555555'
const B = '66666666-7777-4888-8999-000000000000'

/** Everything happens long after the deadline of an up check, unless the row says otherwise. */
const LATER = NOON + 2 * DAY
const started = (at: number, runId: string | null = null): OpenRun => ({ runId, startedAt: at })

interface Row {
  rule: string
  what: string
  does: (check: Check) => Outcome
  /** Besides the status; all are daily with an hour of grace, and were last heard of at noon two days ago. */
  given?: Partial<Check>
  from: Status[]
  /** Null: as it was. */
  to: Status | null
  reason?: FlipReason
  /** When the change is said to have been; the moment of what caused it unless given. */
  at?: number
  news?: (from: Status) => boolean
  /** What else is kept. */
  leaves?: Partial<Check>
}

const ping =
  (facts: Partial<ArrivingPing>) =>
  (check: Check): Outcome =>
    applyPing(check, aPing({ at: LATER, ...facts }))

// spec/alerting.md §2.1: a row each, and what is not in the table must not happen.
const TABLE: Row[] = [
  {
    rule: 'T1',
    what: 'a success',
    does: ping({}),
    from: ['new', 'paused'],
    to: 'up',
    news: () => false,
    leaves: { lastPingAt: LATER, alertAfterAt: LATER + DAY + HOUR },
  },
  { rule: 'T2', what: 'a success', does: ping({}), from: ['down'], to: 'up', news: () => true },
  { rule: 'T3', what: 'a success', does: ping({}), from: ['up'], to: null },
  {
    rule: 'T1¹',
    what: 'a success that only a person may make count',
    does: ping({}),
    given: { manualResume: true },
    from: ['paused'],
    to: null,
    leaves: { lastPingAt: NOON, alertAfterAt: null },
  },
  ...['a fail', 'an exit status'].map((what): Row => ({
    rule: 'T4',
    what,
    does: ping(what === 'a fail' ? { signal: 'fail' } : { exitStatus: 3 }),
    from: ['new', 'up', 'paused'],
    to: 'down',
    reason: 'fail',
    news: () => true,
    leaves: { alertAfterAt: null },
  })),
  {
    rule: 'T4¹',
    what: 'a fail that only a person may make count',
    does: ping({ signal: 'fail' }),
    given: { manualResume: true },
    from: ['paused'],
    to: null,
  },
  { rule: 'T5', what: 'a fail', does: ping({ signal: 'fail' }), from: ['down'], to: null },
  {
    rule: 'T6',
    what: 'a passed deadline',
    does: (check) => ring(check, LATER),
    from: ['up'],
    to: 'down',
    reason: 'timeout',
    at: NOON + DAY + HOUR,
    news: () => true,
    leaves: { alertAfterAt: null, lastPingAt: NOON },
  },
  {
    rule: 'T6²',
    what: 'an overrun run',
    does: (check) => ring(check, LATER),
    given: { openRun: started(NOON + MINUTE) },
    from: ['new', 'up', 'paused'],
    to: 'down',
    reason: 'timeout',
    at: NOON + MINUTE + HOUR,
    news: () => true,
    leaves: { alertAfterAt: null, openRun: started(NOON + MINUTE) },
  },
  {
    rule: 'T6³',
    what: 'a look at an alarm that is none',
    does: (check) => ring(check, LATER),
    from: ['new', 'paused', 'down'],
    to: null,
    leaves: { alertAfterAt: null },
  },
  {
    rule: 'T7',
    what: 'a pause',
    does: (check) => pause(check, LATER),
    given: { openRun: started(NOON) },
    from: ['new', 'up', 'down'],
    to: 'paused',
    news: () => false,
    leaves: { openRun: null, alertAfterAt: null, lastPingAt: NOON },
  },
  { rule: 'T8', what: 'a pause', does: (check) => pause(check, LATER), from: ['paused'], to: null },
  {
    rule: 'T9',
    what: 'a resume',
    does: (check) => resume(check, LATER),
    from: ['paused'],
    to: 'new',
    news: () => false,
    leaves: { openRun: null, alertAfterAt: null, lastPingAt: null },
  },
  {
    rule: 'T11',
    what: 'a schedule saved on a page that has passed already',
    does: (check) => reschedule(check, { kind: 'period', periodMs: HOUR }, HOUR, NOON + 3 * HOUR),
    from: ['up'],
    to: 'down',
    at: NOON + 3 * HOUR,
    news: () => false,
    leaves: { alertAfterAt: null },
  },
  {
    rule: 'T11³',
    what: 'a schedule saved on a page',
    does: (check) => reschedule(check, { kind: 'period', periodMs: HOUR }, HOUR, NOON + 3 * HOUR),
    from: ['new', 'down', 'paused'],
    to: null,
    leaves: { alertAfterAt: null },
  },
  {
    rule: 'T12',
    what: 'a schedule set through the API that has passed already',
    does: (check) => ({
      check: rearm({ ...check, schedule: { kind: 'period', periodMs: HOUR } }, LATER),
      flip: null,
    }),
    from: ['up'],
    to: null,
    leaves: { alertAfterAt: NOON + 2 * HOUR },
  },
  {
    rule: 'T13',
    what: 'a log that is cleared',
    does: (check) => ({ check: cleared(check), flip: null }),
    given: { openRun: started(NOON), lastDurationMs: 5, pingCount: 7 },
    from: ALL,
    to: 'new',
    leaves: { lastPingAt: null, openRun: null, lastDurationMs: null, alertAfterAt: null, pingCount: 7 },
  },
  ...(['start', 'log'] as const).map((signal): Row => ({
    rule: '–',
    what: `a ${signal}`,
    does: ping({ signal }),
    from: ALL,
    to: null,
  })),
  {
    rule: '–',
    what: 'a ping that does not count',
    does: ping({ method: 'GET' }),
    given: { postOnly: true },
    from: ALL,
    to: null,
  },
]

describe('the table of transitions', () => {
  const cases = TABLE.flatMap((row) => row.from.map((from): [string, Status, Row] => [name(row), from, row]))

  it.each(cases)('%s, %s', (_, from, { does, given, to, reason = '', at = LATER, news, leaves = {} }) => {
    const before = rearm(aCheck({ status: from, ...given }), NOON)
    const { check, flip } = does(before)
    expect(check.status).toBe(to ?? from)
    expect(check).toMatchObject(leaves)
    // Clearing takes the changes of status away instead of adding one.
    if (to === null || news === undefined) return expect(flip).toBeNull()
    expect(flip).toMatchObject({ at, from, to, reason })
    expect(isNews(flip!)).toBe(news(from))
  })

  function name({ rule, what, to }: Row): string {
    return `${rule}: ${what} ${to === null ? 'leaves' : `makes it ${to}`}`
  }
})

// spec/alerting.md §3, the rows with a schedule that has ended; the others stand in check.test.ts.
describe('the deadline of a check that nothing more is expected of', () => {
  const over = {
    schedule: { kind: 'oncalendar', expression: '2020-01-01 00:00', tz: 'UTC' } as const,
    graceMs: 10 * MINUTE,
  }

  it('is none', () => {
    expect(alertAfter(aCheck(over))).toBeNull()
  })
  it('is that of its run, once it starts', () => {
    expect(alertAfter(aCheck({ ...over, openRun: started(NOON) }))).toBe(NOON + 10 * MINUTE)
  })
})

// spec/alerting.md §5: grace 1 min.
describe('two runs that overlap', () => {
  const at = (minute: number, second = 0) => Date.UTC(2026, 0, 15, 12, minute, second)
  type Step = [number, Partial<ArrivingPing>]

  /** Sends pings at their times, with the watch looking every second in between. */
  function play(steps: Step[], facts: Partial<Check> = {}) {
    let check = rearm(aCheck({ graceMs: MINUTE, lastPingAt: at(-30), ...facts }), at(0))
    const flips: string[] = []
    const durations: (number | null)[] = []
    const alarms: (number | null)[] = []
    const note = (outcome: Outcome) => {
      check = outcome.check
      if (outcome.flip)
        flips.push(`${outcome.flip.to} ${new Date(outcome.flip.at).toISOString().slice(11, 19)}`)
    }
    for (let nowAt = at(0); nowAt <= at(60); nowAt += SECOND) {
      for (const [, facts] of steps.filter(([sentAt]) => sentAt === nowAt)) {
        note(applyPing(check, aPing({ at: nowAt, ...facts })))
        durations.push(check.lastDurationMs)
        alarms.push(check.alertAfterAt)
      }
      if (check.alertAfterAt !== null && check.alertAfterAt <= nowAt) note(ring(check, nowAt))
    }
    return { flips, durations, alarms, status: check.status, running: check.openRun !== null }
  }
  const start = (runId: string): Partial<ArrivingPing> => ({ signal: 'start', runId })

  it('are watched by the last start only', () => {
    const steps: Step[] = [
      [at(0), start(A)],
      [at(0, 50), start(B)],
      [at(1, 27), { runId: B }],
      [at(6, 39), { runId: A }],
    ]
    const { flips, durations, alarms, running } = play(steps)
    expect(flips).toEqual([])
    expect(durations[2]).toBe(37 * SECOND)
    expect(alarms.slice(0, 3)).toEqual([at(1), at(1, 50), at(1, 27) + DAY + MINUTE])
    expect(running).toBe(false)
  })

  it('make the check late when nothing else starts in time', () => {
    expect(play([[at(0), start(A)]]).flips).toEqual(['down 12:01:00'])
  })

  it('leave a check down that was late when the other started, until that succeeds', () => {
    const steps: Step[] = [
      [at(0), start(A)],
      [at(1, 10), start(B)],
      [at(1, 30), { runId: B }],
    ]
    expect(play(steps)).toMatchObject({ flips: ['down 12:01:00', 'up 12:01:30'], status: 'up' })
  })

  it('do not end each other where the start had no run id', () => {
    const steps: Step[] = [
      [at(0), { signal: 'start' }],
      [at(0, 30), { runId: B }],
    ]
    expect(play(steps)).toMatchObject({ flips: ['down 12:01:00'], running: true })
  })
})
