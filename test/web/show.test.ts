import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { durationField, durationForm, readDuration } from '../../src/web/fields'
import { countsOf, documentTitle, faviconOf, headerSums } from '../../src/web/frame'
import { inZone, markOf, moment, rootPath, size, took } from '../../src/web/show'
import { say } from '../../src/web/strings'
import { aCheck, NOON } from '../support/build'

describe('how values are shown', () => {
  it('gives run times in the units that matter', () => {
    expect(
      [420, 37 * SECOND, 6 * MINUTE + 39 * SECOND, 2 * HOUR + 3 * MINUTE + 5 * SECOND, HOUR].map(took),
    ).toEqual(['0.42 s', '37 s', '6 min 39 s', '2 h 3 min 5 s', '1 h'])
  })

  it('gives instants in the zone of the person', () => {
    expect(moment(NOON, 'Europe/Berlin')).toEqual({
      iso: '2026-01-15T12:00:00.000Z',
      text: '2026-01-15 13:00',
      isRelative: true,
    })
    expect(inZone(NOON + SECOND, 'America/New_York')).toBe('2026-01-15 07:00:01')
  })

  it('gives sizes', () => {
    expect([1, 96, 4200, 48_000, 2_621_440, 250_000_000, 4_200_000_000, 270e9].map(size)).toEqual([
      '1 byte',
      '96 bytes',
      '4.2 kB',
      '48 kB',
      '2.6 MB',
      '250 MB',
      '4.2 GB',
      '270 GB',
    ])
  })

  it('knows the path below which the site lives', () => {
    expect(rootPath('https://example.org')).toBe('')
    expect(rootPath('https://example.org/some/prefix')).toBe('/some/prefix')
  })

  it('shows the kept status of a check whose schedule cannot be evaluated', () => {
    const broken = aCheck({ schedule: { kind: 'cron', expression: 'no', tz: 'UTC' } })
    expect(markOf(broken, NOON)).toEqual({ shape: 'up', word: 'Up', running: false })
  })

  it('puts values into messages', () => {
    expect(say('M-CHK-10', { name: 'Nightly {x}' })).toBe('Nightly {x} removed.')
  })
})

describe('a duration in a form', () => {
  it.each([
    [90 * MINUTE, '90', 'minutes'],
    [DAY, '1', 'days'],
    [14 * DAY, '2', 'weeks'],
  ])('of %i ms is %s %s, and comes back the same', (ms, value, unit) => {
    const form = durationForm('period', ms)
    const shown = durationField({ name: 'period', label: '', help: '', error: '' }, form)
    expect(shown.value).toBe(value)
    expect(shown.options.find(({ chosen }) => chosen)?.value).toBe(unit)
    expect(readDuration(form, 'period')).toBe(ms)
  })

  it.each(['', 'x', '-1', '1.5', '1e3'])('is no number when it is "%s"', (period) => {
    expect(readDuration({ period, period_unit: 'days' }, 'period')).toBeNaN()
  })
})

describe('the frame', () => {
  const checks = [
    aCheck({ status: 'down' }),
    aCheck({ lastPingAt: NOON - DAY - MINUTE }),
    aCheck({ openRun: { runId: null, startedAt: NOON } }),
  ]
  const counts = countsOf(checks, NOON)

  it('says what is wrong first', () => {
    expect(documentTitle({ title: 'Home', counts }, 'Rollcall')).toBe('1 down – Home – Rollcall')
    expect(documentTitle({ title: 'Backup', counts, alarm: 'DOWN' }, 'Rollcall')).toBe(
      'DOWN – Backup – Rollcall',
    )
    expect(documentTitle({ title: 'Projects' }, 'Rollcall')).toBe('Projects – Rollcall')
  })

  it('sums up the checks, or says that all are up', () => {
    expect(headerSums(counts, '/c/').map(({ text, url }) => [text, url])).toEqual([
      ['1 down', '/c/?status=down'],
      ['1 late', '/c/?status=grace'],
      ['1 running', '/c/?status=started'],
    ])
    expect(headerSums(countsOf([aCheck()], NOON), '/c/').map(({ text }) => text)).toEqual(['All up'])
    expect(headerSums(countsOf([], NOON), '/c/')).toEqual([])
  })

  it('has a favicon that shows the worst', () => {
    expect(faviconOf(counts)).toBe('down')
    expect(faviconOf(countsOf([aCheck()], NOON))).toBe('ok')
    expect(faviconOf(undefined)).toBe('ok')
  })
})
