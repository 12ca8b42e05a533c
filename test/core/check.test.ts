import { describe, expect, it } from 'vitest'
import { alertAfter, isNews, pause, reschedule, resume, ring, shownStatus } from '../../src/core/check'
import type { Check, Flip, OpenRun } from '../../src/core/check'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { aCheck, NOON } from '../support/build'

const started = (at: number): OpenRun => ({ runId: null, startedAt: at })

describe('a check that is up', () => {
  const check = aCheck()

  it('stays up until its grace time is over', () => {
    expect(ring(check, NOON + DAY + HOUR - 1).flip).toBeNull()
  })

  it('goes down the moment its grace time is over, however late we look', () => {
    const { check: down, flip } = ring(check, NOON + DAY + HOUR + 5 * MINUTE)
    expect(flip).toEqual({ at: NOON + DAY + HOUR, from: 'up', to: 'down', reason: 'timeout', silent: false })
    expect(down).toMatchObject({ status: 'down', alertAfterAt: null })
  })

  it('has a stale alarm set anew without a flip', () => {
    const outcome = ring({ ...check, alertAfterAt: NOON }, NOON + HOUR)
    expect(outcome.flip).toBeNull()
    expect(outcome.check.alertAfterAt).toBe(NOON + DAY + HOUR)
  })

  it('refuses to be judged when no rule can evaluate its schedule', () => {
    const poisoned = aCheck({ schedule: { kind: 'cron', expression: 'never ever', tz: 'UTC' } })
    expect(() => ring(poisoned, NOON)).toThrow('never ever')
    expect(shownStatus(poisoned, NOON)).toBe('up')
  })
})

describe('a run that takes too long', () => {
  it('takes the check down when the grace time from its start is over, and stays open', () => {
    const check = aCheck({ openRun: started(NOON + MINUTE) })
    const outcome = ring(check, NOON + 2 * HOUR)
    expect(outcome.flip).toMatchObject({ at: NOON + MINUTE + HOUR, to: 'down', reason: 'timeout' })
    expect(outcome.check.openRun).not.toBeNull()
  })

  it('takes new and paused checks down too', () => {
    for (const status of ['new', 'paused'] as const) {
      const check = aCheck({ status, lastPingAt: null, openRun: started(NOON) })
      expect(ring(check, NOON + HOUR).flip).toMatchObject({ from: status, to: 'down' })
    }
  })

  it('is not watched while the check is down', () => {
    expect(ring(aCheck({ status: 'down', openRun: started(NOON) }), NOON + DAY).flip).toBeNull()
  })
})

// spec/alerting.md §3: period 1 h, grace 10 min.
describe('the deadline', () => {
  const hourly = { schedule: { kind: 'period', periodMs: HOUR }, graceMs: 10 * MINUTE } as const
  const at = (hour: number, minute = 0) => Date.UTC(2026, 0, 15, hour, minute)
  const cases: [string, Partial<Check>, number | null][] = [
    ['of a new check', { status: 'new', lastPingAt: null }, null],
    [
      'of a new check that started',
      { status: 'new', lastPingAt: null, openRun: started(at(12)) },
      at(12, 10),
    ],
    ['of a check that is up', { lastPingAt: at(11) }, at(12, 10)],
    ['is brought forward by a start', { lastPingAt: at(11), openRun: started(at(11, 50)) }, at(12)],
    ['is not moved by a late start', { lastPingAt: at(11), openRun: started(at(12, 5)) }, at(12, 10)],
    ['counts from the last start', { lastPingAt: at(11), openRun: started(at(11, 40)) }, at(11, 50)],
    ['of a check that is down', { status: 'down', openRun: started(at(12)) }, null],
    ['of a paused check', { status: 'paused' }, null],
    ['of a paused check that started', { status: 'paused', openRun: started(at(12)) }, at(12, 10)],
  ]
  it.each(cases)('%s', (_, facts, expected) => {
    expect(alertAfter(aCheck({ ...hourly, ...facts }))).toBe(expected)
  })
})

// spec/alerting.md §2.2: period 1 d, grace 1 h.
describe('the status that is shown', () => {
  const cases: [Check['status'], number | null, number | null, string][] = [
    ['new', null, null, 'new'],
    ['new', null, 5 * MINUTE, 'new'],
    ['new', null, 2 * HOUR, 'down'],
    ['up', 2 * HOUR, null, 'up'],
    ['up', DAY + 30 * MINUTE, null, 'late'],
    ['up', 2 * DAY, null, 'down'],
    ['up', 3 * HOUR, 2 * HOUR, 'down'],
    ['up', DAY + 30 * MINUTE, 0, 'late'],
    ['paused', DAY + 30 * MINUTE, null, 'paused'],
    ['paused', null, 2 * HOUR, 'down'],
    ['down', MINUTE, null, 'down'],
    ['down', null, 5 * MINUTE, 'down'],
    ['up', DAY, null, 'late'],
    ['up', DAY + HOUR, null, 'down'],
  ]
  it.each(cases)('%s, pinged %s ms and started %s ms ago: %s', (status, pinged, begun, expected) => {
    const check = aCheck({
      status,
      lastPingAt: pinged === null ? null : NOON - pinged,
      openRun: begun === null ? null : started(NOON - begun),
    })
    expect(shownStatus(check, NOON)).toBe(expected)
  })
})

describe('a person', () => {
  it('pauses a check: no alarm, no run, and nobody is told', () => {
    const { check, flip } = pause(aCheck({ openRun: started(NOON) }), NOON + 1)
    expect(check).toMatchObject({ status: 'paused', alertAfterAt: null, openRun: null, lastPingAt: NOON })
    expect(flip).toMatchObject({ from: 'up', to: 'paused' })
    expect(isNews(flip as Flip)).toBe(false)
  })

  it('resumes a check: it is new until the next ping', () => {
    const { check, flip } = resume(aCheck({ status: 'paused' }), NOON + 1)
    expect(check).toMatchObject({ status: 'new', alertAfterAt: null, lastPingAt: null })
    expect(isNews(flip as Flip)).toBe(false)
  })

  it('makes a check overdue by a new schedule: it is down at once and nobody is told', () => {
    const { check, flip } = reschedule(aCheck(), { kind: 'period', periodMs: HOUR }, HOUR, NOON + 3 * HOUR)
    expect(check).toMatchObject({ status: 'down', alertAfterAt: null })
    expect(isNews(flip as Flip)).toBe(false)
  })

  it('cannot bring a check up by giving it more time', () => {
    const { check, flip } = reschedule(
      aCheck({ status: 'down' }),
      { kind: 'period', periodMs: 9 * DAY },
      HOUR,
      NOON,
    )
    expect(check.status).toBe('down')
    expect(flip).toBeNull()
  })
})

describe('news', () => {
  const flip = (from: Flip['from'], to: Flip['to']): Flip => ({
    at: NOON,
    from,
    to,
    reason: '',
    silent: false,
  })
  it('is every down, and an up after a down', () => {
    expect(isNews(flip('new', 'down'))).toBe(true)
    expect(isNews(flip('up', 'down'))).toBe(true)
    expect(isNews(flip('paused', 'down'))).toBe(true)
    expect(isNews(flip('down', 'up'))).toBe(true)
    expect(isNews(flip('new', 'up'))).toBe(false)
    expect(isNews(flip('paused', 'up'))).toBe(false)
    expect(isNews(flip('down', 'paused'))).toBe(false)
    expect(isNews(flip('paused', 'new'))).toBe(false)
  })
})
