import { nextDue, UnusableSchedule } from './schedule'
import type { Schedule } from './schedule'
import { HOUR } from './time'
import type { Instant } from './time'

/** When a check whose schedule cannot be evaluated is looked at again. */
const PUT_OFF_MS = HOUR

/** What is kept. What is shown besides (late, running) is worked out when read. */
export type Status = 'new' | 'up' | 'down' | 'paused'

/** What people see: spec/alerting.md [A1]. */
export type ShownStatus = Status | 'late'

/** The run that is watched: the most recently started one. */
export interface OpenRun {
  /** Lower-case UUID given by the job, or null. */
  runId: string | null
  startedAt: Instant
}

/** Which words in a ping decide what it means: spec/ping-api.md §5. Lists are comma-separated text. */
export interface Filters {
  /** Look into the e-mail's subject, the e-mail's body, the HTTP body. */
  subject: boolean
  body: boolean
  httpBody: boolean
  startWords: string
  successWords: string
  failWords: string
  /** What a ping without any of the words is: a failure, or ignored. */
  otherwiseFail: boolean
}

/** A job we listen for. */
export interface Check {
  id: number
  projectId: number
  /** Lower-case UUID: the secret part of the ping address. */
  code: string
  name: string
  slug: string
  /** Separated by single spaces. */
  tags: string
  description: string
  schedule: Schedule
  /** What it had before for the other kind of schedule, to have again: spec/management-api.md [M31]. */
  spare: { periodMs: number; tz: string }
  /** How late a ping may be, and how long a run may take. */
  graceMs: number
  /** A paused check ignores pings until a person resumes it. */
  manualResume: boolean
  /** Only POST requests count. */
  postOnly: boolean
  filters: Filters
  status: Status
  /** The last success or failure; null for new and resumed checks. */
  lastPingAt: Instant | null
  openRun: OpenRun | null
  /** How long the last run that had a start took. */
  lastDurationMs: number | null
  /** The alarm: when the check goes down unless a ping comes first; null when it cannot. */
  alertAfterAt: Instant | null
  /** Also the number of the last ping. Never goes back. */
  pingCount: number
  /** How its last runs ended, the newest at the end, one character of `RunResult` each. */
  results: string
  /** The last ping's body mentions a confirmation, as mails of list servers do. */
  hasConfirmationLink: boolean
  /** How often it went down or failed, or an alert about it did not arrive: spec/web-ui.md §6.5. */
  notableCount: number
  /** UUID in the address of its badge; its code cannot be found from it. */
  badgeKey: string
  createdAt: Instant
}

/** The little of a check that tells how it is. */
export type Standing = Pick<Check, 'status' | 'schedule' | 'graceMs' | 'lastPingAt' | 'openRun'>

/** How a run ended: with success, with failure, or not at all. */
export type RunResult = '1' | '0' | '-'

/** How many of them a check remembers. */
export const MOST_RESULTS = 20

/** What a check remembers of its runs, once another has ended. */
export function withResult(results: string, result: RunResult): string {
  return (results + result).slice(-MOST_RESULTS)
}

/** Why a check went down; '' for every other change of status. */
export type FlipReason = 'timeout' | 'fail' | ''

/** A change of status. */
export interface Flip {
  /** When it happened; for a missed deadline, the deadline itself. */
  at: Instant
  from: Status
  to: Status
  reason: FlipReason
  /** The person who caused it was there to see it, so nobody is told. */
  silent: boolean
  /** Who did it by hand, in words; absent where that is not known, and where it came by itself. */
  by?: string
}

/** What a rule decided: the check as it now is, and the flip if its status changed. */
export interface Outcome {
  check: Check
  flip: Flip | null
}

/** When the next success is expected, or null: when never, or when no rule can tell. */
export function expectedAt(check: Standing): Instant | null {
  return unlessUnusable(() => strictlyExpectedAt(check), null)
}

/** When the check goes down unless a ping comes first: spec/alerting.md [A2]. Throws `UnusableSchedule`. */
export function alertAfter(check: Check): Instant | null {
  const expected = check.status === 'up' ? strictlyExpectedAt(check) : null
  const started = check.openRun !== null && check.status !== 'down' ? check.openRun.startedAt : null
  if (expected === null) return started === null ? null : started + check.graceMs
  return (started === null ? expected : Math.min(expected, started)) + check.graceMs
}

/**
 * The same check with its alarm set for what it now is. One that no rule can evaluate is looked at
 * again in an hour, so that its pings are kept and nobody else waits for it ([A5]).
 */
export function rearm(check: Check, nowAt: Instant): Check {
  return { ...check, alertAfterAt: unlessUnusable(() => alertAfter(check), nowAt + PUT_OFF_MS) }
}

/** The check whose alarm rang but that no rule can evaluate, put off. */
export function putOff(check: Check, nowAt: Instant): Check {
  return { ...check, alertAfterAt: nowAt + PUT_OFF_MS }
}

/** The check with another status, its alarm set anew, and the flip if that is a change. */
export function flipTo(
  check: Check,
  to: Status,
  at: Instant,
  reason: FlipReason = '',
  { silent = false }: { silent?: boolean } = {},
): Outcome {
  const flip = check.status === to ? null : { at, from: check.status, to, reason, silent }
  const results = flip?.reason === 'timeout' ? withResult(check.results, '-') : check.results
  // A failure that brings it down is counted as a failure.
  const isNotable = flip?.to === 'down' && flip.reason !== 'fail'
  const notableCount = check.notableCount + Number(isNotable)
  return { check: rearm({ ...check, status: to, results, notableCount }, at), flip }
}

/**
 * Decides what to do with a check whose alarm rang.
 * An alarm can be stale, because a ping or an edit moved the deadline after it was set:
 * then it is only set anew. The open run stays: its end still tells how long it took ([A11]).
 * Throws `UnusableSchedule`.
 */
export function ring(check: Check, nowAt: Instant): Outcome {
  const dueAt = alertAfter(check)
  if (check.status === 'down' || dueAt === null || dueAt > nowAt) {
    return { check: { ...check, alertAfterAt: dueAt }, flip: null }
  }
  return flipTo(check, 'down', dueAt, 'timeout')
}

/** Stops watching: spec/alerting.md T7. The last ping is kept for people to see. */
export function pause(check: Check, nowAt: Instant): Outcome {
  return flipTo({ ...check, openRun: null }, 'paused', nowAt)
}

/** Watches again from the next ping on: spec/alerting.md T9. */
export function resume(check: Check, nowAt: Instant): Outcome {
  return flipTo({ ...check, openRun: null, lastPingAt: null }, 'new', nowAt)
}

/**
 * A person changed when the job is expected. One that is overdue by the new schedule goes down
 * at once and nobody is told, because the person who did it sees it: spec/alerting.md T11.
 * One that was overdue already, only nobody had looked yet, is news like any other.
 */
export function reschedule(check: Check, schedule: Schedule, graceMs: number, nowAt: Instant): Outcome {
  const dueAt = unlessUnusable(() => alertAfter(check), null)
  if (check.status !== 'down' && dueAt !== null && dueAt <= nowAt) {
    return flipTo({ ...check, schedule, graceMs }, 'down', dueAt, 'timeout')
  }
  const changed = rearm({ ...check, schedule, graceMs }, nowAt)
  if (changed.status !== 'up' || changed.alertAfterAt === null || changed.alertAfterAt > nowAt) {
    return { check: changed, flip: null }
  }
  return flipTo(changed, 'down', nowAt, '', { silent: true })
}

/** The same, done by somebody: it is kept with the change of status. '' for nobody in particular. */
export function signed({ check, flip }: Outcome, by: string): Outcome {
  return { check, flip: flip === null || by === '' ? flip : { ...flip, by } }
}

/** Whether people are told: every down, and an up after a down ([A16], T7, T9, T11). */
export function isNews(flip: Flip): boolean {
  if (flip.silent) return false
  return flip.to === 'down' || (flip.to === 'up' && flip.from === 'down')
}

/**
 * What people see now: spec/alerting.md [A1]. All comparisons include the moment itself. `known`: what
 * `expectedAt` says, where it is known already.
 */
export function shownStatus(check: Standing, nowAt: Instant, known?: Instant | null): ShownStatus {
  if (check.openRun !== null && nowAt >= check.openRun.startedAt + check.graceMs) return 'down'
  if (check.status !== 'up') return check.status
  const expected = known === undefined ? expectedAt(check) : known
  if (expected === null || nowAt < expected) return 'up'
  return nowAt >= expected + check.graceMs ? 'down' : 'late'
}

function strictlyExpectedAt(check: Pick<Check, 'lastPingAt' | 'schedule'>): Instant | null {
  return check.lastPingAt === null ? null : nextDue(check.schedule, check.lastPingAt)
}

function unlessUnusable<T>(evaluate: () => T, otherwise: T): T {
  try {
    return evaluate()
  } catch (error) {
    if (error instanceof UnusableSchedule) return otherwise
    throw error
  }
}
