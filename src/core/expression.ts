import { parseCron } from './cron/parse'
import type { CronExpression } from './cron/parse'
import { parseOnCalendar } from './oncalendar/parse'
import type { OnCalendarLine } from './oncalendar/parse'
import { Recent } from './recent'
import { nextOccurrence, previousOccurrence } from './zones/occurrences'
import type { OccurrenceRule } from './zones/occurrences'
import { ScheduleError } from './zones/schedule-error'
import { zoneOf } from './zones/zone'
import type { Zone } from './zones/zone'

export type ExpressionKind = 'cron' | 'oncalendar'

/** An expression that was read: one rule for cron, one for each line of OnCalendar. */
export type Expression =
  | { kind: 'cron'; cron: CronExpression; rules: ZonedRule[] }
  | { kind: 'oncalendar'; lines: OnCalendarLine[]; rules: ZonedRule[] }

interface ZonedRule {
  rule: OccurrenceRule
  /** Null for the zone of the check. */
  tz: string | null
}

/** [S3]. */
const MOST_CHARACTERS = 100

/** Expressions kept after they were read, so that a ping reads none. A kilobyte or two each. */
const MOST_KEPT = 10_000

const kept = new Recent<Expression | ScheduleError>(MOST_KEPT)

/** Reads an expression, or recalls it. Throws a `ScheduleError`. */
export function readExpression(kind: ExpressionKind, text: string): Expression {
  const key = `${kind} ${text}`
  let known = kept.get(key)
  if (known === undefined) {
    known = read(kind, text)
    // Whatever is too long is refused at a glance, and need not be remembered.
    if (text.length <= 2 * MOST_CHARACTERS) kept.set(key, known)
  }
  if (known instanceof ScheduleError) throw known
  return known
}

function read(kind: ExpressionKind, text: string): Expression | ScheduleError {
  try {
    refuseTooLong(text)
    if (kind === 'cron') {
      const cron = parseCron(text)
      return { kind, cron, rules: [{ rule: cron.rule, tz: null }] }
    }
    const lines = parseOnCalendar(text)
    return { kind, lines, rules: lines }
  } catch (error) {
    if (error instanceof ScheduleError) return error
    throw error
  }
}

function refuseTooLong(text: string): void {
  // A character is one or two UTF-16 units.
  if (text.length <= MOST_CHARACTERS) return
  if (text.length <= 2 * MOST_CHARACTERS && Array.from(text).length <= MOST_CHARACTERS) return
  throw new ScheduleError('too-long', `The schedule is longer than ${MOST_CHARACTERS} characters`)
}

/** The first instant of any rule strictly later than `after`, or null. All in seconds since 1970. */
export function nextOf({ rules }: Expression, zone: Zone, after: number): number | null {
  let first: number | null = null
  for (const { rule, tz } of rules) {
    const at = nextOccurrence(rule, tz === null ? zone : zoneOf(tz), after)
    if (at !== null && (first === null || at < first)) first = at
  }
  return first
}

/** The last instant of any rule strictly earlier than `before`, or null. All in seconds since 1970. */
export function previousOf({ rules }: Expression, zone: Zone, before: number): number | null {
  let last: number | null = null
  for (const { rule, tz } of rules) {
    const at = previousOccurrence(rule, tz === null ? zone : zoneOf(tz), before)
    if (at !== null && (last === null || at > last)) last = at
  }
  return last
}
