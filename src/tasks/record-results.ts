import type { Finished } from '../store/notifications'

/**
 * How long results gather while they come one after another: each commit has pings wait for the disk. Short,
 * because what is not recorded is told again after a crash.
 */
const GATHER_MS = 10

export interface ResultRecorder {
  /** Resolves once it is kept. Rejects when it could not be: then its lease has to run out. */
  record(result: Finished): Promise<void>
  /** Somebody waits for what was recorded: it does not gather any longer. */
  hurry(): void
}

/**
 * Keeps results of tellings without a commit for each: a lone one goes at once, and whatever ends while a commit
 * is under way, or shortly after it, shares the next, in the order in which it came.
 */
export function recordResults(finishAll: (results: readonly Finished[]) => Promise<void>): ResultRecorder {
  let waiting: { result: Finished; resolve: () => void; reject: (cause: unknown) => void }[] = []
  let committing = false
  let isWanted = false
  let endGathering: (() => void) | null = null

  async function gather(): Promise<void> {
    if (isWanted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS)
      endGathering = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    endGathering = null
  }

  async function commit(): Promise<void> {
    committing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      isWanted = false
      try {
        await finishAll(batch.map(({ result }) => result))
        for (const { resolve } of batch) resolve()
      } catch (cause) {
        for (const { reject } of batch) reject(cause)
      }
      await gather()
    }
    committing = false
  }

  return {
    record: (result) =>
      new Promise((resolve, reject) => {
        waiting.push({ result, resolve, reject })
        if (!committing) void commit()
      }),

    hurry() {
      isWanted = true
      endGathering?.()
    },
  }
}
