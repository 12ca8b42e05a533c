import type { Ping } from './ping'
import { HOUR } from './time'
import type { Instant } from './time'

/** A run that took longer has no duration: spec/management-api.md [M43]. */
export const LONGEST_RUN_MS = 72 * HOUR

/** What is needed of a ping to pair ends with starts. */
export type PairedPing = Pick<Ping, 'n' | 'at' | 'kind' | 'runId'>

/**
 * How long the runs took that ended with one of these pings (newest first), in milliseconds by number of
 * the ping; and the ends whose start may lie before the oldest of them.
 */
export function runTimes(pings: readonly PairedPing[]): { tookMs: Map<number, number>; open: PairedPing[] } {
  const tookMs = new Map<number, number>()
  // The ends, by run id, for which no start was met yet on the way into the past.
  const waiting = new Map<string | null, PairedPing>()
  const oldestAt: Instant = pings.at(-1)?.at ?? 0
  for (const ping of pings) {
    const end = waiting.get(ping.runId)
    switch (ping.kind) {
      case 'start':
        if (end && isInTime(ping, end)) tookMs.set(end.n, end.at - ping.at)
        waiting.delete(ping.runId)
        break
      case 'success':
      case 'fail':
        // An earlier end of the same run hides whatever start lies before it.
        waiting.set(ping.runId, ping)
        break
      case 'log':
      case 'ign':
        break
    }
  }
  return { tookMs, open: [...waiting.values()].filter((end) => end.at - oldestAt < LONGEST_RUN_MS) }
}

/** Whether the run from this start to this end has a duration: not so long, and not back in time. */
export function isInTime(start: Pick<PairedPing, 'at'>, end: Pick<PairedPing, 'at'>): boolean {
  return end.at >= start.at && end.at - start.at < LONGEST_RUN_MS
}
