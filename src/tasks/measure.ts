import { DAY, MINUTE } from '../core/time'
import type { HoldingStore } from '../store/holdings'
import type { Clock } from '../world/clock'
import type { Task } from './task'

/** With up to a thousand pings each, looked at in a few milliseconds. */
const CHECKS_AT_ONCE = 20

/** Measures each project once a day, for those who run the instance: spec/web-ui.md X04. */
export function measure({ holdings, clock }: { holdings: Omit<HoldingStore, 'list'>; clock: Clock }): Task {
  return {
    name: 'measure',
    everyMs: 10 * MINUTE,
    async run() {
      const projectId = await holdings.toMeasure(clock() - DAY)
      if (projectId === null) return false
      let bytes = 0
      let afterCheckId = 0
      for (;;) {
        const piece = await holdings.bytes(projectId, afterCheckId, CHECKS_AT_ONCE)
        if (piece === null) break
        bytes += piece.bytes
        afterCheckId = piece.lastCheckId
        // Pings first.
        await new Promise((resolve) => setImmediate(resolve))
      }
      await holdings.measured(projectId, bytes, clock())
      return true
    },
  }
}
