import type { Check } from '../core/check'
import { objectKey } from '../core/object-key'
import type { Ping } from '../core/ping'
import type { StoredBody } from '../core/stored-body'
import { MINUTE, SECOND } from '../core/time'
import type { BudgetStore } from '../store/budgets'
import type { PingStore } from '../store/pings'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Objects } from '../world/objects'

/** Where the errors of reading are counted, for all instances together. */
const HEALTH = 'object storage'

/** After so many errors in this time the storage is left alone: spec/ping-api.md §15.4. */
const ERRORS = { limit: 3, periodMs: MINUTE }

/** How long a page, a script or a message waits for a body. */
const PATIENCE_MS = 5 * SECOND

/** Most bodies that are fetched at the same time: a storage that stalls must not collect our requests. */
const MOST_READS = 16

/** What people, scripts and messages see of ping bodies, wherever these lie. */
export interface BodyActions {
  /** Never rejects because of the storage, and takes `PATIENCE_MS` at most. */
  read(check: Pick<Check, 'id' | 'code'>, ping: Pick<Ping, 'n' | 'bodyBytes'>): Promise<StoredBody>
}

export interface BodyDeps {
  pings: Pick<PingStore, 'body'>
  budgets: Pick<BudgetStore, 'holds' | 'drain'>
  /** Null: there is no bucket. */
  objects: Pick<Objects, 'get'> | null
  clock: Clock
  log: Log
}

export function bodyActions({ pings, budgets, objects, clock, log }: BodyDeps): BodyActions {
  let reads = 0

  async function fetch(storage: Pick<Objects, 'get'>, key: string): Promise<StoredBody> {
    if (reads >= MOST_READS) return { state: 'unavailable' }
    reads++
    try {
      if (!(await budgets.holds(HEALTH, ERRORS, clock()))) return { state: 'unavailable' }
      const answer = await storage.get(key, PATIENCE_MS)
      if (answer.ok) return { state: 'present', bytes: answer.value }
      const { kind, reason } = answer.failure
      if (kind === 'absent') return { state: 'pending' }
      if (kind === 'closed') return { state: 'unavailable' }
      log.warn('a body could not be read from object storage', { reason })
      await budgets.drain(HEALTH, ERRORS, clock())
      return { state: 'unavailable' }
    } finally {
      reads--
    }
  }

  return {
    async read(check, { n, bodyBytes }) {
      if (bodyBytes === 0) return { state: 'none' }
      const bytes = await pings.body(check.id, n)
      if (bytes !== null) return { state: 'present', bytes }
      return objects === null ? { state: 'missing' } : await fetch(objects, objectKey(check.code, n))
    },
  }
}
