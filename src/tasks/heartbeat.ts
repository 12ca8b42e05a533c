import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { FactStore } from '../store/facts'
import type { Clock } from '../world/clock'
import type { Task } from './task'

const FACT = 'last alive'

export interface HeartbeatOptions {
  facts: Pick<FactStore, 'get' | 'set'>
  clock: Clock
}

/** Writes down that pings can reach us, so that the next start knows since when they could not ([A34]). */
export function heartbeat({ facts, clock }: HeartbeatOptions): Task {
  return {
    name: 'heartbeat',
    everyMs: 10 * SECOND,
    async run() {
      await facts.set(FACT, String(clock()))
      return false
    },
  }
}

/** When any instance was last alive; null when that is not known. */
export async function lastAliveAt({ facts }: Pick<HeartbeatOptions, 'facts'>): Promise<Instant | null> {
  const text = await facts.get(FACT)
  return text === null ? null : Number(text)
}
