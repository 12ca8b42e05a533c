import type { Schedule } from '../core/schedule'
import type { Instant } from '../core/time'
import { periodInWords, trunc } from '../core/words'
import type { Listed } from './board'
import { inZone, lasting, mark, moment } from './show'
import type { Due, ScheduleText } from './view-parts'

/** What the columns of the list of checks say: web-ui.md §6.3. */

/** Characters of an expression that a row has room for. */
const MOST_OF_EXPRESSION = 24

/** When the next ping is expected, since when it should have come, or how long a run takes by now. */
export function dueOf({ check, status, dueAt }: Listed, nowAt: Instant, tz: string): Due | null {
  const since = (at: Instant): Pick<Due, 'time' | 'span'> => ({
    time: moment(at, tz),
    span: lasting(nowAt - at),
  })
  if (check.openRun !== null) {
    const trail = `of ${periodInWords(check.graceMs)}`
    return { lead: 'running', ...since(check.openRun.startedAt), trail, tone: 'running' }
  }
  if (check.status === 'new' || check.status === 'paused' || dueAt === null) return null
  if (dueAt <= nowAt) return { lead: 'overdue', ...since(dueAt), trail: '', tone: status }
  return { lead: '', time: moment(dueAt, tz), span: '', trail: '', tone: status }
}

/** 'Late since 2026-01-15 12:00'. `flippedAt`: its last change of status that was kept; time alone can change it, too. */
export function sinceWhen(
  { check, status, dueAt }: Listed,
  flippedAt: Instant | undefined,
  tz: string,
): string {
  const byTime = status === 'late' ? dueAt : status === check.status ? null : check.alertAfterAt
  return `${mark(status).word} since ${inZone(byTime ?? flippedAt ?? check.createdAt, tz).slice(0, 16)}`
}

export function scheduleText(schedule: Schedule): ScheduleText {
  if (schedule.kind === 'period') {
    return { text: periodInWords(schedule.periodMs), whole: '', isCode: false, tz: '' }
  }
  const line = schedule.expression
    .trim()
    .split(/\s*\n\s*/)
    .join(' · ')
  const text = trunc(line, MOST_OF_EXPRESSION)
  return {
    text,
    whole: text === line ? '' : line,
    isCode: true,
    tz: schedule.tz === 'UTC' ? '' : schedule.tz,
  }
}
