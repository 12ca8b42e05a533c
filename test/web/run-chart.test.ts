import { describe, expect, it } from 'vitest'
import { runDaysOf } from '../../src/core/run-stats'
import type { TimedRun } from '../../src/core/run-stats'
import type { Run } from '../../src/core/runs'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import { PLOT_HEIGHT } from '../../src/web/chart-axes'
import { DEFAULT_RANGE, rangeOf, runChart } from '../../src/web/run-chart'
import type { ChartSource } from '../../src/web/run-chart'
import { NOON } from '../support/build'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'

function run(n: number, durationMs: number, facts: Partial<Run> = {}): TimedRun {
  const endedAt = facts.endedAt ?? NOON - n * HOUR
  return {
    runId: null,
    startN: 1000 - 2 * n,
    endN: 1001 - 2 * n,
    startedAt: endedAt - durationMs,
    outcome: 'success',
    ...facts,
    durationMs,
    endedAt,
  }
}

function chart(runs: Run[], facts: Partial<ChartSource> = {}) {
  return runChart({
    range: DEFAULT_RANGE,
    runs,
    days: [],
    graceMs: 10 * MINUTE,
    nowAt: NOON,
    tz: 'UTC',
    pingUrl: (n) => `/${n}/`,
    rangeUrl: (key) => `?chart=${key}`,
    helpUrl: '/docs/',
    ...facts,
  })
}

describe('the run-time chart', () => {
  it('says how to get one where there are no durations', () => {
    expect(chart([])).toMatchObject({ plot: null, hasRuns: false, helpUrl: '/docs/' })
  })

  it('has a mark for each run, in the order of time, that tells what it is', () => {
    const { plot, table } = chart([
      run(1, 4 * MINUTE + 2 * SECOND, { outcome: 'fail', runId: A }),
      run(2, 2 * MINUTE),
    ])
    expect(plot?.marks.map(({ kind, text, url }) => ({ kind, text, url }))).toEqual([
      { kind: 'success', text: '2026-01-15 10:00, 2 min, success', url: '/997/' },
      { kind: 'failure', text: '2026-01-15 11:00, 4 min 2 s, failure, run aaaaa', url: '/999/' },
    ])
    const [older, newer] = plot?.marks ?? []
    expect(older!.x).toBeLessThan(newer!.x)
    expect(older!.y).toBeGreaterThan(newer!.y)
    expect(table.map((row) => ('duration' in row ? row.duration : ''))).toEqual(['4 min 2 s', '2 min'])
  })

  it('shows a run that goes on at its age so far, and not one that never came back', () => {
    const open = { endN: null, endedAt: null, durationMs: null, outcome: 'open', runId: null } as const
    const { plot } = chart([
      { ...open, startN: 5, startedAt: NOON - 3 * MINUTE },
      run(1, MINUTE),
      { ...open, startN: 1, startedAt: NOON - 80 * HOUR },
    ])
    expect(plot?.marks.map(({ text }) => text)).toEqual([
      '2026-01-15 11:00, 1 min, success',
      '2026-01-15 12:00, 3 min so far, unfinished',
    ])
  })

  it('sums up, and compares with as many runs before', () => {
    const runs = Array.from({ length: 100 }, (_, i) => run(i, i < 50 ? 112 * SECOND : 100 * SECOND))
    expect(chart(runs).summary).toBe(
      '50 runs: median 1 min 52 s, 95 % under 1 min 52 s, longest 1 min 52 s (2026-01-15), trend +12 % against the previous 50.',
    )
    expect(chart(runs.slice(0, 60)).summary).not.toContain('trend')
  })

  it('draws everything inside, whatever the durations', () => {
    for (const ms of [[0], [1, 1], [5, (90 * HOUR) / 2], [HOUR, HOUR + 1, 71 * HOUR]]) {
      const { plot } = chart(ms.map((each, i) => run(i, each)))
      for (const { x, y } of plot?.marks ?? []) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(100)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(y).toBeLessThanOrEqual(PLOT_HEIGHT)
      }
    }
  })

  it('keeps the names of lines that are close apart from each other', () => {
    const { plot } = chart([run(1, MINUTE), run(2, MINUTE)], { graceMs: MINUTE })
    const ys = plot?.lines.map(({ labelY }) => labelY) ?? []
    expect(ys).toHaveLength(3)
    for (const [i, y] of ys.entries()) if (i > 0) expect(y - ys[i - 1]!).toBeGreaterThanOrEqual(14)
  })

  it('says so when the scale is logarithmic, and when runs may take longer than is drawn', () => {
    const { notes } = chart([run(1, SECOND), run(2, 5 * MINUTE)], { graceMs: 100 * HOUR })
    expect(notes).toEqual([
      'Logarithmic scale.',
      'Runs may take 4 days 4 hours; that line is above the drawing.',
    ])
  })

  it('tells a long range by the day when it has many runs, or when runs have left the log', () => {
    const range = rangeOf('90d')
    const many = Array.from({ length: 240 }, (_, i) => run(i, (1 + (i % 5)) * MINUTE))
    const { plot, summary, table } = chart(many, { range, days: runDaysOf(many) })
    expect(plot?.marks).toEqual([])
    expect(plot?.days).toHaveLength(11)
    expect(summary).toMatch(/^240 runs on 11 days, 0 failed: median about 2 min 59 s/)
    expect(table).toHaveLength(11)

    const gone = runDaysOf([run(24 * 40, MINUTE)])
    expect(chart([], { range, days: gone }).plot?.days).toHaveLength(1)
    expect(chart(many.slice(0, 9), { range, days: runDaysOf(many.slice(0, 9)) }).plot?.marks).toHaveLength(9)
  })

  it('takes the last fifty where an unknown range is asked for', () => {
    expect(rangeOf('7 years')).toEqual(DEFAULT_RANGE)
    expect(rangeOf('400d')).toMatchObject({ days: 400 })
    expect(chart([run(1, 1)]).ranges.find(({ current }) => current)?.key).toBe('50')
  })
})
