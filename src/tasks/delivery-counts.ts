import { SECOND } from '../core/time'
import { SECONDS } from '../world/metrics'
import type { Metrics } from '../world/metrics'

/** What is counted of the telling: spec/operations.md [O26]. */
export interface DeliveryCounts {
  /** A notification that nobody had tried to tell yet; how long ago its flip was. */
  begun(dwellMs: number): void
  told(kind: string, isDelivered: boolean, tookMs: number): void
}

/** For alerts: up to an hour, for when a relay or we ourselves were away. */
const DWELL_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600]

/** `onTold` hears of each attempt. */
export function deliveryCounts(
  metrics: Metrics,
  onTold: (kind: string, isDelivered: boolean) => void = () => undefined,
): DeliveryCounts {
  const dwell = metrics.histogram({
    name: 'rollcall_alert_dwell_seconds',
    help: 'From a flip to the first attempt to tell it.',
    bounds: DWELL_SECONDS,
  })
  const count = metrics.counter({
    name: 'rollcall_notifications_total',
    help: 'Attempts to tell somebody.',
    labels: ['kind', 'result'],
  })
  const took = metrics.histogram({
    name: 'rollcall_notification_seconds',
    help: 'How long an attempt to tell somebody took.',
    labels: ['kind', 'result'],
    bounds: SECONDS,
  })
  return {
    begun: (dwellMs) => dwell.observe(Math.max(0, dwellMs) / SECOND),
    told(kind, isDelivered, tookMs) {
      const result = isDelivered ? 'success' : 'fail'
      count.of(kind, result).value += 1
      took.observe(tookMs / SECOND, kind, result)
      onTold(kind, isDelivered)
    },
  }
}
