import type { Instant } from './time'

/** How often, or when, a job is expected. Expressions are evaluated in the zone `tz`. */
export type Schedule =
  | { kind: 'period'; periodMs: number }
  | { kind: 'cron'; expression: string; tz: string }
  | { kind: 'oncalendar'; expression: string; tz: string }

/** A schedule that no rule can evaluate; the caller puts its check off and goes on with the others. */
export class UnusableSchedule extends Error {}

/**
 * When the next success is expected after the ping at `lastPingAt`, or null when never again.
 * Throws `UnusableSchedule`.
 */
export function nextDue(schedule: Schedule, lastPingAt: Instant): Instant | null {
  switch (schedule.kind) {
    case 'period':
      return lastPingAt + schedule.periodMs
    case 'cron':
    case 'oncalendar':
      throw new UnusableSchedule(`${schedule.kind} expression "${schedule.expression}" cannot be evaluated`)
  }
}
