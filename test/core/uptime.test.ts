import { describe, expect, it } from 'vitest'
import type { Flip } from '../../src/core/check'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { figuresOf, intervals, uptimePercent } from '../../src/core/uptime'
import { aCheck } from '../support/build'

const NOW = Date.UTC(2020, 0, 15)
const LONG_AGO = Date.UTC(2019, 0, 1)

function wentDown(at: number): Flip {
  return { at, from: 'up', to: 'down', reason: 'timeout', silent: false }
}

/** Days down and how often: January, December, November. */
function months(facts: Parameters<typeof aCheck>[0], flips: Flip[] = [], tz = 'UTC') {
  return figuresOf(aCheck(facts), flips, intervals('month', 3, NOW, tz), NOW).map((one) =>
    one.noData ? 'no data' : `${one.downMs / HOUR / 24} d, ${one.downtimes}`,
  )
}

describe('downtimes by month', () => {
  it('count in every month that they reach into', () => {
    expect(months({ status: 'down', createdAt: LONG_AGO })).toEqual(['14 d, 1', '31 d, 1', '30 d, 1'])
  })

  it('begin with the flip', () => {
    const down = { status: 'down', createdAt: LONG_AGO } as const
    expect(months(down, [wentDown(Date.UTC(2020, 0, 14))])).toEqual(['1 d, 1', '0 d, 0', '0 d, 0'])
    expect(months(down, [wentDown(Date.UTC(2019, 10, 15))])).toEqual(['14 d, 1', '31 d, 1', '16 d, 1'])
  })

  it('are cut where the months begin in the zone', () => {
    const flips = [wentDown(Date.UTC(2019, 11, 31, 23))]
    const [january, december] = months({ status: 'down', createdAt: LONG_AGO }, flips, 'Europe/Riga')
    expect(january).toBe(`${14 + 1 / 24} d, 1`)
    expect(december).toBe('0 d, 0')
  })

  it('are not known of the time before the check was there', () => {
    expect(months({ createdAt: Date.UTC(2020, 0, 1, 9) })).toEqual(['0 d, 0', 'no data', 'no data'])
  })

  it('do not depend on the order in which flips were kept', () => {
    const flips: Flip[] = [
      { ...wentDown(NOW - 3 * DAY) },
      { ...wentDown(NOW - DAY), from: 'down', to: 'up', reason: '' },
      { ...wentDown(NOW - 2 * HOUR) },
    ]
    const expected = ['2.0833333333333335 d, 2', '0 d, 0', '0 d, 0']
    expect(months({ status: 'down', createdAt: LONG_AGO }, flips)).toEqual(expected)
    expect(months({ status: 'down', createdAt: LONG_AGO }, flips.toReversed())).toEqual(expected)
  })

  it('are never shorter than nothing when a flip lies ahead of the clock', () => {
    expect(months({ status: 'down', createdAt: LONG_AGO }, [wentDown(NOW + HOUR)])[0]).toBe('0 d, 0')
  })
})

describe('intervals', () => {
  const starts = (unit: 'day' | 'week' | 'month', nowAt: number, tz: string) =>
    intervals(unit, 3, nowAt, tz).map(({ startAt }) => new Date(startAt).toISOString().slice(0, 16))

  it('are months, weeks from Monday, and days of a zone, the current one first', () => {
    expect(starts('month', NOW, 'UTC')).toEqual(['2020-01-01T00:00', '2019-12-01T00:00', '2019-11-01T00:00'])
    expect(starts('week', NOW, 'UTC')).toEqual(['2020-01-13T00:00', '2020-01-06T00:00', '2019-12-30T00:00'])
    expect(starts('day', NOW, 'America/New_York')).toEqual([
      '2020-01-14T05:00',
      '2020-01-13T05:00',
      '2020-01-12T05:00',
    ])
  })

  it('begin with the day where clocks are changed at midnight', () => {
    // Beirut: midnight does not come on 2024-03-31.
    expect(starts('day', Date.UTC(2024, 2, 31, 12), 'Asia/Beirut')[0]).toBe('2024-03-30T22:00')
    // Havana: it comes twice on 2024-11-03, for those who count the hour from one to two o'clock.
    expect(starts('day', Date.UTC(2024, 10, 3, 18), 'America/Havana')[0]).toBe('2024-11-03T04:00')
  })

  it.each([
    ['2023-10', 31 * DAY + HOUR],
    ['2024-03', 31 * DAY - HOUR],
  ])('have the length that clock changes give them: %s', (month, lengthMs) => {
    const [current] = intervals('month', 1, Date.parse(`${month}-15`), 'Europe/Riga')
    expect(current!.endAt - current!.startAt).toBe(lengthMs)
  })

  it('takes a zone that it does not know for UTC', () => {
    expect(starts('day', NOW, 'Mars/Olympus')[0]).toBe('2020-01-15T00:00')
  })
})

describe('the percentage', () => {
  const january = (facts: Parameters<typeof aCheck>[0], flips: Flip[] = []) =>
    figuresOf(aCheck(facts), flips, intervals('month', 1, NOW, 'UTC'), NOW)[0]!

  it('is of the time that a check was watched', () => {
    const young = january({ status: 'down', createdAt: NOW - 4 * DAY }, [wentDown(NOW - DAY)])
    expect(young.observedMs).toBe(4 * DAY)
    expect(uptimePercent(young)).toBe('75.00')
  })

  it('leaves pauses out', () => {
    const flips: Flip[] = [
      { at: NOW - DAY, from: 'down', to: 'paused', reason: '', silent: false },
      wentDown(NOW - 2 * DAY),
    ]
    const paused = january({ status: 'paused', createdAt: NOW - 5 * DAY }, flips)
    expect(paused).toMatchObject({ observedMs: 4 * DAY, downMs: DAY, downtimes: 1 })
    expect(uptimePercent(paused)).toBe('75.00')
  })

  it('is cut, so that a minute of downtime shows', () => {
    expect(uptimePercent({ downMs: MINUTE, observedMs: 31 * DAY })).toBe('99.99')
    expect(uptimePercent({ downMs: 0, observedMs: DAY })).toBe('100.00')
    expect(uptimePercent({ downMs: 0, observedMs: 0 })).toBeNull()
    expect(uptimePercent({ downMs: 2 * DAY, observedMs: DAY })).toBe('0.00')
  })
})
