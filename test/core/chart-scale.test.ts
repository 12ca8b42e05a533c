import { describe, expect, it } from 'vitest'
import { durationScale, timeTicks } from '../../src/core/chart-scale'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { NOON } from '../support/build'

describe('the scale of durations', () => {
  it('begins at nothing and ends above the longest, in round steps', () => {
    const scale = durationScale([40 * SECOND, 62 * SECOND], HOUR)
    expect(scale.isLog).toBe(false)
    expect(scale.ticks.map(({ label }) => label)).toEqual(['0', '15 s', '30 s', '45 s', '1 min', '75 s'])
    expect(scale.shareOf(75 * SECOND)).toBe(1)
  })

  it('has room for what is allowed when that is near, and not when it is far', () => {
    expect(durationScale([22 * MINUTE], 30 * MINUTE).shareOf(30 * MINUTE)).toBeLessThanOrEqual(1)
    expect(durationScale([4 * SECOND], HOUR).shareOf(HOUR)).toBeGreaterThan(1)
  })

  it('is logarithmic when the longest is more than fifty times the shortest', () => {
    expect(durationScale([SECOND, 50 * SECOND], DAY).isLog).toBe(false)
    const scale = durationScale([2 * SECOND, 95 * MINUTE], DAY)
    expect(scale.isLog).toBe(true)
    expect(scale.ticks.map(({ label }) => label)).toEqual(['1 s', '10 s', '1 min', '10 min', '1 h', '10 h'])
    expect(scale.shareOf(SECOND)).toBe(0)
    expect(scale.shareOf(10 * HOUR)).toBeCloseTo(1)
  })

  it('takes runs that took no time at all', () => {
    const scale = durationScale([0, 0], HOUR)
    expect(scale.shareOf(0)).toBe(0)
    expect(scale.ticks.every(({ share }) => Number.isFinite(share))).toBe(true)
  })

  it.each([1, 17, 230, 4_000, 61_000, 599_000, 3_700_000, 90_000_000, 3 * DAY])(
    'has a handful of strokes for %i ms',
    (ms) => {
      const { ticks, shareOf } = durationScale([ms], 10 * ms)
      expect(ticks.length).toBeGreaterThan(1)
      expect(ticks.length).toBeLessThan(9)
      expect(shareOf(ms)).toBeLessThanOrEqual(1)
      expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
    },
  )
})

describe('the scale of time', () => {
  it.each([
    ['an hour', HOUR, ['11:10', '11:20', '11:30', '11:40', '11:50', '12:00']],
    ['a day', DAY, ['16:00', '20:00', '15 Jan', '04:00', '08:00', '12:00']],
    ['a month', 31 * DAY, ['22 Dec', '29 Dec', '5 Jan', '12 Jan']],
    ['a year', 366 * DAY, ['Apr', 'Jul', 'Oct', '2026']],
  ])('shows round times of %s', (_, span, labels) => {
    expect(timeTicks(NOON - span + 1, NOON, 'UTC').map(({ label }) => label)).toEqual(labels)
  })

  it('goes by the clocks of the zone', () => {
    const shown = timeTicks(NOON - DAY, NOON, 'Asia/Kolkata')
    expect(shown.map(({ label }) => label)).toContain('15 Jan')
    // Midnight there is 18:30 UTC.
    const midnight = shown.find(({ label }) => label === '15 Jan')
    expect(midnight?.share).toBeCloseTo(6.5 / 24)
  })
})
