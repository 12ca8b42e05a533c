import { describe, expect, it } from 'vitest'
import { runTimes } from '../../src/core/run-times'
import type { PairedPing } from '../../src/core/run-times'
import { HOUR, MINUTE } from '../../src/core/time'

let n = 0
const ping = (kind: PairedPing['kind'], at: number, runId: string | null = null): PairedPing => ({
  n: ++n,
  at,
  kind,
  runId,
})

/** Minutes of the runs by the order of the pings, the oldest being 0. */
function timesOf(...pings: PairedPing[]): { minutes: [number, number][]; open: number[] } {
  const { tookMs, open } = runTimes(pings.toReversed())
  const indexOf = (number: number): number => pings.findIndex((each) => each.n === number)
  return {
    minutes: [...tookMs].map(([number, ms]) => [indexOf(number), ms / MINUTE]),
    open: open.map((end) => indexOf(end.n)),
  }
}

describe('how long a run took', () => {
  it('is the time since the start with the same run id', () => {
    const times = timesOf(
      ping('start', 0, 'a'),
      ping('start', MINUTE, 'b'),
      ping('success', 3 * MINUTE, 'a'),
      ping('log', 4 * MINUTE, 'b'),
      ping('fail', 5 * MINUTE, 'b'),
    )
    expect(times).toEqual({
      minutes: expect.arrayContaining([
        [2, 3],
        [4, 4],
      ]) as unknown,
      open: [],
    })
  })

  it('counts from the nearest start', () => {
    expect(timesOf(ping('start', 0), ping('start', MINUTE), ping('success', 3 * MINUTE)).minutes).toEqual([
      [2, 2],
    ])
  })

  it('belongs to the first end of a run only', () => {
    expect(timesOf(ping('start', 0), ping('success', MINUTE), ping('fail', 2 * MINUTE)).minutes).toEqual([
      [1, 1],
    ])
  })

  it('is unknown from 72 hours on, and when the clock was set back', () => {
    expect(timesOf(ping('start', 0), ping('success', 72 * HOUR)).minutes).toEqual([])
    expect(timesOf(ping('start', HOUR), ping('success', 0)).minutes).toEqual([])
  })

  it('may begin before the oldest ping shown, unless that is too long ago', () => {
    expect(timesOf(ping('log', 0), ping('success', MINUTE), ping('success', 2 * MINUTE)).open).toEqual([1])
    expect(timesOf(ping('log', 0), ping('success', 72 * HOUR)).open).toEqual([])
  })
})
