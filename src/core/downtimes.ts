import type { Check, Flip, FlipReason, Status } from './check'
import type { Instant } from './time'

/** From the change to down until the next change: web-ui.md C19. */
export interface Downtime {
  fromAt: Instant
  /** Null: it goes on. */
  untilAt: Instant | null
  reason: FlipReason
  /** The schedule was changed, and nobody was told. */
  silent: boolean
  /** What the check became after it. */
  to: Status | null
}

/** The newest first. `flips` too; a downtime that began before the oldest of them is not told. */
export function downtimesOf({ status }: Pick<Check, 'status'>, flips: readonly Flip[]): Downtime[] {
  const downtimes: Downtime[] = []
  let next: Flip | null = null
  for (const flip of flips) {
    if (flip.to === 'down') {
      const isOpen: boolean = next === null
      downtimes.push({
        fromAt: flip.at,
        untilAt: isOpen && status === 'down' ? null : (next?.at ?? flip.at),
        reason: flip.reason,
        silent: flip.silent,
        to: next?.to ?? null,
      })
    }
    next = flip
  }
  return downtimes
}
