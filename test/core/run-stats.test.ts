import { describe, expect, it } from 'vitest'
import { dayQuantile, mergeDays, runDaysOf, statsOf, trendPercent } from '../../src/core/run-stats'
import type { TimedRun } from '../../src/core/run-stats'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { NOON } from '../support/build'

function run(durationMs: number, facts: Partial<TimedRun> = {}): TimedRun {
  const endedAt = facts.endedAt ?? NOON
  return {
    runId: null,
    startN: 1,
    endN: 2,
    startedAt: endedAt - durationMs,
    endedAt,
    outcome: 'success',
    durationMs,
    ...facts,
  }
}

describe('what many runs have in common', () => {
  it('is nothing where there are none', () => {
    expect(statsOf([])).toBeNull()
  })

  it('is a median, what nineteen of twenty stay under, and the longest', () => {
    const runs = Array.from({ length: 20 }, (_, i) => run((i + 1) * SECOND))
    const stats = statsOf(runs.toReversed())
    expect(stats).toMatchObject({ count: 20, medianMs: 10.5 * SECOND, p95Ms: 19 * SECOND })
    expect(stats?.longest.durationMs).toBe(20 * SECOND)
  })

  it('changes by so many percent against the runs before', () => {
    const [older, newer] = [statsOf([run(MINUTE)]), statsOf([run(67.2 * SECOND)])]
    expect(trendPercent(newer, older)).toBe(12)
    expect(trendPercent(newer, null)).toBeNull()
  })
})

describe('runs by the day', () => {
  it('belong to the day of UTC on which they ended', () => {
    const days = runDaysOf([
      run(2 * MINUTE, { endedAt: NOON + DAY, outcome: 'fail' }),
      run(4 * MINUTE, { endedAt: NOON - HOUR }),
      run(MINUTE, { endedAt: NOON - 11 * HOUR }),
    ])
    expect(days.map(({ steps: _, ...day }) => day)).toEqual([
      { startAt: NOON - 12 * HOUR, runs: 2, failed: 0, shortestMs: MINUTE, longestMs: 4 * MINUTE },
      { startAt: NOON + 12 * HOUR, runs: 1, failed: 1, shortestMs: 2 * MINUTE, longestMs: 2 * MINUTE },
    ])
  })

  it('can be put together later, and still tell the median to five percent', () => {
    const runs = Array.from({ length: 101 }, (_, i) => run(SECOND + i * 100))
    const parts = runs.map((each) => runDaysOf([each])).flat()
    const [day] = mergeDays(parts)
    expect(day).toEqual(runDaysOf(runs)[0])
    const median = dayQuantile(day!, 0.5)
    expect(Math.abs(median - 6 * SECOND)).toBeLessThan(0.05 * 6 * SECOND)
    expect(dayQuantile(day!, 1)).toBeLessThanOrEqual(day!.longestMs)
  })
})
