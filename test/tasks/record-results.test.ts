import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Finished } from '../../src/store/notifications'
import { recordResults } from '../../src/tasks/record-results'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A database that takes 5 ms for a commit. */
function aRecorder() {
  const commits: number[][] = []
  let isAway = false
  const results = recordResults(async (told) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (isAway) throw new Error('the database is away')
    commits.push(told.map(({ tookMs }) => tookMs))
  })
  const record = (n: number): Promise<void> => results.record({ tookMs: n } as Finished)
  return { ...results, record, commits, goAway: () => (isAway = true) }
}

describe('results of tellings', () => {
  it('are kept at once when they come alone', async () => {
    const { record, commits } = aRecorder()
    const kept = record(1)
    await vi.advanceTimersByTimeAsync(5)
    await kept
    expect(commits).toEqual([[1]])
  })

  it('gather while they come one after another, and are kept in their order', async () => {
    const { record, commits } = aRecorder()
    for (let n = 1; n <= 24; n++) {
      void record(n)
      await vi.advanceTimersByTimeAsync(1)
    }
    await vi.advanceTimersByTimeAsync(50)
    expect(commits.length).toBeLessThan(5)
    expect(commits.flat()).toEqual(Array.from({ length: 24 }, (_, i) => i + 1))
  })

  it('gather no longer when somebody waits for them, whenever that is said', async () => {
    const gathering = aRecorder()
    void gathering.record(1)
    await vi.advanceTimersByTimeAsync(6)
    void gathering.record(2)
    gathering.hurry()
    await vi.advanceTimersByTimeAsync(5)
    expect(gathering.commits).toEqual([[1], [2]])

    const committing = aRecorder()
    void committing.record(1)
    await vi.advanceTimersByTimeAsync(1)
    void committing.record(2)
    committing.hurry()
    await vi.advanceTimersByTimeAsync(9)
    expect(committing.commits).toEqual([[1], [2]])
  })

  it('that could not be kept are said to be lost', async () => {
    const { record, goAway } = aRecorder()
    goAway()
    const lost = expect(record(1)).rejects.toThrow('away')
    await vi.advanceTimersByTimeAsync(5)
    await lost
  })
})
