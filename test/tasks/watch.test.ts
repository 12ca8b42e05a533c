import { describe, expect, it } from 'vitest'
import { ring } from '../../src/core/check'
import type { Check, Flip } from '../../src/core/check'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { watch } from '../../src/tasks/watch'
import { openLog } from '../../src/world/log'
import { aCheck, NOON } from '../support/build'

/** A watch over checks kept in memory, with two clocks of its own. */
function aWatch(options: { holdUntilAt?: number; notBeforeAt?: number } = {}) {
  const world = { at: NOON, elapsedMs: 0 }
  const lines: string[] = []
  const flips: Flip[] = []
  const clock = () => world.at
  const task = watch({
    checks: {
      async changeDue(nowAt, _limit, decide) {
        const outcomes = [overdue].filter((check) => (check.alertAfterAt ?? Infinity) <= nowAt).map(decide)
        for (const { flip } of outcomes) if (flip) flips.push(flip)
        return { found: outcomes.length, flips: flips.length, unusable: [] }
      },
    },
    holdUntilAt: 0,
    onFlips: () => undefined,
    clock,
    elapsed: () => world.elapsedMs,
    log: openLog({ level: 'warn', format: 'text', clock, write: (line) => lines.push(line) > 0 }),
    ...options,
  })
  return {
    task,
    lines,
    flips,
    /** Time passes; the clock on the wall may run differently. */
    pass(ms: number, wallMs = ms) {
      world.elapsedMs += ms
      world.at += wallMs
    },
  }
}
const overdue: Check = aCheck({ lastPingAt: NOON - 2 * DAY, alertAfterAt: NOON - 2 * DAY + 25 * HOUR })

describe('the watch', () => {
  it('judges at once when nothing speaks against it', async () => {
    const { task, flips } = aWatch()
    await task.run()
    expect(flips).toEqual([ring(overdue, NOON).flip])
  })

  it('holds back after a start, and then dates the flip to the real deadline', async () => {
    const { task, flips, pass } = aWatch({ holdUntilAt: NOON + 5 * MINUTE })
    pass(5 * MINUTE - 1)
    await task.run()
    expect(flips).toEqual([])
    pass(1)
    await task.run()
    expect(flips).toMatchObject([{ at: NOON - 2 * DAY + 25 * HOUR, reason: 'timeout' }])
  })

  it('takes a clock that ran ahead for an outage of that length, up to five minutes', async () => {
    const { task, flips, lines, pass } = aWatch({ holdUntilAt: NOON + SECOND })
    await task.run()
    pass(SECOND, 2 * HOUR)
    await task.run()
    pass(5 * MINUTE - 1)
    await task.run()
    expect(flips).toEqual([])
    expect(lines).toHaveLength(1)
    pass(1)
    await task.run()
    expect(flips).toHaveLength(1)
  })

  it('does not mind a clock that was set back', async () => {
    const { task, flips, pass } = aWatch()
    await task.run()
    pass(SECOND, -2 * HOUR)
    await task.run()
    expect(flips.length).toBeGreaterThan(0)
  })

  it('waits, and says so once, while the clock is behind the newest ping', async () => {
    const { task, flips, lines, pass } = aWatch({ notBeforeAt: NOON + MINUTE })
    await task.run()
    await task.run()
    expect([flips, lines.length]).toEqual([[], 1])
    pass(SECOND, MINUTE - 1)
    pass(SECOND, 1)
    await task.run()
    expect(flips).toHaveLength(1)
  })
})
