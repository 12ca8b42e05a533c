import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runTask } from '../../src/tasks/task'
import { recorder } from '../support/local-site'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a task with nothing to do', () => {
  /** How long it pauses after its first turn. */
  async function pauseOf(task: { everyMs: number; pauseMs?: () => number }): Promise<number> {
    let turns = 0
    const run = () => Promise.resolve(++turns < 0)
    const running = runTask({ name: 'idle', run, ...task }, { clock: () => 0, log: recorder([]) })
    await vi.advanceTimersByTimeAsync(0)
    const before = turns
    let ms = 0
    for (; turns === before; ms++) await vi.advanceTimersByTimeAsync(1)
    void running.stop()
    return ms
  }

  it('pauses for as long as it always does', async () => {
    expect(await pauseOf({ everyMs: 100 })).toBe(100)
  })

  it('pauses for less when something will be due sooner, and never for longer', async () => {
    expect(await pauseOf({ everyMs: 100, pauseMs: () => 40 })).toBe(40)
    expect(await pauseOf({ everyMs: 100, pauseMs: () => 5000 })).toBe(100)
  })

  it('looks at once when that has passed by now', async () => {
    expect(await pauseOf({ everyMs: 100, pauseMs: () => -3 })).toBeLessThanOrEqual(1)
  })
})
