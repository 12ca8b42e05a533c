import { describe, expect, it } from 'vitest'
import type { Check, Flip } from '../../src/core/check'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { checkPage } from '../../src/web/check-page'
import type { CheckSource } from '../../src/web/check-page'
import { pathsBelow } from '../../src/web/paths'
import type { Sentence } from '../../src/web/view-parts'
import { aCheck, aPing, NOON } from '../support/build'
import { examples } from './examples'

function shown(check: Check, facts: Partial<CheckSource> = {}) {
  const page = checkPage({
    check,
    project: { code: 'p', name: 'Home', pingKey: null },
    sharesSlug: false,
    ownTz: 'UTC',
    told: [],
    neighbours: { previous: null, next: null },
    pings: [],
    flips: [],
    events: [],
    older: null,
    newestUrl: null,
    address: () => '?',
    chart: examples.check.chart,
    months: [],
    runs: [],
    may: true,
    poll: { url: '', version: '' },
    nowAt: NOON,
    tz: 'UTC',
    pingEndpoint: 'https://example.org/ping/',
    emailDomain: null,
    paths: pathsBelow(''),
    ...facts,
  })
  return { page, says: [page.headline, page.sentence, ...page.notes].map(plain) }
}

function plain(sentence: Sentence): string {
  return sentence.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('')
}

function wentDown(facts: Partial<Flip>): Flip {
  return { at: NOON, from: 'up', to: 'down', reason: 'timeout', silent: false, ...facts }
}

describe('the status of a check in words', () => {
  it('waits for the first ping of a new check, with the command to send it', () => {
    const { page, says } = shown(aCheck({ status: 'new', lastPingAt: null, pingCount: 0, code: 'c0de' }))
    expect(says).toEqual(['New', 'No ping yet.'])
    expect(page.isWaiting).toBe(true)
    expect(page.curl).toBe('curl -fsS -m 10 --retry 5 -o /dev/null https://example.org/ping/c0de')
  })

  it('tells of one that is up what comes next', () => {
    expect(shown(aCheck()).says).toEqual([
      'Up',
      'Last ping 2026-01-15 12:00.',
      'Next ping expected 2026-01-16 12:00.',
      'Goes down 2026-01-16 13:00 if nothing arrives.',
    ])
  })

  it('tells when a late one goes down', () => {
    expect(shown(aCheck({ lastPingAt: NOON - DAY - MINUTE })).says).toEqual([
      'Late',
      'A ping was due 2026-01-15 11:59.',
      'Goes down 2026-01-15 12:59 if nothing arrives.',
    ])
  })

  it('tells why one is down: silence, a failure or a run that hangs', () => {
    const down = aCheck({ status: 'down', graceMs: HOUR })
    expect(shown(down, { flips: [wentDown({})] }).says).toEqual([
      'Down since 2026-01-15 12:00',
      'No success ping arrived within the grace time after 2026-01-15 11:00.',
    ])
    expect(shown(down, { flips: [wentDown({ reason: 'fail' })] }).says[1]).toBe('The job reported failure.')
    const late = {
      startN: 1,
      endN: null,
      runId: null,
      endedAt: null,
      durationMs: null,
      outcome: 'open',
    } as const
    expect(
      shown(down, { flips: [wentDown({})], runs: [{ ...late, startedAt: NOON - HOUR }] }).says[1],
    ).toContain('The run that started at 2026-01-15 11:00')
    expect(
      shown(down, { flips: [wentDown({})], runs: [{ ...late, startedAt: NOON - 1 }] }).says[1],
    ).toContain('No success ping')
    expect(shown(down, { flips: [wentDown({ reason: '', silent: true })] }).says[1]).toContain(
      'Its schedule was changed',
    )
    const hanging = aCheck({ status: 'down', openRun: { runId: null, startedAt: NOON - HOUR } })
    expect(shown(hanging, { flips: [wentDown({})] }).says[1]).toBe(
      'The run that started at 2026-01-15 11:00 did not finish within 1 hour.',
    )
  })

  it('says for a while that the first ping has come', () => {
    const first = {
      ...aPing({ at: NOON, remoteAddress: '192.0.2.7' }),
      n: 1,
      kind: 'success',
      bodyBytes: 0,
    } as const
    expect(shown(aCheck(), { pings: [first] }).page.firstPing).toMatchObject({
      time: { text: '2026-01-15 12:00' },
      from: '192.0.2.7',
    })
    expect(shown(aCheck(), { pings: [first], nowAt: NOON + HOUR }).page.firstPing).toBeNull()
    expect(shown(aCheck(), { pings: [{ ...first, n: 2 }] }).page.firstPing).toBeNull()
  })

  it('tells what a ping does to a paused one', () => {
    expect(shown(aCheck({ status: 'paused' })).says[1]).toContain('The next ping resumes it.')
    expect(shown(aCheck({ status: 'paused', manualResume: true })).says[1]).toContain('until you resume')
  })

  it('survives a schedule that cannot be evaluated', () => {
    const broken = aCheck({ schedule: { kind: 'cron', expression: '* * *', tz: 'UTC' } })
    expect(shown(broken).says).toEqual(['Up', 'Last ping 2026-01-15 12:00.'])
  })
})
