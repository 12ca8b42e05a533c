import type { PingKind } from '../core/signal'
import { SECOND } from '../core/time'
import type { Arrival, Recorded } from '../store/checks'
import { SECONDS } from '../world/metrics'
import type { Count, Metrics } from '../world/metrics'

/** What is counted of pings. On their way to the database nothing costs more than an addition. */
export interface PingCounts {
  /** A commit with these; receipts come in the order of the arrivals. */
  committed(arrivals: readonly Arrival[], receipts: readonly Recorded[], tookMs: number): void
  /** By the status of the answer. */
  rejected(status: number): void
  /** A ping that was kept, from its first byte to its answer. */
  answered(tookMs: number): void
}

type Via = 'http' | 'email'

const KINDS: readonly PingKind[] = ['success', 'start', 'fail', 'log', 'ign']

/** Why a ping was not kept: spec/operations.md [O26]. */
const REASONS: Record<number, string> = {
  400: 'bad_request',
  403: 'geo',
  404: 'not_found',
  408: 'timeout',
  409: 'ambiguous',
  429: 'rate',
  503: 'unavailable',
}

const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** `onKept` is told how many pings a commit has kept. */
export function pingCounts(metrics: Metrics, onKept: (count: number) => void = () => undefined): PingCounts {
  const pings = metrics.counter({
    name: 'rollcall_pings_total',
    help: 'Pings that were kept.',
    labels: ['type', 'via'],
  })
  const taken = (via: Via) => new Map(KINDS.map((kind) => [kind, pings.of(kind, via)]))
  const counts: Record<Via, Map<PingKind, Count>> = { http: taken('http'), email: taken('email') }
  const refused = metrics.counter({
    name: 'rollcall_pings_rejected_total',
    help: 'Pings that were not kept.',
    labels: ['reason'],
  })
  const reasons = new Map(
    Object.entries(REASONS).map(([status, reason]) => [Number(status), refused.of(reason)]),
  )
  const took = metrics.histogram({
    name: 'rollcall_ping_seconds',
    help: 'From the arrival of a ping over HTTP to its answer.',
    bounds: SECONDS,
  })
  const commits = metrics.histogram({
    name: 'rollcall_commit_seconds',
    help: 'How long a commit of pings took.',
    bounds: SECONDS,
  })
  const sizes = metrics.histogram({
    name: 'rollcall_commit_pings',
    help: 'How many pings shared a commit.',
    bounds: BATCH_SIZES,
  })

  return {
    committed(arrivals, receipts, tookMs) {
      commits.observe(tookMs / SECOND)
      sizes.observe(arrivals.length)
      let kept = 0
      for (const [i, receipt] of receipts.entries()) {
        if (receipt === null || typeof receipt === 'string') continue
        kept += 1
        const count = counts[arrivals[i]?.ping.scheme === 'email' ? 'email' : 'http'].get(receipt.kind)
        if (count) count.value += 1
      }
      if (kept > 0) onKept(kept)
    },
    rejected(status) {
      const count = reasons.get(status)
      if (count) count.value += 1
    },
    answered: (tookMs) => took.observe(tookMs / SECOND),
  }
}
