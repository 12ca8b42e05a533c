import { nextOf, readExpression } from './expression'
import type { ExpressionKind } from './expression'
import type { Schedule } from './schedule'
import { DAY, MINUTE } from './time'
import { zoneName } from './zones/names'
import { ScheduleError } from './zones/schedule-error'
import { zoneOf } from './zones/zone'

/** [S1]; in whole seconds. */
const SHORTEST_MS = MINUTE
const LONGEST_MS = 365 * DAY

/** [S3]: a schedule must have had or still have an occurrence after this, in seconds since 1970. */
const CENTURY = Date.UTC(2000, 0, 1) / 1000

/** What keeps a schedule from being used, as a sentence; null when nothing does: spec/schedules.md [S1], [S3]. */
export function scheduleProblem(schedule: Schedule): string | null {
  if (schedule.kind === 'period') {
    const { periodMs } = schedule
    const isPlausible = periodMs >= SHORTEST_MS && periodMs <= LONGEST_MS && periodMs % 1000 === 0
    return isPlausible ? null : 'The period must be between 1 minute and 365 days, in whole seconds.'
  }
  const problem = expressionProblem(schedule.kind, schedule.expression)
  if (problem !== null) return `${problem.message}.`
  return zoneName(schedule.tz) === null ? `"${schedule.tz}" is not a valid timezone.` : null
}

/** The same with where it is: 'OnCalendar line 2: bad time: …'. For people who have the expression before them: web-ui.md C06. */
export function placedProblem(schedule: Schedule): string | null {
  const problem = scheduleProblem(schedule)
  if (problem === null || schedule.kind === 'period') return problem
  const [name, lines] =
    schedule.kind === 'cron' ? ['Cron', []] : ['OnCalendar', schedule.expression.trim().split('\n')]
  const wrong = lines.findIndex((line) => expressionProblem('oncalendar', line) !== null)
  const place = lines.length > 1 && wrong !== -1 ? ` line ${wrong + 1}` : ''
  return `${name}${place}: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}`
}

/** What is wrong with an expression whatever its zone; null when nothing is. */
export function expressionProblem(kind: ExpressionKind, text: string): ScheduleError | null {
  try {
    const expression = readExpression(kind, text)
    if (nextOf(expression, zoneOf('UTC'), CENTURY) !== null) return null
    return new ScheduleError('no-match', 'No matching time: this schedule never comes after the year 2000')
  } catch (error) {
    if (error instanceof ScheduleError) return error
    throw error
  }
}

/** Which kind a text is by its looks, where nobody says so: [S2]. */
export function kindOf(text: string): ExpressionKind {
  const trimmed = text.trim()
  return !trimmed.includes('\n') && trimmed.split(/\s+/).length === 5 ? 'cron' : 'oncalendar'
}
