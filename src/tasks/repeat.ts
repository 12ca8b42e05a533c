import { SECOND } from '../core/time'
import type { RepeatStore } from '../store/repeats'
import type { Clock } from '../world/clock'
import type { Task } from './task'

/** Notifications queued again in one transaction: pings must not wait long for it. */
const BATCH = 500

export interface RepeatOptions {
  repeats: Pick<RepeatStore, 'queueDue'>
  /** Told when there is something to tell, so that delivery need not wait for its next look. */
  onQueued: () => void
  clock: Clock
}

/**
 * Has channels that are to insist told again of what is still down, until somebody acknowledges it. What it
 * queues is an ordinary notification: order, leases and retries are those of the outbox.
 */
export function repeat({ repeats, onQueued, clock }: RepeatOptions): Task {
  return {
    name: 'repeat',
    everyMs: 15 * SECOND,
    async run() {
      const found = await repeats.queueDue(clock(), BATCH)
      if (found > 0) onQueued()
      return found === BATCH
    },
  }
}
