import { alertAfter, expectedAt, reschedule } from '../core/check'
import type { Check } from '../core/check'
import type { Problem } from '../core/problem'
import type { Schedule } from '../core/schedule'
import { preview } from '../core/schedule-preview'
import type { PreviewedRun } from '../core/schedule-preview'
import { inWords } from '../core/schedule-words'
import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import { ago } from '../core/words'
import { isoInZone, wallTime } from '../core/zones/wall-time'
import { clockRemarks } from './clock-changes'
import type { PastedLine, PreviewRun, SchedulePreview } from './schedule-models'
import { evaluated, fixedMoment } from './show'
import type { Sentence } from './view-parts'

/** How many runs a preview shows: spec/schedules.md [S65]. */
const RUNS = 6

export interface PreviewSource {
  schedule: Schedule
  graceMs: number
  /** What the rules say against it, or null. */
  problem: Problem | null
  /** That it would be saved for; null for one that is not there yet. */
  check: Check | null
  pasted: PastedLine | null
  nowAt: Instant
  /** The zone of the person who looks. */
  tz: string
}

/** What a schedule would do, before it is saved: web-ui.md C06. */
export function schedulePreview(source: PreviewSource): SchedulePreview {
  const { schedule, problem, check, pasted, nowAt } = source
  const blank = { words: '', problem: '', zones: [], runs: [], remarks: [], consequence: null, pasted }
  const { period, schedule: expression, tz } = problem?.fields ?? {}
  const wrong = period ?? expression ?? tz
  if (wrong !== undefined) return { ...blank, problem: wrong }
  const isWhole = problem === null
  return {
    ...blank,
    words: wordsOf(schedule),
    ...(schedule.kind === 'period' ? {} : timesOf(schedule, source)),
    consequence: check === null || !isWhole ? null : consequenceOf(check, source, nowAt),
  }
}

/** 'At 04:00 every day', 'Every day'. Throws `UnusableSchedule`. */
export function wordsOf(schedule: Schedule): string {
  return inWords(schedule).replace(/^Every 1 (\w+)$/, 'Every $1')
}

function timesOf(
  schedule: Exclude<Schedule, { kind: 'period' }>,
  { nowAt, tz }: PreviewSource,
): Pick<SchedulePreview, 'zones' | 'runs' | 'remarks'> {
  const found = preview(schedule, { afterAt: nowAt, count: RUNS })
  const names = [...new Set([schedule.tz, tz, 'UTC'])]
  const first = found[0]
  const remarks = [
    ...(schedule.kind === 'cron' ? dayRemarks(schedule.expression) : []),
    ...(first === undefined ? ['There is no time left: a check that is up stays up.'] : []),
    ...(first !== undefined && first.at - nowAt > 365 * DAY
      ? [`Next match is ${wallTime(first.at, schedule.tz).date}.`]
      : []),
    ...(found.some(({ note }) => note !== undefined) ? [] : clockRemarks(schedule, nowAt)),
  ]
  return {
    zones: found.length === 0 ? [] : names.map((name) => ({ name, whose: whose(name, schedule.tz, tz) })),
    runs: found.map((run) => runOf(run, names, nowAt)),
    remarks,
  }
}

function whose(name: string, ofCheck: string, ofPerson: string): string {
  if (name === ofCheck) return name === ofPerson ? 'the check’s and yours' : 'the check’s'
  return name === ofPerson ? 'yours' : ''
}

function runOf({ at, note }: PreviewedRun, [zone = 'UTC', ...others]: string[], nowAt: Instant): PreviewRun {
  const own = wallTime(at, zone)
  return {
    iso: isoInZone(at, zone),
    times: [
      { day: `${own.weekday} ${own.date}`, time: own.time, offset: own.offset },
      ...others.map((other) => {
        const { date, time } = wallTime(at, other)
        return { day: date === own.date ? '' : date, time, offset: '' }
      }),
    ],
    relative: ago(at, nowAt).replace(/^(.*) from now$/, 'in $1'),
    note: note ?? '',
  }
}

/** How the two fields about days go together, where both say something: spec/schedules.md [S20]. */
export function dayRemarks(expression: string): string[] {
  const [, , day = '*', , weekday = '*'] = expression.trim().split(/\s+/)
  if (isEvery(day) || isEvery(weekday)) return []
  const starred = [day, weekday].find((field) => field.startsWith('*'))
  if (starred === undefined) return ['Runs when either matches (classic cron rule).']
  return [`${starred} counts as unrestricted, so both fields must match.`]
}

function isEvery(field: string): boolean {
  return /^\*(\/0*1)?$/.test(field)
}

/** What saving does to the check as it now is. */
function consequenceOf(
  check: Check,
  { schedule, graceMs, tz }: PreviewSource,
  nowAt: Instant,
): SchedulePreview['consequence'] {
  const { check: after, flip } = reschedule(check, schedule, graceMs, nowAt)
  const changed = { ...check, schedule, graceMs }
  const at = (instant: Instant): Sentence[number] => fixedMoment(instant, tz)
  if (flip !== null) {
    const since = flip.silent ? (evaluated(() => alertAfter(changed)) ?? nowAt) : flip.at
    const sentence: Sentence = flip.silent
      ? [
          'With this schedule the check is overdue since ',
          at(since),
          '. It will become down without sending alerts.',
        ]
      : ['The check is overdue since ', at(since), ' already, and alerts go out.']
    return { isWarning: true, sentence }
  }
  return { isWarning: false, sentence: outlook(after, nowAt, at) }
}

function outlook(check: Check, nowAt: Instant, at: (instant: Instant) => Sentence[number]): Sentence {
  switch (check.status) {
    case 'new':
      return ['The first ping starts the clock.']
    case 'paused':
      return ['The check is paused: nothing is expected of it.']
    case 'down':
      return ['The check is down: the next success makes it up.']
    case 'up': {
      const expected = expectedAt(check)
      if (expected === null) return ['No further ping is due.']
      if (expected > nowAt) return ['Next ping due ', at(expected), '.']
      return [
        'A ping was due ',
        at(expected),
        '; it goes down ',
        at(check.alertAfterAt ?? nowAt),
        ' if none comes.',
      ]
    }
  }
}
