import { describe, expect, it } from 'vitest'
import { holdMs, jumpMs } from '../../src/core/outage'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'

describe('after an outage of our own nothing goes down', () => {
  it.each([
    ['for as long as we were away', 30 * SECOND, 15 * SECOND, 30 * SECOND],
    ['for the usual delay at least', 0, 15 * SECOND, 15 * SECOND],
    ['for five minutes at most', 3 * HOUR, 15 * SECOND, 5 * MINUTE],
    ['for the usual delay when the clock went back meanwhile', -HOUR, 15 * SECOND, 15 * SECOND],
  ])('%s', (_, awayMs, atLeastMs, expected) => {
    expect(holdMs(awayMs, atLeastMs)).toBe(expected)
  })
})

describe('a clock', () => {
  const look = (at: number, elapsedMs: number) => ({ at, elapsedMs })

  it('that runs as time does has not jumped', () => {
    expect(jumpMs(look(0, 0), look(10 * MINUTE, 10 * MINUTE))).toBe(0)
    expect(jumpMs(look(0, 0), look(59 * SECOND, 0))).toBe(0)
  })
  it('that was set forward, or slept with its machine, has jumped', () => {
    expect(jumpMs(look(0, 0), look(2 * HOUR + SECOND, SECOND))).toBe(2 * HOUR)
  })
  it('that was set back has not jumped: nothing fires early by that', () => {
    expect(jumpMs(look(HOUR, 0), look(0, SECOND))).toBe(0)
  })
})
