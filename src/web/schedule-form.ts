import type { Check } from '../core/check'
import type { Problem } from '../core/problem'
import type { Schedule } from '../core/schedule'
import { DAY, HOUR } from '../core/time'
import { ZONE_NAMES } from '../core/zones/names'
import { pastedLine } from './crontab-line'
import { durationField, durationForm, field, readDuration } from './fields'
import type { Form } from './fields'
import type { PastedLine, SchedulePreview, TimingPart } from './schedule-models'

/** The questions about when a job is expected: web-ui.md C06. */

/** By the names that the kinds have in forms. */
const KINDS: Record<string, { kind: Schedule['kind']; label: string; text: string }> = {
  simple: { kind: 'period', label: 'Simple', text: 'every so often, counted from the last ping' },
  cron: { kind: 'cron', label: 'Cron', text: 'at the times of a crontab' },
  oncalendar: { kind: 'oncalendar', label: 'OnCalendar', text: 'at the times of a systemd timer' },
}

/** Most zones of a project that are listed before all the others. */
const FAVOURITES = 5

/** A whole crontab line may be pasted; of an expression the rules allow 100 characters. */
const MAX_LINE = 1000
const MAX_EXPRESSION = 100

/** What a form for a new check begins with: a day and an hour, in the zone that is most used. */
export function newTimingValues(zones: readonly string[], tz: string): Form {
  return {
    kind: 'simple',
    ...durationForm('period', DAY),
    ...durationForm('grace', HOUR),
    cron: '0 4 * * *',
    oncalendar: '04:00',
    tz: zones[0] ?? tz,
  }
}

/** What the form of an existing check begins with; what its kind does not use is as it was when it did. */
export function timingValues(
  { schedule, spare, graceMs }: Check,
  zones: readonly string[],
  tz: string,
): Form {
  const isPeriod = schedule.kind === 'period'
  const zone = isPeriod && spare.tz !== 'UTC' ? spare.tz : (zones[0] ?? tz)
  return {
    ...newTimingValues(zones, tz),
    kind: Object.keys(KINDS).find((name) => KINDS[name]?.kind === schedule.kind),
    ...durationForm('period', isPeriod ? schedule.periodMs : spare.periodMs),
    ...durationForm('grace', graceMs),
    tz: isPeriod ? zone : schedule.tz,
    ...(isPeriod ? {} : { [schedule.kind]: schedule.expression }),
  }
}

/** The form with a pasted crontab line cut to its expression; a check without a name gets that of the command. */
export function withoutCommand(form: Form): { form: Form; pasted: PastedLine | null } {
  const pasted = form['kind'] === 'cron' ? pastedLine(form['cron'] ?? '') : null
  if (pasted === null) return { form, pasted }
  const isNameless = form['name']?.trim() === ''
  return {
    form: { ...form, cron: pasted.expression, ...(isNameless ? { name: pasted.name } : {}) },
    pasted,
  }
}

/** What the form says, valid or not. */
export function readTiming(form: Form): { schedule: Schedule; graceMs: number } {
  return { schedule: readSchedule(form), graceMs: readDuration(form, 'grace') }
}

/** The zones of a project's checks, the most used first. */
export function zonesInUse(checks: readonly Check[]): string[] {
  const uses = new Map<string, number>()
  for (const { schedule } of checks) {
    if (schedule.kind !== 'period') uses.set(schedule.tz, (uses.get(schedule.tz) ?? 0) + 1)
  }
  return [...uses].toSorted(([a, i], [b, j]) => j - i || (a < b ? -1 : 1)).map(([zone]) => zone)
}

export interface TimingState {
  form: Form
  problem: Problem | null
  zones: readonly string[]
  preview: SchedulePreview
}

export function timingPart(legend: string, { form, problem, zones, preview }: TimingState): TimingPart {
  const chosen = kindOfForm(form)
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  const wrongSchedule = (name: string): string => (name === chosen ? wrong('schedule') : '')
  const first = zones.slice(0, FAVOURITES)
  return {
    legend,
    kinds: Object.entries(KINDS).map(([value, { label, text }]) => ({
      value,
      label,
      text,
      chosen: value === chosen,
    })),
    period: durationField(
      { name: 'period', label: 'Expected every', help: 'How often the job runs.', error: wrong('period') },
      form,
    ),
    cron: field({
      name: 'cron',
      label: 'Expression',
      help: 'Minute, hour, day of month, month, day of week. You can paste a whole line of your crontab.',
      value: form['cron'] ?? '',
      error: wrongSchedule('cron'),
      required: true,
      maxLength: MAX_LINE,
      isCode: true,
    }),
    oncalendar: field({
      name: 'oncalendar',
      label: 'Expressions',
      type: 'area',
      help: 'As after OnCalendar= in a systemd timer, one on each line. A line may end with a zone of its own.',
      value: form['oncalendar'] ?? '',
      error: wrongSchedule('oncalendar'),
      required: true,
      maxLength: MAX_EXPRESSION,
      isCode: true,
    }),
    tz: field({
      name: 'tz',
      label: 'Time zone',
      type: 'zone',
      help: 'Where the clock hangs that starts the job.',
      value: form['tz'] ?? '',
      error: chosen === 'simple' ? '' : wrong('tz'),
      required: true,
    }),
    zones: [...first, ...ZONE_NAMES.filter((zone) => !first.includes(zone))],
    grace: durationField(
      {
        name: 'grace',
        label: 'Grace time',
        help: 'How late a ping may be, and how long a run may take, before the alarm is raised.',
        error: wrong('grace'),
      },
      form,
    ),
    preview,
  }
}

/** The same problem, told about the fields that this form has. */
export function inFormFields(problem: Problem, form: Form): Problem {
  const { schedule, ...fields } = problem.fields ?? {}
  if (schedule === undefined) return problem
  return { ...problem, fields: { [kindOfForm(form)]: schedule, ...fields } }
}

function readSchedule(form: Form): Schedule {
  const kind = kindOfForm(form)
  if (kind === 'simple') return { kind: 'period', periodMs: readDuration(form, 'period') }
  const tz = form['tz'] ?? ''
  if (kind === 'cron') return { kind, expression: (form['cron'] ?? '').trim(), tz }
  // Browsers send lines as mail does; only the blank space around them is not part of what was meant.
  const lines = (form['oncalendar'] ?? '').trim().split(/\r\n|\r|\n/)
  return { kind, expression: lines.join('\n'), tz }
}

function kindOfForm(form: Form): 'simple' | 'cron' | 'oncalendar' {
  const kind = form['kind']
  return kind === 'cron' || kind === 'oncalendar' ? kind : 'simple'
}
