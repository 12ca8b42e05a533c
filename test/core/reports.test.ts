import { describe, expect, it } from 'vitest'
import {
  downtimeInWords,
  latestReportAt,
  nextReportAt,
  periodTitle,
  periodWords,
  UNIT_OF,
} from '../../src/core/reports'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { intervals } from '../../src/core/uptime'

describe('the next report', () => {
  const next = (kind: 'daily' | 'weekly' | 'monthly', now: string, tz = 'UTC', spread = 0) =>
    new Date(nextReportAt(kind, Date.parse(now), tz, spread) ?? 0).toISOString().slice(0, 16)

  it('comes on a later day, between nine and eleven in the zone of the reader', () => {
    expect(next('daily', '2026-01-15T08:00Z')).toBe('2026-01-16T09:00')
    expect(next('daily', '2026-01-15T08:00Z', 'UTC', 119)).toBe('2026-01-16T10:59')
    expect(next('daily', '2026-01-15T23:30Z', 'Europe/Riga', 30)).toBe('2026-01-17T07:30')
  })

  it('comes on Mondays, or on the first of the month', () => {
    expect(next('weekly', '2026-01-15T12:00Z')).toBe('2026-01-19T09:00')
    expect(next('weekly', '2026-01-19T08:00Z')).toBe('2026-01-26T09:00')
    expect(next('monthly', '2026-01-01T08:00Z')).toBe('2026-02-01T09:00')
    expect(next('monthly', '2026-12-31T23:59Z')).toBe('2027-01-01T09:00')
  })

  it('keeps to the clock on the wall when that is changed', () => {
    expect(next('daily', '2024-03-30T12:00Z', 'Europe/Riga')).toBe('2024-03-31T06:00')
    expect(next('daily', '2024-03-29T12:00Z', 'Europe/Riga')).toBe('2024-03-30T07:00')
  })

  it('never comes when reports are off', () => {
    expect(nextReportAt('off', 0, 'UTC', 0)).toBeNull()
  })

  it.each(['daily', 'weekly', 'monthly'] as const)('has a latest date, if it is %s', (kind) => {
    for (let day = 0; day < 60; day++) {
      const now = Date.UTC(2026, 0, 1 + day, 23)
      const due = nextReportAt(kind, now, 'Pacific/Auckland', 119)!
      expect(due).toBeGreaterThan(now)
      expect(due).toBeLessThan(latestReportAt(now)[kind])
    }
  })
})

describe('what a report covers', () => {
  /** The two last whole periods, the older one first. */
  const covered = (kind: 'daily' | 'weekly' | 'monthly', now: string, tz: string) => {
    const unit = UNIT_OF[kind]
    const [, last, before] = intervals(unit, 3, Date.parse(now), tz)
    return [periodTitle(unit, before!, tz), periodTitle(unit, last!, tz), periodWords(unit, last!, tz)]
  }

  it.each([
    ['UTC', 'Dec 30 - Jan 5', 'Jan 6 - Jan 12', 'Last week (January 6 to January 12)'],
    ['Asia/Tokyo', 'Dec 30 - Jan 5', 'Jan 6 - Jan 12', 'Last week (January 6 to January 12)'],
    ['America/New_York', 'Dec 23 - Dec 29', 'Dec 30 - Jan 5', 'Last week (December 30 to January 5)'],
  ])('is whole weeks of the zone %s', (tz, before, last, words) => {
    expect(covered('weekly', '2020-01-13T02:00Z', tz)).toEqual([before, last, words])
  })

  it('is whole months and days', () => {
    expect(covered('monthly', '2020-01-13T02:00Z', 'UTC')).toEqual(['Nov. 2019', 'Dec. 2019', 'In December'])
    expect(covered('monthly', '2020-10-01T09:00Z', 'UTC')).toEqual([
      'Aug. 2020',
      'Sept. 2020',
      'In September',
    ])
    expect(covered('monthly', '2020-08-01T09:00Z', 'UTC')).toEqual(['June 2020', 'July 2020', 'In July'])
    expect(covered('daily', '2020-01-13T09:00Z', 'UTC')).toEqual([
      'January 11',
      'January 12',
      'Yesterday (January 12)',
    ])
  })
})

it.each([
  [3 * DAY + 6 * HOUR, '3 days 6 h'],
  [DAY + 6 * HOUR, '1 day 6 h'],
  [HOUR, '1 h 0 min'],
  [6 * HOUR + 12 * MINUTE, '6 h 12 min'],
  [12 * MINUTE + 24 * SECOND, '12 min 24 sec'],
  [24 * SECOND, '24 sec'],
])('says how long %i ms of downtime are: %s', (ms, words) => {
  expect(downtimeInWords(ms)).toBe(words)
})
