import { expressionProblem } from '../schedule-problem'

/** Names that crontabs have for some expressions: spec/schedules.md [S10]. */
const NAMES: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

/**
 * Splits a line pasted from a crontab: '@daily /usr/bin/backup' is '0 0 * * *' and '/usr/bin/backup'. The command
 * is '' when there is none. Null when the line does not begin with an expression that can be used. Where a system
 * crontab names the user, that is a part of the command.
 */
export function splitCrontabLine(line: string): { expression: string; command: string } | null {
  const trimmed = line.trim()
  if (trimmed.includes('\n')) return null
  const named = /^(@[a-z]+)(?:[ \t]+(.*))?$/i.exec(trimmed)
  if (named) {
    const expression = NAMES[named[1]?.toLowerCase() ?? '']
    return expression === undefined ? null : { expression, command: named[2] ?? '' }
  }
  const fields = /^((?:[^ \t]+[ \t]+){4}[^ \t]+)(?:[ \t]+(.*))?$/.exec(trimmed)
  const expression = fields?.[1]?.split(/[ \t]+/).join(' ')
  if (expression === undefined || expressionProblem('cron', expression) !== null) return null
  return { expression, command: fields?.[2] ?? '' }
}
