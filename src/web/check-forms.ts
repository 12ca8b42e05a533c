import type { Check } from '../core/check'
import type { Problem } from '../core/problem'
import type { Schedule } from '../core/schedule'
import { DAY, HOUR } from '../core/time'
import { durationField, durationForm, field, readDuration, summaryOf } from './fields'
import type { Form } from './fields'
import type { FormPage } from './view-models'
import type { Crumb, FieldGroup } from './view-parts'

/** The forms about a check: C02, C05, C06 of web-ui.md. */

/** What a form is filled with, what is wrong with it, and where it leads. */
export interface FormState {
  trail: Crumb[]
  action: string
  cancelUrl: string
  form: Form
  problem: Problem | null
}

export function newCheckForm(state: FormState): FormPage {
  return {
    ...frameOf(state),
    heading: 'New check',
    intro: 'A check listens for one job and raises the alarm when the job stays silent.',
    groups: [descriptionGroup(state), timingGroup(state, 'Schedule')],
    submit: 'Create check',
  }
}

export function nameForm(state: FormState): FormPage {
  return {
    ...frameOf(state),
    heading: 'Name and description',
    groups: [descriptionGroup(state)],
    submit: 'Save',
  }
}

export function scheduleForm(state: FormState): FormPage {
  return {
    ...frameOf(state),
    heading: 'Schedule',
    intro: 'Saving a schedule under which the check is overdue makes it down at once, without an alert.',
    groups: [timingGroup(state, '')],
    submit: 'Save',
  }
}

/** What an empty form for a new check holds: a day and an hour. */
export function newCheckValues(tags: string[]): Form {
  return { tags: tags.join(' '), ...durationForm('period', DAY), ...durationForm('grace', HOUR) }
}

export function nameValues({ name, slug, tags, description }: Check): Form {
  return { name, slug, tags, description }
}

export function scheduleValues({ schedule, graceMs }: Check): Form {
  const period = schedule.kind === 'period' ? durationForm('period', schedule.periodMs) : {}
  return { ...period, ...durationForm('grace', graceMs) }
}

export function readDescription({ name = '', slug = '', tags = '', description = '' }: Form): {
  name: string
  slug: string
  tags: string
  description: string
} {
  return { name, slug, tags, description }
}

export function readTiming(form: Form): { schedule: Schedule; graceMs: number } {
  const periodMs = readDuration(form, 'period')
  return { schedule: { kind: 'period', periodMs }, graceMs: readDuration(form, 'grace') }
}

function frameOf({ trail, action, cancelUrl, problem }: FormState): Omit<FormPage, 'heading' | 'submit'> {
  return {
    trail,
    action,
    cancelUrl,
    intro: '',
    hidden: [],
    groups: [],
    errors: summaryOf(problem),
    notes: [],
    placeholders: [],
  }
}

function descriptionGroup({ form, problem }: FormState): FieldGroup {
  const about = (name: string): { name: string; value: string; error: string } => ({
    name,
    value: form[name] ?? '',
    error: problem?.fields?.[name] ?? '',
  })
  return {
    legend: '',
    fields: [
      field({ ...about('name'), label: 'Name', maxLength: 100, isFirst: problem === null }),
      field({
        ...about('slug'),
        label: 'Slug',
        help: 'A short name for ping addresses: a–z, 0–9, hyphen and underscore. May stay empty.',
        maxLength: 100,
        isCode: true,
      }),
      field({ ...about('tags'), label: 'Tags', help: 'Words separated by spaces.', maxLength: 500 }),
      field({
        ...about('description'),
        label: 'Description',
        type: 'area',
        help: 'What the job does, and what to do when it fails. Alerts carry it.',
        maxLength: 10_000,
      }),
    ],
  }
}

function timingGroup({ form, problem }: FormState, legend: string): FieldGroup {
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  return {
    legend,
    fields: [
      durationField(
        { name: 'period', label: 'Expected every', help: 'How often the job runs.', error: wrong('period') },
        form,
      ),
      durationField(
        {
          name: 'grace',
          label: 'Grace time',
          help: 'How late a ping may be, and how long a run may take, before the alarm is raised.',
          error: wrong('grace'),
        },
        form,
      ),
    ],
  }
}
