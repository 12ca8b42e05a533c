import type { Check, Flip, FlipReason, Status } from './check'
import type { Run } from './runs'
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

export type DownReason = 'timeout' | 'failure' | 'run took too long' | 'schedule changed'

/**
 * Why a check went down. That a run took too long is not kept: it is seen from a run that was open at the moment
 * and had begun just the longest allowed time before it.
 */
export function downReason(
  { at, reason, silent }: Pick<Flip, 'at' | 'reason' | 'silent'>,
  runs: readonly Pick<Run, 'startedAt' | 'endedAt'>[],
  graceMs: number,
): DownReason {
  if (silent) return 'schedule changed'
  if (reason === 'fail') return 'failure'
  const wasOpen = runs.some(
    ({ startedAt, endedAt }) => startedAt + graceMs === at && (endedAt === null || endedAt >= at),
  )
  return wasOpen ? 'run took too long' : 'timeout'
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
