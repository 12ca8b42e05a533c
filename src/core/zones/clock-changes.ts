import { civilDate } from './civil-date'
import { firstThatCounts } from './occurrences'
import type { OccurrenceRule } from './occurrences'
import { dateText, timeText } from './wall-time'
import { matchesWall, nextWall, previousWall } from './wall-pattern'
import { LARGEST_OFFSET, LONGEST_JUMP } from './zone'
import type { Stretch, Zone } from './zone'

/** What people should know about an occurrence near a change of clocks. All times in seconds since 1970. */

const EVERY_HOUR = 2 ** 24 - 1

/**
 * A sentence without its full stop about the occurrence `at`, the next one of the rule after `after`: that the
 * clocks moved it, that it comes twice, or that one was left out before it. Null when there is nothing to say.
 */
export function clockNote(rule: OccurrenceRule, zone: Zone, after: number, at: number): string | null {
  return movedNote(rule, zone, at) ?? repeatedNote(rule, zone, at) ?? droppedNote(rule, zone, after, at)
}

function movedNote({ skipped, pattern }: OccurrenceRule, zone: Zone, at: number): string | null {
  const change = zone.stretchAt(at)
  const { from, offset, offsetBefore } = change
  if (skipped === 'dropped' || at !== from || offset <= offsetBefore) return null
  const wall = nextWall(pattern, from + offsetBefore, yearOf(from + offset))
  if (wall === null || wall >= from + offset) return null
  const verb = matchesWall(pattern, from + offset) ? 'Stands for' : 'Moved from'
  const too = verb === 'Stands for' ? ' as well' : ''
  return `${verb} ${wallText(wall, at + offset)}${too}: ${changeText(change)}`
}

function repeatedNote({ repeated }: OccurrenceRule, zone: Zone, at: number): string | null {
  const { from, offset, offsetBefore } = zone.stretchAt(at)
  const wall = at + offset
  if (repeated === 'both' && offset < offsetBefore && wall < from + offsetBefore) {
    return `${timeText(wall)} for the second time: ${changeText({ from, offset, offsetBefore })}`
  }
  const change = changeSoonAfter(zone, at)
  if (repeated === 'both' || change === null || wall < change.from + change.offset) return null
  return `${timeText(wall)} comes twice and only the first counts: ${changeText(change)}`
}

/** A job of every hour keeps its rhythm through a gap, so nothing is missed there. */
function droppedNote(rule: OccurrenceRule, zone: Zone, after: number, at: number): string | null {
  const { pattern, skipped } = rule
  if (skipped === 'moved' || pattern.hours.low === EVERY_HOUR) return null
  const before = zone.stretchAt(Math.floor(after))
  const start = Math.max(Math.floor(after) + before.offset + 1, firstThatCounts(rule, before))
  const end = at + zone.stretchAt(at).offset
  const wall = nextWall(pattern, start, yearOf(end))
  if (wall === null || wall >= end) return null
  const change = gapAround(zone, wall)
  if (change === null) return null
  const last = previousWall(pattern, change.from + change.offset - 1, yearOf(wall)) ?? wall
  const times = last === wall ? timeText(wall) : `${timeText(wall)} to ${timeText(last)}`
  return `Before it, ${times} on ${dateText(wall)} ${last === wall ? 'is' : 'are'} left out: ${changeText(change)}`
}

/** The change back in whose first pass an instant can be; or null. */
function changeSoonAfter(zone: Zone, at: number): Stretch | null {
  let stretch = zone.stretchAt(at)
  while (stretch.until - at < LONGEST_JUMP) {
    const next = zone.stretchAt(stretch.until)
    if (next.offset !== stretch.offset) return next.offset < stretch.offset ? next : null
    stretch = next
  }
  return null
}

/** The change of clocks that leaves out a wall time; null when it is not left out. */
function gapAround(zone: Zone, wall: number): Stretch | null {
  let stretch = zone.stretchAt(wall - LARGEST_OFFSET)
  while (stretch.from <= wall + LARGEST_OFFSET) {
    const { from, offset, offsetBefore } = stretch
    if (offset > offsetBefore && wall >= from + offsetBefore && wall < from + offset) return stretch
    stretch = zone.stretchAt(stretch.until)
  }
  return null
}

function changeText({ from, offset, offsetBefore }: Omit<Stretch, 'until'>): string {
  const verb = offset > offsetBefore ? 'jump' : 'go back'
  return `the clocks ${verb} from ${timeText(from + offsetBefore)} to ${wallText(from + offset, from + offsetBefore)}`
}

/** A time, with its date if that is another day than the one it is told beside. */
function wallText(wall: number, beside: number): string {
  const isSameDay = Math.floor(wall / 86_400) === Math.floor(beside / 86_400)
  return isSameDay ? timeText(wall) : `${dateText(wall)} ${timeText(wall)}`
}

function yearOf(wall: number): number {
  return civilDate(Math.floor(wall / 86_400)).year
}
