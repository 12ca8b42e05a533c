import { holdMs, LONG_OUTAGE_MS, notBeforeAt } from '../core/outage'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { CheckStore } from '../store/checks'
import type { FactStore } from '../store/facts'
import type { OutageStore } from '../store/outages'
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

/** Before when it cannot be, by what was kept in our last life. To be asked before the first heartbeat. */
export async function earliestNow({
  facts,
  checks,
}: Pick<HeartbeatOptions, 'facts'> & { checks: Pick<CheckStore, 'newestPingAt'> }): Promise<Instant> {
  return notBeforeAt(await checks.newestPingAt(), await lastAliveAt({ facts }))
}

const HOLD_FACT = 'nothing goes down until'

/**
 * Until when nothing goes down after a start, because pings could not reach us before it ([A34]); a start
 * before that leaves the rest of the time to those who call again. To be asked before the first heartbeat.
 * A long outage is noted for whoever judges after it.
 */
export async function holdAtStart(
  { facts, outages, clock }: HeartbeatOptions & { outages: Pick<OutageStore, 'begin'> },
  atLeastMs: number,
): Promise<Instant> {
  const nowAt = clock()
  const aliveAt = await lastAliveAt({ facts })
  const leftMs = Number((await facts.get(HOLD_FACT)) ?? 0) - nowAt
  const untilAt = nowAt + Math.max(holdMs(aliveAt === null ? 0 : nowAt - aliveAt, atLeastMs), holdMs(leftMs))
  if (aliveAt !== null && nowAt - aliveAt >= LONG_OUTAGE_MS)
    await outages.begin({ fromAt: aliveAt, untilAt: nowAt, holdUntilAt: untilAt })
  await keepHold(facts, untilAt)
  return untilAt
}

export async function keepHold(facts: Pick<FactStore, 'set'>, untilAt: Instant): Promise<void> {
  await facts.set(HOLD_FACT, String(untilAt))
}
