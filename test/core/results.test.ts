import { describe, expect, it } from 'vitest'
import { MOST_RESULTS, pause, ring } from '../../src/core/check'
import { applyPing } from '../../src/core/ping'
import { DAY, HOUR } from '../../src/core/time'
import { aCheck, aPing, NOON } from '../support/build'

describe('what a check remembers of its runs', () => {
  it('is how each ended: with success, with failure, or never', () => {
    let check = applyPing(aCheck(), aPing()).check
    check = applyPing(check, aPing({ signal: 'fail' })).check
    check = applyPing(check, aPing()).check
    check = ring(check, NOON + DAY + HOUR).check
    expect(check.results).toBe('101-')
  })

  it('leaves out what does not end a run', () => {
    let check = applyPing(aCheck({ results: '1' }), aPing({ signal: 'start' })).check
    check = applyPing(check, aPing({ signal: 'log' })).check
    check = ring(pause(check, NOON).check, NOON + 9 * DAY).check
    expect(check.results).toBe('1')
  })

  it('goes back only so far', () => {
    const long = '0'.repeat(MOST_RESULTS)
    expect(applyPing(aCheck({ results: long }), aPing()).check.results).toBe(`${long.slice(1)}1`)
  })
})
