import { describe, expect, it } from 'vitest'
import type { PairedPing } from '../../src/core/run-times'
import { runsOf } from '../../src/core/runs'
import { HOUR, MINUTE } from '../../src/core/time'
import { NOON } from '../support/build'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'
const B = 'bbbbbbbb-0000-4000-8000-000000000000'

type Said = [kind: PairedPing['kind'], runId?: string | null, minute?: number]

/** As they came, a minute apart unless said. */
const runs = (...said: Said[]) =>
  runsOf(
    said
      .map(([kind, runId = null, minute], i): PairedPing => ({
        n: i + 1,
        kind,
        runId,
        at: NOON + (minute ?? i) * MINUTE,
      }))
      .toReversed(),
  )

// spec/ping-api.md §6.3, [P40]
describe('the runs of a check', () => {
  it('go from a start to the end with the same run id, also when they overlap', () => {
    expect(runs(['start', A, 0], ['start', B, 1], ['success', A, 5], ['fail', B, 6])).toEqual([
      {
        runId: B,
        startN: 2,
        endN: 4,
        startedAt: NOON + MINUTE,
        endedAt: NOON + 6 * MINUTE,
        outcome: 'fail',
        durationMs: 5 * MINUTE,
      },
      {
        runId: A,
        startN: 1,
        endN: 3,
        startedAt: NOON,
        endedAt: NOON + 5 * MINUTE,
        outcome: 'success',
        durationMs: 5 * MINUTE,
      },
    ])
  })

  it('belong to the nearest start, and one that was started again has no end', () => {
    expect(runs(['start'], ['start'], ['success'], ['success'])).toMatchObject([
      { startN: 2, endN: 3, outcome: 'success' },
      { startN: 1, endN: null, outcome: 'restarted', durationMs: null },
    ])
  })

  it('are open until their end comes, whatever else comes', () => {
    expect(runs(['start', A], ['log', A], ['ign', A], ['success', B], ['success'])).toMatchObject([
      { startN: 1, endN: null, endedAt: null, outcome: 'open', durationMs: null },
    ])
  })

  it('have no duration after 72 hours, nor when the clock went back', () => {
    expect(runs(['start', A], ['fail', A, (72 * HOUR) / MINUTE])).toMatchObject([
      { outcome: 'fail', endN: 2, durationMs: null },
    ])
    expect(runs(['start', A, 5], ['success', A, 4])).toMatchObject([{ outcome: 'success', durationMs: null }])
  })
})
