import { awaySinceMs, holdMs, LONG_OUTAGE_MS, notBeforeAt } from '../core/outage'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { CheckStore } from '../store/checks'
import type { FactStore } from '../store/facts'
import type { OutageStore } from '../store/outages'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Task } from './task'

const FACT = 'last alive'

export interface HeartbeatOptions {
  facts: Pick<FactStore, 'get' | 'set'>
  clock: Clock
}

/** Where others judge by it, who wait for the next before they do. */
const SHARED_MS = 2 * SECOND

/**
 * Writes down that pings can reach us, so that the next start knows since when they could not ([A34]), and with
 * it those who judge and take no pings themselves.
 */
export function heartbeat({
  facts,
  clock,
  isShared = false,
}: HeartbeatOptions & { isShared?: boolean }): Task {
  return {
    name: 'heartbeat',
    everyMs: isShared ? SHARED_MS : 10 * SECOND,
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

/** Until when pings could reach somebody, as one knows who takes none. */
export interface Reached {
  untilAt: Instant
  /** For how long they could not before that; 0 when that is not worth a word. */
  awayMs: number
}

/** Beats further apart than this had pings with nowhere to go in between. */
const MISSED_MS = 5 * SECOND

/** So long without a beat is worth a word. */
const MISSING_MS = 30 * SECOND

/**
 * For an instance that judges and takes no pings: asks for the beats of those who do. Nothing may be judged by a
 * time after the last, since a ping from then may be lost.
 */
export function followBeats({
  facts,
  clock,
  elapsed = stopwatch,
  log,
}: HeartbeatOptions & { elapsed?: () => number; log: Log }): () => Promise<Reached> {
  let last: { at: Instant; seenMs: number } | null = null
  let complained = false

  return async () => {
    const nowAt = clock()
    const at = await lastAliveAt({ facts })
    // Nobody ever took a ping: there is nothing that could be late.
    if (at === null) return { untilAt: nowAt, awayMs: 0 }
    const seenMs = elapsed()
    const gapMs = last === null ? 0 : at - last.at
    if (last === null || gapMs !== 0) last = { at, seenMs }
    const isMissing = seenMs - last.seenMs >= MISSING_MS
    if (isMissing && !complained)
      log.warn('no instance takes pings: nothing goes down until one does, and for a while after that')
    complained = isMissing
    return { untilAt: Math.min(nowAt, at), awayMs: gapMs >= MISSED_MS ? gapMs : 0 }
  }
}

/** Before when it cannot be, by what was kept in our last life. To be asked before the first heartbeat. */
export async function earliestNow({
  facts,
  checks,
  builtOn,
}: Pick<HeartbeatOptions, 'facts'> & {
  checks: Pick<CheckStore, 'newestPingAt'>
  /** The day on which the program was made; null: nobody knows. */
  builtOn: string | null
}): Promise<Instant> {
  const builtAt = builtOn === null ? 0 : Date.parse(builtOn)
  return notBeforeAt(await checks.newestPingAt(), await lastAliveAt({ facts }), builtAt)
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
  const untilAt = nowAt + Math.max(holdMs(awaySinceMs(aliveAt, nowAt), atLeastMs), holdMs(leftMs))
  if (aliveAt !== null && nowAt - aliveAt >= LONG_OUTAGE_MS)
    await outages.begin({ fromAt: aliveAt, untilAt: nowAt, holdUntilAt: untilAt })
  await keepHold(facts, untilAt)
  return untilAt
}

export async function keepHold(facts: Pick<FactStore, 'set'>, untilAt: Instant): Promise<void> {
  await facts.set(HOLD_FACT, String(untilAt))
}
