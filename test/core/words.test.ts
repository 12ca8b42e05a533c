import { describe, expect, it } from 'vitest'
import {
  ago,
  compareNames,
  count,
  durationInWords,
  mailDate,
  periodInWords,
  shortDate,
  trunc,
} from '../../src/core/words'
import { HOUR, MINUTE } from '../../src/core/time'
import { formatters } from '../vectors/integrations.json'

const NOW = Date.parse(formatters.ago_now)

describe('how long ago something was', () => {
  it.each(formatters.ago)('says "$text" for $seconds_before_now s', ({ seconds_before_now, text }) => {
    expect(ago(NOW - seconds_before_now * 1000, NOW)).toBe(text)
  })

  it('counts a month from the last day of a long month to the last day of a short one', () => {
    expect(ago(Date.UTC(2026, 0, 31), Date.UTC(2026, 1, 28))).toBe('1 month ago')
  })

  it('never contains a space that does not break', () => {
    expect(ago(NOW - 100 * HOUR, NOW)).toMatch(/^[\w, ]+$/)
  })
})

describe('periods and durations', () => {
  it.each(formatters.period)('calls a period of $seconds s "$text"', ({ seconds, text }) => {
    expect(periodInWords(seconds * 1000)).toBe(text)
  })

  it.each(formatters.sentence)('calls a duration of $seconds s "$text"', ({ seconds, text }) => {
    expect(durationInWords(seconds * 1000)).toBe(text)
  })
})

describe('dates', () => {
  const at = Date.UTC(2026, 0, 15, 2, 30)

  it('are written in the zone of the reader', () => {
    expect(mailDate(at, 'Europe/Riga')).toBe('Thu, 15 Jan 2026 04:30:00 +0200')
    expect(mailDate(at, 'America/St_Johns')).toBe('Wed, 14 Jan 2026 23:00:00 -0330')
    expect(mailDate(at, 'UTC')).toBe('Thu, 15 Jan 2026 02:30:00 +0000')
    expect(shortDate(at - 3 * HOUR, 'Europe/Riga')).toBe('Jan 15, 2026')
  })

  it('are written in UTC when the zone is unknown', () => {
    expect(mailDate(at + MINUTE, 'Mars/Olympus')).toBe('Thu, 15 Jan 2026 02:31:00 +0000')
  })
})

it('sorts names as people count', () => {
  expect(['disk 10', 'Disk 2', ' alpha', 'Zulu'].toSorted(compareNames)).toEqual([
    ' alpha',
    'Disk 2',
    'disk 10',
    'Zulu',
  ])
})

it('cuts texts by characters, not by halves of an emoji', () => {
  expect(trunc('🔥🔥🔥', 3)).toBe('🔥🔥🔥')
  expect(trunc('🔥🔥🔥', 2)).toBe('🔥…')
  expect(trunc('abcdef', 4)).toBe('abc…')
})

it('counts one thing and many', () => {
  expect([count(1, 'check'), count(2, 'check'), count(0, 'check')]).toEqual([
    '1 check',
    '2 checks',
    '0 checks',
  ])
})
