import type { Log } from '../world/log'
import type { TimedTask } from './task'

/** Once a month, UTC: spec/operations.md [O43]. */
const AT = '17 4 3 * *'

export interface SweepDeps {
  /** Removes the bodies of checks that do not exist, and says in a sentence how that went. */
  sweep(): Promise<{ ok: boolean; sentence: string }>
  log: Log
}

/** Finds what a removal left behind because the program ended before it. */
export function sweepBodies({ sweep, log }: SweepDeps): TimedTask {
  return {
    name: 'sweep bodies',
    at: AT,
    async run() {
      const { ok, sentence } = await sweep()
      if (ok) log.info(sentence)
      else log.warn(sentence)
    },
  }
}
