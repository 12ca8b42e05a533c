import { keysOf, objectKey } from '../core/object-key'
import { MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Objects } from '../world/objects'
import { removeObjects } from '../world/remove-objects'
import type { Task } from './task'

/** Most checks whose bodies wait to be removed; what is beyond is left to the next pruning or sweep. */
const MOST_JOBS = 10_000

/** Pauses after a removal that failed; after the last it is left to the next pruning or sweep. */
const PAUSES_MS = [SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE]

export interface RemoveTask extends Task {
  /** The bodies of a check's pings up to number `n` are not needed any more; nothing when `n` < 1. */
  upTo(checkCode: string, n: number): void
  /** The check is gone. */
  all(checkCode: string): void
}

export interface RemoveOptions {
  objects: Pick<Objects, 'list' | 'remove'>
  clock: Clock
  log: Log
}

interface Job {
  /** Null: all of them. */
  upTo: number | null
  failures: number
  dueAt: Instant
}

/**
 * Removes bodies from object storage, one check at a time, because some providers take tens of seconds
 * for it: nobody waits for this. It remembers nothing across a restart, since a pruning or the sweep
 * for orphans finds the same objects again: spec/ping-api.md [P59], spec/operations.md [O42].
 */
export function removeBodies({ objects, clock, log }: RemoveOptions): RemoveTask {
  const jobs = new Map<string, Job>()

  function add(checkCode: string, upTo: number | null): void {
    const known = jobs.get(checkCode)
    if (!known && jobs.size >= MOST_JOBS) return
    if (known && (known.upTo === null || (upTo !== null && known.upTo >= upTo))) return
    jobs.set(checkCode, { upTo, failures: known?.failures ?? 0, dueAt: known?.dueAt ?? clock() })
  }

  function next(): [string, Job] | null {
    const nowAt = clock()
    for (const entry of jobs) if (entry[1].dueAt <= nowAt) return entry
    return null
  }

  function putOff(checkCode: string, job: Job, fields: Record<string, string | number>): void {
    const pauseMs = PAUSES_MS[job.failures]
    log.warn('bodies could not be removed from object storage', {
      check: checkCode.slice(0, 8),
      ...fields,
      again: pauseMs !== undefined,
    })
    // It may have grown in the meantime.
    const { upTo } = jobs.get(checkCode) ?? job
    if (pauseMs === undefined) jobs.delete(checkCode)
    else jobs.set(checkCode, { upTo, failures: job.failures + 1, dueAt: clock() + pauseMs })
  }

  return {
    name: 'remove bodies',
    everyMs: SECOND,

    upTo(checkCode, n) {
      if (n >= 1) add(checkCode, n)
    },

    all(checkCode) {
      add(checkCode, null)
    },

    async run() {
      const found = next()
      if (found === null) return false
      const [checkCode, job] = found
      // Keys sort backwards: behind the key of the first ping that is kept are all that are not.
      const after = job.upTo === null ? '' : objectKey(checkCode, job.upTo + 1)
      const { removed, refused, failure } = await removeObjects(objects, { prefix: keysOf(checkCode), after })
      if (failure?.kind === 'closed') return false
      if (removed > 0) log.debug('bodies removed', { check: checkCode.slice(0, 8), removed })
      if (failure !== null) putOff(checkCode, job, { removed, reason: failure.reason })
      else if (refused[0])
        putOff(checkCode, job, { removed, left: refused.length, reason: refused[0].reason })
      else if (jobs.get(checkCode) === job) jobs.delete(checkCode)
      return next() !== null
    },
  }
}
