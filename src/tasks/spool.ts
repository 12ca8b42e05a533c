import { MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import type { BodyStore } from '../store/bodies'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'

/** How often it is counted what waits. */
const EVERY_MS = MINUTE

/** How much is counted in one go: a backlog of millions must not hold up a ping. */
const AT_ONCE = 20_000

/** What waits to be moved to object storage, as of the last count. */
export interface Backlog {
  count: number
  bytes: number
  oldestAt: Instant | null
}

/** How much waits to be moved to object storage, and whether that is too much. */
export interface Spool {
  /** Counts a part of it when it is time to; true if there is more to count. */
  count(): Promise<boolean>
  backlog(): Backlog
  /** New bodies stay in the database, for good. */
  isFull(): boolean
}

export interface SpoolOptions {
  bodies: Pick<BodyStore, 'waiting'>
  limitBytes: number
  clock: Clock
  log: Log
}

export function openSpool({ bodies, limitBytes, clock, log }: SpoolOptions): Spool {
  const nothing: Backlog = { count: 0, bytes: 0, oldestAt: null }
  let known = nothing
  let counted = nothing
  let afterId = 0
  let nextAt: Instant = 0
  let full = false

  function finish(): void {
    known = counted
    counted = nothing
    afterId = 0
    nextAt = clock() + EVERY_MS
    const isFull = known.bytes > limitBytes
    const fields = { waiting: known.count, bytes: known.bytes }
    if (isFull && !full) {
      log.warn(
        'more bodies wait for object storage than S3_SPOOL_LIMIT_MB: new ones stay in the database',
        fields,
      )
    }
    if (!isFull && full) log.info('there is room again for bodies on their way to object storage', fields)
    full = isFull
  }

  return {
    async count() {
      if (clock() < nextAt) return false
      const { count, bytes, oldestAt, lastId } = await bodies.waiting(afterId, AT_ONCE)
      counted = {
        count: counted.count + count,
        bytes: counted.bytes + bytes,
        oldestAt: least(counted.oldestAt, oldestAt),
      }
      if (lastId === null) finish()
      else afterId = lastId
      return lastId !== null
    },
    backlog: () => known,
    isFull: () => full,
  }
}

function least(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || (other !== null && other < one) ? other : one
}
