import type { PairedPing } from './run-times'
import { isInTime } from './run-times'
import type { Instant } from './time'

/**
 * How a run went. `open`: no end came yet. `restarted`: another start with the same run id came before any
 * end, so that nobody knows.
 */
export type RunOutcome = 'success' | 'fail' | 'open' | 'restarted'

/** From a start ping to the success or fail ping with the same run id. */
export interface Run {
  /** Lower-case UUID given by the job, or null. */
  runId: string | null
  /** The numbers of its pings within the check. */
  startN: number
  endN: number | null
  startedAt: Instant
  endedAt: Instant | null
  outcome: RunOutcome
  /** Null unless it ended, after less than 72 hours: spec/ping-api.md [P40]. */
  durationMs: number | null
}

/**
 * The runs that started with one of these pings (newest first), the latest start first. Ends belong to the
 * nearest start before them with the same run id; starts and ends without one are a class of their own.
 */
export function runsOf(pings: readonly PairedPing[]): Run[] {
  const runs: Run[] = []
  // What came last with this run id, on the way into the past.
  const after = new Map<string | null, PairedPing>()
  for (const ping of pings) {
    if (ping.kind !== 'start' && ping.kind !== 'success' && ping.kind !== 'fail') continue
    if (ping.kind === 'start') runs.push(runFrom(ping, after.get(ping.runId)))
    after.set(ping.runId, ping)
  }
  return runs
}

function runFrom(start: PairedPing, next: PairedPing | undefined): Run {
  const begun = { runId: start.runId, startN: start.n, startedAt: start.at }
  const unfinished = { ...begun, endN: null, endedAt: null, durationMs: null }
  if (next === undefined) return { ...unfinished, outcome: 'open' }
  if (next.kind !== 'success' && next.kind !== 'fail') return { ...unfinished, outcome: 'restarted' }
  const durationMs = isInTime(start, next) ? next.at - start.at : null
  return { ...begun, endN: next.n, endedAt: next.at, outcome: next.kind, durationMs }
}
