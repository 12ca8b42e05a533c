import { describe, expect, it } from 'vitest'
import { ring } from '../../src/core/check'
import type { Check, Filters } from '../../src/core/check'
import { applyPing } from '../../src/core/ping'
import type { ArrivingPing } from '../../src/core/ping'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import { aCheck, aPing, NOON } from '../support/build'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'
const B = 'bbbbbbbb-0000-4000-8000-000000000000'

const none: Partial<Check> = { status: 'new', lastPingAt: null, pingCount: 0, alertAfterAt: null }

describe('a success', () => {
  it('makes a new check up and sets its alarm', () => {
    const { check, flip, ping } = applyPing(aCheck(none), aPing())
    expect(check).toMatchObject({
      status: 'up',
      lastPingAt: NOON,
      alertAfterAt: NOON + 25 * HOUR,
      pingCount: 1,
    })
    expect(flip).toMatchObject({ from: 'new', to: 'up', reason: '' })
    expect(ping).toMatchObject({ n: 1, kind: 'success', at: NOON })
  })

  it('makes a paused check up, unless only a person may resume it', () => {
    expect(applyPing(aCheck({ status: 'paused' }), aPing()).check.status).toBe('up')
    const { check, ping } = applyPing(aCheck({ status: 'paused', manualResume: true }), aPing())
    expect(check.status).toBe('paused')
    expect(ping.kind).toBe('ign')
  })

  it('hides a deadline that passed before anybody looked', () => {
    const { check, flip } = applyPing(aCheck(), aPing({ at: NOON + 48 * HOUR }))
    expect(check.status).toBe('up')
    expect(flip).toBeNull()
  })
})

describe('a failure', () => {
  it('takes a check down at once, from any status', () => {
    for (const status of ['new', 'up', 'paused'] as const) {
      const { check, flip } = applyPing(aCheck({ status }), aPing({ signal: 'fail' }))
      expect(check).toMatchObject({ status: 'down', alertAfterAt: null, lastPingAt: NOON })
      expect(flip).toMatchObject({ from: status, to: 'down', reason: 'fail' })
    }
  })

  it('does nothing new to a check that is down', () => {
    expect(applyPing(aCheck({ status: 'down' }), aPing({ signal: 'fail' })).flip).toBeNull()
  })

  it('is every exit status but 0, whatever the path says', () => {
    expect(applyPing(aCheck(), aPing({ exitStatus: 3 })).ping).toMatchObject({ kind: 'fail', exitStatus: 3 })
    expect(applyPing(aCheck(), aPing({ exitStatus: 0 })).ping).toMatchObject({
      kind: 'success',
      exitStatus: 0,
    })
  })
})

describe('a start', () => {
  it('is watched from then on, and leaves the status alone', () => {
    const { check, flip } = applyPing(aCheck(none), aPing({ signal: 'start', runId: A }))
    expect(check).toMatchObject({
      status: 'new',
      lastPingAt: null,
      openRun: { runId: A, startedAt: NOON },
      alertAfterAt: NOON + HOUR,
    })
    expect(flip).toBeNull()
  })
})

describe('a log line', () => {
  it('only counts', () => {
    const { check, flip } = applyPing(aCheck(none), aPing({ signal: 'log' }))
    expect(check).toMatchObject({ status: 'new', lastPingAt: null, alertAfterAt: null, pingCount: 1 })
    expect(flip).toBeNull()
  })

  it('shows whether its body asks for a confirmation, until the next ping does not', () => {
    const { check } = applyPing(
      aCheck(),
      aPing({ signal: 'log', body: Buffer.from('Please CONFIRM your wish') }),
    )
    expect(check.hasConfirmationLink).toBe(true)
    expect(applyPing(check, aPing()).check.hasConfirmationLink).toBe(false)
  })
})

// spec/ping-api.md [P21]
describe('the end of a run', () => {
  const startedAt = NOON - 5 * MINUTE
  const cases: [string, string | null | 'not set', Partial<ArrivingPing>, number | null, boolean][] = [
    ['without a start has no duration', 'not set', {}, null, false],
    ['without run ids closes the run', null, {}, 5 * MINUTE, false],
    ['with the same run id closes the run', A, { runId: A }, 5 * MINUTE, false],
    ['without a run id closes a run that has one', A, {}, null, false],
    ['with a foreign run id leaves the run open', A, { runId: B }, null, true],
    ['with a run id leaves a run without one open', null, { runId: B }, null, true],
    ['that failed with a foreign run id closes the run', A, { runId: B, signal: 'fail' }, null, false],
    ['that failed closes the run', A, { runId: A, signal: 'fail' }, 5 * MINUTE, false],
  ]
  it.each(cases)('%s', (_, runId, ping, lastDurationMs, open) => {
    const openRun = runId === 'not set' ? null : { runId, startedAt }
    const { check } = applyPing(aCheck({ openRun, lastDurationMs: 1 }), aPing(ping))
    expect(check.lastDurationMs).toBe(lastDurationMs)
    expect(check.openRun !== null).toBe(open)
  })

  it('has no duration when the clock was set back meanwhile', () => {
    const openRun = { runId: null, startedAt: NOON + 1 }
    expect(applyPing(aCheck({ openRun }), aPing()).check.lastDurationMs).toBeNull()
  })
})

// spec/alerting.md §5, grace 10 min, period 1 h, last ping 11:00.
describe('a trace of pings', () => {
  const at = (hour: number, minute: number) => Date.UTC(2026, 0, 15, hour, minute)
  const hourly = aCheck({
    schedule: { kind: 'period', periodMs: HOUR },
    graceMs: 10 * MINUTE,
    lastPingAt: at(11, 0),
  })

  /** Sends pings at their times, with the watch looking every second in between, until 13:00. */
  function play(...pings: Partial<ArrivingPing>[]) {
    let check = hourly
    const flips: string[] = []
    const note = (minute: number, flip: { to: string; at: number } | null) => {
      if (flip) flips.push(`${flip.to} ${new Date(flip.at).toISOString().slice(11, 16)}`)
      return minute
    }
    for (let nowAt = at(11, 0) + SECOND; nowAt <= at(12, 5); nowAt += SECOND) {
      for (const ping of pings.filter((one) => one.at === nowAt)) {
        const received = applyPing(check, aPing(ping))
        check = received.check
        note(nowAt, received.flip)
      }
      if (check.alertAfterAt !== null && check.alertAfterAt <= nowAt) {
        const rung = ring(check, nowAt)
        check = rung.check
        note(nowAt, rung.flip)
      }
    }
    return { flips, durationMs: check.lastDurationMs, running: check.openRun !== null }
  }
  const start = (minute: number, runId: string | null = null) => ({
    at: at(11, minute),
    signal: 'start' as const,
    runId,
  })
  const success = (minute: number, runId: string | null = null) => ({ at: at(11, minute), runId })

  it('start, nothing', () => {
    expect(play(start(30)).flips).toEqual(['down 11:40'])
  })
  it('start, log, nothing', () => {
    expect(play(start(30), { at: at(11, 35), signal: 'log' }).flips).toEqual(['down 11:40'])
  })
  it('start, start, success', () => {
    expect(play(start(30), start(38), success(47))).toEqual({
      flips: [],
      durationMs: 9 * MINUTE,
      running: false,
    })
  })
  it('start A, success B', () => {
    expect(play(start(30, A), success(35, B))).toMatchObject({ flips: ['down 11:40'], running: true })
  })
  it('start A, success without', () => {
    expect(play(start(30, A), success(35))).toEqual({ flips: [], durationMs: null, running: false })
  })
  it('start A, fail B', () => {
    expect(play(start(30, A), { at: at(11, 35), signal: 'fail', runId: B })).toMatchObject({
      flips: ['down 11:35'],
      running: false,
    })
  })
  it('start, down, success', () => {
    expect(play(start(30), success(55))).toEqual({
      flips: ['down 11:40', 'up 11:55'],
      durationMs: 25 * MINUTE,
      running: false,
    })
  })
  it('start A, down, success B: up, and down again because A is still late', () => {
    expect(play(start(30, A), success(55, B)).flips).toEqual(['down 11:40', 'up 11:55', 'down 11:40'])
  })
})

describe('words in the body', () => {
  const filters: Filters = {
    subject: false,
    body: false,
    httpBody: true,
    startWords: 'BEGIN',
    successWords: 'OK, done',
    failWords: 'ERROR,,fatal ',
    otherwiseFail: false,
  }
  const kind = (body: string | null, more: Partial<Filters> = {}) =>
    applyPing(
      aCheck({ filters: { ...filters, ...more } }),
      aPing({ signal: 'start', body: body === null ? null : Buffer.from(body) }),
    ).ping.kind

  it('decide over the path: failure before success before start', () => {
    expect(kind('BEGIN OK ERROR')).toBe('fail')
    expect(kind('all done')).toBe('success')
    expect(kind('BEGIN')).toBe('start')
  })
  it('are case-sensitive and found anywhere', () => {
    expect(kind('error')).toBe('ign')
    expect(kind('xxfatalxx')).toBe('fail')
  })
  it('that are missing mean ignored, or failed if so decided', () => {
    expect(kind(null)).toBe('ign')
    expect(kind(null, { otherwiseFail: true })).toBe('fail')
  })
  it('are read leniently where the limit cut a letter in half', () => {
    const body = Buffer.concat([Buffer.from('done '), Buffer.from([0xe2, 0x82])])
    expect(applyPing(aCheck({ filters }), aPing({ body })).ping.kind).toBe('success')
  })
})

it('lets a check that only counts POST ignore everything else', () => {
  const check = aCheck({ postOnly: true })
  expect(applyPing(check, aPing({ method: 'GET' })).ping.kind).toBe('ign')
  expect(applyPing(check, aPing({ method: 'POST' })).ping.kind).toBe('success')
})

it('keeps a ping of a check that no rule can judge, and looks at the check again in an hour', () => {
  const check = aCheck({ schedule: { kind: 'cron', expression: 'never ever', tz: 'UTC' } })
  const received = applyPing(check, aPing())
  expect(received.ping.n).toBe(2)
  expect(received.check.alertAfterAt).toBe(NOON + HOUR)
})
