import { keysOf } from '../core/object-key'
import { HOUR, MINUTE, SECOND } from '../core/time'
import type { ClosingStore } from '../store/closings'
import type { Purge, PurgeStore } from '../store/purges'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Objects } from '../world/objects'
import { removeObjects } from '../world/remove-objects'
import type { Task } from './task'

/** How late the purges of a dead instance are taken over. */
const LEASE_MS = 10 * MINUTE

/** Pauses after an attempt that failed; the last for all that follow, because data must not stay. */
const PAUSES_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR]

/** An upload that was under way when the check went arrives by then. */
const LOOK_AGAIN_MS = 30 * SECOND

/** Nothing is left when nothing was found this often. */
const CLEAN_LOOKS = 2

/** Checks removed in one transaction: pings wait for it. */
const CHECKS_AT_ONCE = 50

export interface PurgeOptions {
  closings: ClosingStore
  purges: PurgeStore
  /** Null: there is no bucket, so nothing is in it. */
  objects: Pick<Objects, 'list' | 'remove'> | null
  clock: Clock
  log: Log
}

/**
 * Finishes what began with the removal of a check or the closing of an account: rows that are left, and bodies
 * in object storage, until the bucket twice has none any more. It is kept in the database, so neither a restart
 * nor a bucket that is away leaves data behind. spec/web-ui.md A25.
 */
export function purge({ closings, purges, objects, clock, log }: PurgeOptions): Task {
  async function remove(job: Purge): Promise<void> {
    const { checkCode } = job
    const check = checkCode.slice(0, 8)
    const done = objects === null ? null : await removeObjects(objects, { prefix: keysOf(checkCode) })
    const removed = done?.removed ?? 0
    const error = done?.failure?.reason ?? done?.refused[0]?.reason ?? ''
    if (error !== '') {
      const attempts = job.attempts + 1
      const pauseMs = PAUSES_MS[Math.min(job.attempts, PAUSES_MS.length - 1)] ?? HOUR
      log.warn('bodies of a removed check are still in object storage', { check, reason: error, attempts })
      return purges.settle(job, { removed, cleanLooks: 0, attempts, error, nextAt: clock() + pauseMs })
    }
    const cleanLooks = removed === 0 ? job.cleanLooks + 1 : 0
    const isDone = objects === null || cleanLooks >= CLEAN_LOOKS
    const nextAt = isDone ? null : clock() + LOOK_AGAIN_MS
    return purges.settle(job, { removed, cleanLooks, attempts: 0, error: '', nextAt })
  }

  return {
    name: 'purge',
    everyMs: SECOND,
    async run() {
      const closing = await closings.next()
      if (closing !== null) {
        await closings.goOn(closing, CHECKS_AT_ONCE)
        return true
      }
      const nowAt = clock()
      const job = await purges.claim(nowAt, nowAt + LEASE_MS)
      if (job !== null) {
        await remove(job)
        return true
      }
      return closings.finishOne(nowAt)
    },
  }
}
