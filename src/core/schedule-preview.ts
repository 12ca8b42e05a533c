import { nextOf } from './expression'
import type { Expression } from './expression'
import { evaluable } from './schedule'
import type { Schedule } from './schedule'
import { SECOND } from './time'
import type { Instant } from './time'
import { clockNote } from './zones/clock-changes'
import { nextOccurrence } from './zones/occurrences'
import { zoneOf } from './zones/zone'
import type { Zone } from './zones/zone'

/** A run to come, and what the clocks do to it, if anything: a sentence without its full stop. */
export interface PreviewedRun {
  at: Instant
  note?: string
}

/**
 * The next runs, fewer when the schedule ends; of a simple schedule, if each comes as late as it may. Throws
 * `UnusableSchedule`.
 */
export function preview(
  schedule: Schedule,
  { afterAt, count }: { afterAt: Instant; count: number },
): PreviewedRun[] {
  if (schedule.kind === 'period') {
    return Array.from({ length: count }, (_, index) => ({ at: afterAt + (index + 1) * schedule.periodMs }))
  }
  const { expression, zone } = evaluable(schedule)
  const runs: PreviewedRun[] = []
  let after = afterAt / SECOND
  while (runs.length < count) {
    const at = nextOf(expression, zone, after)
    if (at === null) break
    const note = noteBeside(expression, zone, after, at)
    runs.push({ at: at * SECOND, ...(note === null ? {} : { note }) })
    after = at
  }
  return runs
}

/** What is to be said about a run, by the first line of the expression that makes it run then. */
function noteBeside({ rules }: Expression, zone: Zone, after: number, at: number): string | null {
  for (const { rule, tz } of rules) {
    const own = tz === null ? zone : zoneOf(tz)
    if (nextOccurrence(rule, own, after) === at) return clockNote(rule, own, after, at)
  }
  return null
}
