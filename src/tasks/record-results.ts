import type { Finished } from '../store/notifications'

export interface ResultRecorder {
  /** Resolves once it is kept. Rejects when it could not be: then its lease has to run out. */
  record(result: Finished): Promise<void>
}

/**
 * Keeps results of tellings without a commit for each: whatever ends while one commit is under way shares
 * the next, in the order in which it came.
 */
export function recordResults(finishAll: (results: readonly Finished[]) => Promise<void>): ResultRecorder {
  let waiting: { result: Finished; resolve: () => void; reject: (cause: unknown) => void }[] = []
  let committing = false

  async function commit(): Promise<void> {
    committing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await finishAll(batch.map(({ result }) => result))
        for (const { resolve } of batch) resolve()
      } catch (cause) {
        for (const { reject } of batch) reject(cause)
      }
    }
    committing = false
  }

  return {
    record: (result) =>
      new Promise((resolve, reject) => {
        waiting.push({ result, resolve, reject })
        if (!committing) void commit()
      }),
  }
}
