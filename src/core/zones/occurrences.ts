import { civilDate } from './civil-date'
import { nextWall, previousWall } from './wall-pattern'
import type { WallPattern } from './wall-pattern'
import { LARGEST_OFFSET, LONGEST_JUMP } from './zone'
import type { Stretch, Zone } from './zone'

/**
 * From wall times that match to instants: spec/schedules.md [S7], [S22] to [S25], [S40], [S41]. A search goes
 * from one stretch of even clocks to the next, and over the months between in which no wall time matches.
 */
export interface OccurrenceRule {
  pattern: WallPattern
  /** What becomes of a wall time that the clocks leave out: nothing, or the first instant after the gap. */
  skipped: 'dropped' | 'moved'
  /** Which passes of a wall time that comes twice count. */
  repeated: 'first' | 'both'
  /** The last and the first year of a search from an instant in the given year of the zone's calendar. */
  lastYear(year: number): number
  firstYear(year: number): number
}

/** The first occurrence strictly later than `after`, in seconds since 1970, which may have a fraction; or null. */
export function nextOccurrence(rule: OccurrenceRule, zone: Zone, after: number): number | null {
  let at = Math.floor(after) + 1
  let stretch = zone.stretchAt(at)
  const lastYear = rule.lastYear(yearOf(Math.floor(after) + stretch.offset))
  for (;;) {
    const { from, until, offset } = stretch
    if (at === from && isMovedHere(rule, stretch)) return from
    const wall = nextWall(rule.pattern, Math.max(at + offset, firstThatCounts(rule, stretch)), lastYear)
    if (wall !== null && wall < until + offset) return wall - offset
    // A change of clocks just ahead can bring back wall times before the one found; a later one cannot.
    if (until - at < LONGEST_JUMP) at = until
    else if (wall === null) return null
    else at = Math.max(until, wall - LARGEST_OFFSET)
    stretch = zone.stretchAt(at)
  }
}

/** The last occurrence strictly earlier than `before`, in seconds since 1970, which may have a fraction; or null. */
export function previousOccurrence(rule: OccurrenceRule, zone: Zone, before: number): number | null {
  let at = Math.ceil(before) - 1
  let stretch = zone.stretchAt(at)
  const firstYear = rule.firstYear(yearOf(Math.ceil(before) + stretch.offset))
  for (;;) {
    const { from, offset } = stretch
    const wall = previousWall(rule.pattern, at + offset, firstYear)
    if (wall !== null && wall >= firstThatCounts(rule, stretch)) return wall - offset
    if (isMovedHere(rule, stretch)) return from
    if (at - from < LONGEST_JUMP) at = from - 1
    else if (wall === null) return null
    else at = Math.min(from - 1, wall + LARGEST_OFFSET)
    stretch = zone.stretchAt(at)
  }
}

/** Whether the clocks left out a wall time that matches, just before this stretch, and it counts at its beginning. */
function isMovedHere({ pattern, skipped }: OccurrenceRule, { from, offset, offsetBefore }: Stretch): boolean {
  if (skipped === 'dropped' || offset <= offsetBefore) return false
  const wall = nextWall(pattern, from + offsetBefore, yearOf(from + offset))
  return wall !== null && wall < from + offset
}

/** The first wall time of a stretch that is not the second pass of one before it, if such passes do not count. */
export function firstThatCounts(
  { repeated }: OccurrenceRule,
  { from, offset, offsetBefore }: Stretch,
): number {
  return from + (repeated === 'first' ? Math.max(offset, offsetBefore) : offset)
}

function yearOf(wall: number): number {
  return civilDate(Math.floor(wall / 86_400)).year
}
