import { describe, expect, it } from 'vitest'
import { parseCron } from '../../../src/core/cron/parse'
import { cronInWords } from '../../../src/core/cron/words'
import { cases } from '../../vectors/cron-explain.json'

describe('a cron expression in words', () => {
  it.each(cases)('$e', ({ e, d }) => {
    expect(cronInWords(parseCron(e))).toBe(d)
  })

  it.each([
    ['0-10 0 * * *', 'Every minute from 00:00 through 00:10'],
    ['5-5 * * * *', 'At minute 5 of every hour'],
    ['0 0 11,12,13 * *', 'At 00:00 on the 11th, the 12th, and the 13th day of month'],
    ['0 0 * * 1#1,1#1', 'At 00:00 on the first Monday of the month'],
    ['*/111 * * * *', 'Every 111th minute of every hour'],
  ])('%s', (expression, words) => {
    expect(cronInWords(parseCron(expression))).toBe(words)
  })
})
