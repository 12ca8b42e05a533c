import type { Check } from '../core/check'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { placedProblem } from '../core/schedule-problem'
import type { Schedule } from '../core/schedule'
import { DAY, MINUTE } from '../core/time'
import { zoneName } from '../core/zones/names'

/** What a person or a script decides about a check's looks. */
export interface Description {
  name: string
  slug: string
  /** Separated by white space. */
  tags: string
  description: string
}

export interface Timing {
  schedule: Schedule
  graceMs: number
}

/** spec/web-ui.md C02, C05. */
const MAX_NAME = 100
const MAX_SLUG = 100
export const MAX_TAGS = 500
const MAX_DESCRIPTION = 10_000

/** spec/web-ui.md C06. */
const SHORTEST_MS = MINUTE
const LONGEST_MS = 365 * DAY

/** Everything below a space except TAB, LF and CR, which texts may have. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** The description, tidied: trimmed, and each tag once, in the order given. */
export function validDescription(input: Description): Result<Description> {
  const described = {
    name: input.name.trim(),
    slug: input.slug.trim(),
    tags: [...new Set(input.tags.split(/\s+/).filter((tag) => tag !== ''))].join(' '),
    description: input.description.trim(),
  }
  const fields: Record<string, string> = {}
  for (const [field, text] of Object.entries(described)) {
    if (CONTROL.test(text)) fields[field] = 'Remove the control characters.'
  }
  if (lengthOf(described.name) > MAX_NAME) fields['name'] = `Name: at most ${MAX_NAME} characters.`
  if (!/^[a-z0-9_-]*$/.test(described.slug)) {
    fields['slug'] = 'Slug: only a–z, 0–9, hyphen and underscore.'
  } else if (described.slug.length > MAX_SLUG) {
    fields['slug'] = `Slug: at most ${MAX_SLUG} characters.`
  }
  if (lengthOf(described.tags) > MAX_TAGS) fields['tags'] = `Tags: at most ${MAX_TAGS} characters in total.`
  if (lengthOf(described.description) > MAX_DESCRIPTION) {
    fields['description'] = `Description: at most ${MAX_DESCRIPTION} characters.`
  }
  return Object.keys(fields).length === 0 ? ok(described) : invalid(fields)
}

/** The timing, with the zone under its present name. Fields that can be wrong: period, schedule, tz, grace. */
export function validTiming({ schedule, graceMs }: Timing): Result<Timing> {
  const valid = validSchedule(schedule)
  const isGraceFine = isPlausible(graceMs)
  if (valid.ok && isGraceFine) return ok({ schedule: valid.value, graceMs })
  return invalid({
    ...(valid.ok ? {} : valid.problem.fields),
    ...(isGraceFine ? {} : { grace: 'Between 1 minute and 365 days.' }),
  })
}

/** spec/schedules.md [S1], [S3], [S5]. */
export function validSchedule(schedule: Schedule): Result<Schedule> {
  if (schedule.kind === 'period') {
    const isFine = isPlausible(schedule.periodMs)
    return isFine ? ok(schedule) : invalid({ period: 'Between 1 minute and 365 days.' })
  }
  const tz = zoneName(schedule.tz.trim())
  const problem = placedProblem({ ...schedule, tz: tz ?? 'UTC' })
  if (problem === null && tz !== null) return ok({ ...schedule, tz })
  return invalid({
    ...(problem === null ? {} : { schedule: problem }),
    ...(tz === null ? { tz: 'Choose a time zone from the list.' } : {}),
  })
}

/** What a check keeps for the day when its kind of schedule is changed back. */
export function spareOf({ schedule, spare }: Pick<Check, 'schedule' | 'spare'>): Check['spare'] {
  return schedule.kind === 'period'
    ? { ...spare, periodMs: schedule.periodMs }
    : { ...spare, tz: schedule.tz }
}

function isPlausible(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= SHORTEST_MS && ms <= LONGEST_MS
}

function invalid(fields: Record<string, string>): Result<never> {
  return fail('invalid', Object.values(fields).join(' '), { fields })
}

/** As people count, not as UTF-16 does. */
function lengthOf(text: string): number {
  return Array.from(text).length
}
