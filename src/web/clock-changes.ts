import { preview } from '../core/schedule-preview'
import type { Schedule } from '../core/schedule'
import { DAY, MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { wallTime } from '../core/zones/wall-time'
import { zoneOf } from '../core/zones/zone'

/** How far ahead a change of clocks is told of: web-ui.md C06. */
const AHEAD_MS = 366 * DAY

/** Enough runs to get through a repeated hour by the minute, and past it. */
const RUNS = 200

/** A note about a change belongs to a run within this time of it. */
const NEAR_MS = DAY + 12 * 60 * MINUTE

/** What the coming changes of clocks do to a schedule: one sentence for each that does something. */
export function clockRemarks(schedule: Exclude<Schedule, { kind: 'period' }>, nowAt: Instant): string[] {
  return changesOf(schedule.tz, nowAt).flatMap(({ at, jumpMs }) => {
    const runs = preview(schedule, { afterAt: at - Math.abs(jumpMs) - MINUTE, count: RUNS })
    const noted = runs.find((run) => run.note !== undefined && run.at < at + NEAR_MS)
    if (noted?.note === undefined) return []
    return [`Clocks change on ${wallTime(at, schedule.tz).date}: ${noted.note}`]
  })
}

/** When a zone changes its clocks in the coming year, and by how much they jump ahead. */
function changesOf(tz: string, nowAt: Instant): { at: Instant; jumpMs: number }[] {
  const zone = zoneOf(tz)
  const changes = []
  const end = (nowAt + AHEAD_MS) / SECOND
  let stretch = zone.stretchAt(Math.floor(nowAt / SECOND))
  while (stretch.until < end) {
    const next = zone.stretchAt(stretch.until)
    const jumpMs = (next.offset - stretch.offset) * SECOND
    if (jumpMs !== 0) changes.push({ at: stretch.until * SECOND, jumpMs })
    stretch = next
  }
  return changes
}
