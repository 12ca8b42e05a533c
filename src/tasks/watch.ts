import { ring } from '../core/check'
import { holdMs, jumpMs } from '../core/outage'
import type { Look } from '../core/outage'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { CheckStore } from '../store/checks'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Task } from './task'

/** Alarms judged in one transaction: a storm of them must not hold back pings ([A9]). */
const BATCH = 100

export interface WatchOptions {
  checks: Pick<CheckStore, 'changeDue'>
  /** Until when nothing goes down: pings that were missed during an outage get their retry first. */
  holdUntilAt: Instant
  /** Earlier than this it cannot be: a clock that says so has not been set yet ([A36]). */
  notBeforeAt?: Instant
  /** Told when there are flips, so that delivery need not wait for its next look. */
  onFlips: () => void
  clock: Clock
  /** Milliseconds that only ever grow. */
  elapsed?: () => number
  log: Log
}

/** Notices the checks whose ping did not come, and turns each into a flip with its notifications. */
export function watch(options: WatchOptions): Task {
  const { checks, notBeforeAt = 0, onFlips, clock, elapsed = stopwatch, log } = options
  let { holdUntilAt } = options
  let last: Look | null = null
  let complained = false

  /** Whether the clock can be trusted now; if it jumped, as much as the jump was is an outage of ours. */
  function mayJudge(nowAt: Instant): boolean {
    const look = { at: nowAt, elapsedMs: elapsed() }
    const jumpedMs = last === null ? 0 : jumpMs(last, look)
    last = look
    if (jumpedMs > 0) {
      holdUntilAt = Math.max(holdUntilAt, nowAt + holdMs(jumpedMs))
      log.warn('the clock ran ahead, or the machine slept: nothing goes down for a while', {
        seconds: Math.round(jumpedMs / SECOND),
      })
    }
    if (nowAt >= notBeforeAt) return nowAt >= holdUntilAt
    if (!complained) log.warn('the clock is behind the newest ping: nothing goes down until it is set')
    complained = true
    return false
  }

  return {
    name: 'watch',
    everyMs: SECOND,
    async run() {
      const nowAt = clock()
      if (!mayJudge(nowAt)) return false
      const { found, flips, unusable } = await checks.changeDue(nowAt, BATCH, (check) => ring(check, nowAt))
      for (const { code, cause } of unusable) {
        log.error('a check cannot be judged and is put off by an hour; correct its schedule', {
          check: code.slice(0, 8),
          cause,
        })
      }
      if (flips > 0) onFlips()
      return found === BATCH
    },
  }
}
