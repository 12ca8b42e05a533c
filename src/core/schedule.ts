import { nextOf, previousOf, readExpression } from './expression'
import type { Expression, ExpressionKind } from './expression'
import { SECOND } from './time'
import type { Instant } from './time'
import { zoneName } from './zones/names'
import { ScheduleError } from './zones/schedule-error'
import { zoneOf } from './zones/zone'
import type { Zone } from './zones/zone'

/** How often, or when, a job is expected. Expressions are evaluated in the zone `tz`. */
export type Schedule =
  | { kind: 'period'; periodMs: number }
  | { kind: 'cron'; expression: string; tz: string }
  | { kind: 'oncalendar'; expression: string; tz: string }

export type ExpressionSchedule = Extract<Schedule, { kind: ExpressionKind }>

/** A schedule that no rule can evaluate; the caller puts its check off and goes on with the others. */
export class UnusableSchedule extends Error {}

/**
 * When the next success is expected after the ping at `lastPingAt`, or null when never again: [S50].
 * Throws `UnusableSchedule`.
 */
export function nextDue(schedule: Schedule, lastPingAt: Instant): Instant | null {
  if (schedule.kind === 'period') return lastPingAt + schedule.periodMs
  const { expression, zone } = evaluable(schedule)
  return toInstant(nextOf(expression, zone, lastPingAt / SECOND))
}

/** The last occurrence strictly before an instant, or null: when there was none. Throws `UnusableSchedule`. */
export function previousDue(schedule: ExpressionSchedule, beforeAt: Instant): Instant | null {
  const { expression, zone } = evaluable(schedule)
  return toInstant(previousOf(expression, zone, beforeAt / SECOND))
}

/** The expression and the zone of a schedule, read once and recalled from then on. Throws `UnusableSchedule`. */
export function evaluable({ kind, expression, tz }: ExpressionSchedule): {
  expression: Expression
  zone: Zone
} {
  const name = zoneName(tz)
  if (name === null) throw new UnusableSchedule(`"${tz}" is not a time zone`)
  try {
    return { expression: readExpression(kind, expression), zone: zoneOf(name) }
  } catch (error) {
    if (error instanceof ScheduleError) {
      throw new UnusableSchedule(`${kind} expression "${expression}": ${error.message}`, { cause: error })
    }
    // This build of the runtime does not have the zone.
    if (error instanceof RangeError)
      throw new UnusableSchedule(`The time zone "${name}" is not available here`)
    throw error
  }
}

function toInstant(seconds: number | null): Instant | null {
  return seconds === null ? null : seconds * SECOND
}
