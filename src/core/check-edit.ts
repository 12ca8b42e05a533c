import type { Check, Filters } from './check'
import type { CheckFields, UniqueField } from './check-fields'
import type { Schedule } from './schedule'
import { kindOf } from './schedule-problem'
import { slugOf } from './slug'
import { DAY, HOUR, SECOND } from './time'

/** What people and scripts decide about a check. */
export type Decided = Pick<
  Check,
  | 'name'
  | 'slug'
  | 'tags'
  | 'description'
  | 'schedule'
  | 'spare'
  | 'graceMs'
  | 'manualResume'
  | 'postOnly'
  | 'filters'
>

/** A check about which nothing was said. */
export const UNDECIDED: Decided = {
  name: '',
  slug: '',
  tags: '',
  description: '',
  schedule: { kind: 'period', periodMs: DAY },
  spare: { periodMs: DAY, tz: 'UTC' },
  graceMs: HOUR,
  manualResume: false,
  postOnly: false,
  filters: {
    subject: false,
    body: false,
    httpBody: false,
    startWords: '',
    successWords: '',
    failWords: '',
    otherwiseFail: false,
  },
}

/**
 * The same with what was said put in: spec/management-api.md §7. `derivesSlug`: a name makes a slug,
 * as in the first two versions of the API, unless there is one in the same breath.
 */
export function withFields<C extends Decided>(
  check: C,
  fields: CheckFields,
  { derivesSlug }: { derivesSlug: boolean },
): C {
  const derived = derivesSlug && fields.name !== undefined ? slugOf(fields.name) : check.slug
  return {
    ...check,
    name: fields.name ?? check.name,
    slug: fields.slug ?? derived,
    tags: fields.tags ?? check.tags,
    description: fields.desc ?? check.description,
    ...timing(check, fields),
    graceMs: fields.grace === undefined ? check.graceMs : fields.grace * SECOND,
    manualResume: fields.manual_resume ?? check.manualResume,
    postOnly: fields.methods === undefined ? check.postOnly : fields.methods === 'POST',
    filters: filters(check.filters, fields),
  }
}

/** What has to be equal for a check to be the one that is meant; null: none is, so create one ([M33]). */
export function matchOf(fields: CheckFields): Partial<Record<UniqueField, string | number>> | null {
  const unique = fields.unique ?? []
  if (unique.length === 0) return null
  const wanted: Partial<Record<UniqueField, string | number>> = {}
  for (const field of unique) {
    const value = fields[field]
    if (value === undefined) return null
    wanted[field] = value
  }
  return wanted
}

/** A schedule wins over a period; the zone, and the period of a schedule, are kept for later: [M31]. */
function timing(check: Decided, fields: CheckFields): Pick<Decided, 'schedule' | 'spare'> {
  const before = check.schedule
  const tz = fields.tz ?? (before.kind === 'period' ? check.spare.tz : before.tz)
  const periodMs = before.kind === 'period' ? before.periodMs : check.spare.periodMs
  return { schedule: scheduleNow(before, fields, tz), spare: { periodMs, tz } }
}

function scheduleNow(before: Schedule, { schedule, timeout }: CheckFields, tz: string): Schedule {
  if (schedule !== undefined) return { kind: kindOf(schedule), expression: schedule, tz }
  if (timeout !== undefined) return { kind: 'period', periodMs: timeout * SECOND }
  return before.kind === 'period' ? before : { ...before, tz }
}

/** The older names first, each switching the look into subjects, then the newer ones: [M36]. */
function filters(before: Filters, fields: CheckFields): Filters {
  let { successWords, failWords, subject } = before
  if (fields.subject !== undefined) {
    successWords = fields.subject
    subject = successWords !== '' || failWords !== ''
  }
  if (fields.subject_fail !== undefined) {
    failWords = fields.subject_fail
    subject = successWords !== '' || failWords !== ''
  }
  return {
    subject: fields.filter_subject ?? subject,
    body: fields.filter_body ?? before.body,
    httpBody: fields.filter_http_body ?? before.httpBody,
    startWords: fields.start_kw ?? before.startWords,
    successWords: fields.success_kw ?? successWords,
    failWords: fields.failure_kw ?? failWords,
    otherwiseFail: fields.filter_default_fail ?? before.otherwiseFail,
  }
}
