import { ring } from '../core/check'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { CheckStore } from '../store/checks'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Task } from './task'

/** Alarms judged in one transaction: a storm of them must not hold back pings ([A9]). */
const BATCH = 100

export interface WatchOptions {
  checks: Pick<CheckStore, 'changeDue'>
  /** Until when nothing goes down: pings that were missed during a restart get their retry first. */
  holdUntilAt: Instant
  /** Told when there are flips, so that delivery need not wait for its next look. */
  onFlips: () => void
  clock: Clock
  log: Log
}

/** Notices the checks whose ping did not come, and turns each into a flip with its notifications. */
export function watch({ checks, holdUntilAt, onFlips, clock, log }: WatchOptions): Task {
  return {
    name: 'watch',
    everyMs: SECOND,
    async run() {
      const nowAt = clock()
      if (nowAt < holdUntilAt) return false
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
