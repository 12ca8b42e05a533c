import { splitCrontabLine } from '../core/cron/crontab-line'
import type { PastedLine } from './schedule-models'

/** Programs that only run another one, which is the job. */
const WRAPPERS = new Set(['chronic', 'exec', 'ionice', 'nice', 'nohup', 'setsid', 'sudo', 'time'])

/** A sixth word of this shape belongs to a format with seconds or years, and is no command. */
const MORE_FIELDS = /^[\d*?/,#L-]+$|^(sun|mon|tue|wed|thu|fri|sat)([,-](sun|mon|tue|wed|thu|fri|sat))*$/i

/**
 * A whole line of a crontab where only its expression is asked for, also with a user as in /etc/crontab, or
 * a name such as @daily; null for everything else: web-ui.md C06, spec/schedules.md [S10].
 */
export function pastedLine(text: string): PastedLine | null {
  const split = splitCrontabLine(text)
  if (split === null) return null
  const { expression, command } = split
  if (MORE_FIELDS.test(command.split(/\s/)[0] ?? '')) return null
  if (command === '' && expression === text.trim()) return null
  return { expression, command, name: nameOfCommand(command) }
}

/** What a person would call the job: '/usr/local/bin/backup.sh --all >/dev/null' is a 'backup'. */
export function nameOfCommand(command: string): string {
  const afterCd = command.replace(/^cd\s+\S+\s*(&&|;)\s*/, '')
  const words = afterCd.split(/\s+/).filter((word) => !/^\w+=/.test(word))
  const isUserFirst = /^[a-z_][a-z0-9_-]*$/.test(words[0] ?? '') && /^[/~.]/.test(words[1] ?? '')
  const program = words
    .slice(isUserFirst ? 1 : 0)
    .find((word) => !WRAPPERS.has(word) && !/^(-|\d+$)/.test(word))
  const file = program?.split('/').findLast((part) => part !== '') ?? ''
  return file
    .replace(/\.\w{1,4}$/, '')
    .replace(/[^\p{L}\p{N}._-]/gu, '')
    .slice(0, 100)
}
