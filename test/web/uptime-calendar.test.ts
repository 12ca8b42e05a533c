import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { downtimeInWords, monthCards, stripOf } from '../../src/web/uptime-calendar'
import type { CalendarSource } from '../../src/web/uptime-calendar'
import { NOON } from '../support/build'

// NOON is 15 January 2026, 12:00 UTC.
const source = (facts: Partial<CalendarSource> = {}): CalendarSource => ({
  check: { status: 'up', createdAt: NOON - 40 * DAY },
  flips: [],
  nowAt: NOON,
  tz: 'UTC',
  ...facts,
})

const statesOf = (cells: { state: string }[]) => cells.map(({ state }) => state)

describe('the uptime calendar', () => {
  it('shows a downtime on each day it touches, and counts it in both months', () => {
    const flips = [
      { at: NOON - 14 * DAY, from: 'down' as const },
      { at: NOON - 15 * DAY, from: 'up' as const },
    ]
    const [december, january] = monthCards(source({ flips }), 2)
    expect(statesOf(december!.cells).at(-1)).toBe('down')
    expect(statesOf(january!.cells).slice(0, 2)).toEqual(['down', 'up'])
    expect(december).toMatchObject({ name: 'Dec 2025', downtimes: '1 downtime, 12 h' })
    expect(january).toMatchObject({ percent: '96.55 %', downtimes: '1 downtime, 12 h' })
    expect(january?.text).toBe('January 2026: 96.55 %, 1 downtime, 12 h. Down on day 1.')
  })

  it('has no data before the creation and for days to come, and frames today', () => {
    const [november, december, january] = monthCards(source(), 3)
    expect(november).toMatchObject({ percent: 'No data', downtimes: 'before its creation' })
    expect(statesOf(december!.cells).slice(4, 6)).toEqual(['none', 'up'])
    expect(statesOf(january!.cells).slice(14, 16)).toEqual(['up', 'none'])
    expect(january!.cells.flatMap(({ isToday }, i) => (isToday ? [i + 1] : []))).toEqual([15])
  })

  it('tells days of pause from days without data', () => {
    const flips = [
      { at: NOON - 10 * DAY, from: 'paused' as const },
      { at: NOON - 13 * DAY, from: 'up' as const },
    ]
    const [january] = monthCards(source({ flips }), 1)
    expect(statesOf(january!.cells).slice(0, 6)).toEqual(['up', 'up', 'paused', 'paused', 'up', 'up'])
  })

  it('puts days below the weekday they are', () => {
    const [january] = monthCards(source(), 1)
    // The first is a Thursday, the fifth a Monday.
    expect(january!.cells.map(({ column, row }) => [column, row]).slice(0, 5)).toEqual([
      [3, 0],
      [4, 0],
      [5, 0],
      [6, 0],
      [0, 1],
    ])
    expect(january?.rows).toBe(5)
  })

  it('goes by the days of the zone', () => {
    const flips = [
      { at: NOON - 11 * HOUR, from: 'down' as const },
      { at: NOON - 12 * HOUR, from: 'up' as const },
    ]
    const inUtc = monthCards(source({ flips }), 1)[0]!
    const inNewYork = monthCards(source({ flips, tz: 'America/New_York' }), 1)[0]!
    expect(statesOf(inUtc.cells).indexOf('down')).toBe(14)
    expect(statesOf(inNewYork.cells).indexOf('down')).toBe(13)
  })

  it('has a strip of the last ninety days, today last', () => {
    const strip = stripOf(
      source({ check: { status: 'down', createdAt: NOON - DAY }, flips: [{ at: NOON, from: 'up' }] }),
    )
    expect(strip).toHaveLength(90)
    expect(statesOf(strip).slice(-3)).toEqual(['none', 'up', 'up'])
    expect(strip.at(-1)).toMatchObject({ isToday: true, text: '2026-01-15: no downtime' })
  })

  it.each([
    [0, '0 s'],
    [45 * SECOND, '45 s'],
    [2 * HOUR + 5 * MINUTE + 3 * SECOND, '2 h 5 min'],
    [3 * DAY + 30 * MINUTE, '3 d'],
  ])('says %i ms as %s', (ms, words) => {
    expect(downtimeInWords(ms)).toBe(words)
  })
})
