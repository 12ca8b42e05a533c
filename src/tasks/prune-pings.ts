import { SECOND } from '../core/time'
import type { PruningStore } from '../store/pruning'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Task } from './task'

/** Most checks whose log waits to be cut; beyond it the next ping of the check asks again. */
const MOST_WAITING = 10_000

/** Checks that the daily round looks up at a time. */
const CHECKS_AT_ONCE = 500

export interface PingPruning extends Task {
  /** The log of this check has grown: it is cut soon. Costs the caller nothing. */
  due(checkId: number): void
  /** Cuts all logs that are longer than they may be. One that fails is logged, and the next is taken. */
  pruneAll(): Promise<void>
}

export interface PrunePingsOptions {
  pruning: PruningStore
  /** The bodies of the check's pings up to number `n` are not needed any more. */
  onPruned?: ((checkCode: string, n: number) => void) | undefined
  clock: Clock
  log: Log
}

/**
 * Keeps logs at their length: one check at a time and in small steps, beside the pings and never in their
 * way (spec/ping-api.md [P37]). What waits is forgotten by a restart; the next ping of the check asks again.
 */
export function prunePings({ pruning, onPruned, clock, log }: PrunePingsOptions): PingPruning {
  const waiting = new Set<number>()
  const underWay = new Set<number>()

  async function prune(checkId: number): Promise<void> {
    // Two at once would do the same work.
    if (underWay.has(checkId)) return
    underWay.add(checkId)
    try {
      let step = await pruning.pruneSome(checkId, clock())
      while (step?.more) {
        await new Promise((resolve) => setImmediate(resolve))
        step = await pruning.pruneSome(checkId, clock())
      }
      if (step !== null && step.upTo >= 1) onPruned?.(step.checkCode, step.upTo)
    } finally {
      underWay.delete(checkId)
    }
  }

  return {
    name: 'prune pings',
    everyMs: SECOND,

    due(checkId) {
      if (waiting.size < MOST_WAITING) waiting.add(checkId)
    },

    async run() {
      for (const checkId of waiting) {
        waiting.delete(checkId)
        await prune(checkId)
        break
      }
      return waiting.size > 0
    },

    async pruneAll() {
      let afterId = 0
      for (;;) {
        const found = await pruning.overLimit(afterId, CHECKS_AT_ONCE)
        for (const checkId of found) {
          await prune(checkId).catch((cause: unknown) =>
            log.error('the log of a check could not be cut; tomorrow it is tried again', { checkId, cause }),
          )
        }
        if (found.length < CHECKS_AT_ONCE) return
        afterId = found.at(-1) ?? 0
      }
    },
  }
}
