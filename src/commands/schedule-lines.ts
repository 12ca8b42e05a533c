import { nextDue, previousDue } from '../core/schedule'
import type { ExpressionSchedule } from '../core/schedule'
import { kindOf, scheduleProblem } from '../core/schedule-problem'
import { inWords } from '../core/schedule-words'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'

/** Bounds what one line can cost. */
export const MOST_RUNS = 1000

/** The last instant of JavaScript, in seconds since 1970; enough for everybody. */
const LAST_SECOND = 8.64e12

/** What a line lacks. */
const DEFAULT_COUNT = 6

interface Question {
  schedule: ExpressionSchedule
  afterAt: Instant
  count: number
  previous: number
}

/** The answer, as a line of JSON, to a question that is one. */
export function answerLine(line: string, nowAt: Instant): string {
  const question = readQuestion(line, nowAt)
  if (typeof question === 'string') return JSON.stringify({ ok: false, error: question })
  const { schedule, afterAt, count, previous } = question
  const problem = scheduleProblem(schedule)
  if (problem !== null) return JSON.stringify({ ok: false, error: problem })
  return JSON.stringify({
    ok: true,
    words: inWords(schedule),
    next: runs(afterAt, count, (at) => nextDue(schedule, at)).map(toSeconds),
    previous: previousRuns(schedule, afterAt, previous).map(toSeconds),
  })
}

/** The runs before an instant, the latest first. */
export function previousRuns(schedule: ExpressionSchedule, beforeAt: Instant, count: number): Instant[] {
  return runs(beforeAt, count, (at) => previousDue(schedule, at))
}

function runs(startAt: Instant, count: number, step: (at: Instant) => Instant | null): Instant[] {
  const found: Instant[] = []
  let at: Instant | null = startAt
  while (found.length < count) {
    at = step(at)
    if (at === null) break
    found.push(at)
  }
  return found
}

function toSeconds(at: Instant): number {
  return at / SECOND
}

/** What was asked, or a sentence about what is wrong with the question. */
function readQuestion(line: string, nowAt: Instant): Question | string {
  const asked = parse(line)
  if (asked === null) return 'The line is not a JSON object.'
  const { kind, schedule, tz = 'UTC', after, count = DEFAULT_COUNT, previous = 0 } = asked
  if (typeof schedule !== 'string') return 'schedule is missing, or not a text.'
  if (typeof tz !== 'string') return 'tz is not a text.'
  if (kind !== undefined && kind !== 'cron' && kind !== 'oncalendar')
    return 'kind is neither cron nor oncalendar.'
  if (after !== undefined && !isSecond(after)) return 'after is not a number of Unix seconds.'
  if (!isCount(count) || !isCount(previous)) {
    return `count and previous are whole numbers from 0 to ${MOST_RUNS}.`
  }
  return {
    schedule: { kind: kind ?? kindOf(schedule), expression: schedule, tz },
    afterAt: after === undefined ? nowAt : after * SECOND,
    count,
    previous,
  }
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSecond(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LAST_SECOND
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_RUNS
}
