import type { Check } from '../core/check'
import type { Problem } from '../core/problem'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import { inFormFields, timingPart } from './schedule-form'
import type { CheckFormPage, SchedulePreview } from './schedule-models'
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

/** The same for a form that asks for a schedule. */
export interface TimingFormState extends FormState {
  /** The zones of the project, the most used first. */
  zones: readonly string[]
  preview: SchedulePreview
}

/** Of a channel that a new check can be switched on for. */
export const TOLD = 'told_'

/** `channels`: what may be told of it; all are, unless the form says otherwise. */
export function newCheckForm(
  state: TimingFormState & { channels: { code: string; name: string }[] },
): CheckFormPage {
  return {
    ...timingFrameOf(state),
    heading: 'New check',
    intro: 'A check listens for one job and raises the alarm when the job stays silent.',
    groups: [descriptionGroup(state)],
    timing: timingPart('Schedule', state),
    told: state.channels.map(({ code, name }) =>
      field({ name: TOLD + code, label: name, type: 'tick', value: isTold(state.form, code) ? 'true' : '' }),
    ),
    submit: 'Create check',
  }
}

/** Codes of those who are told, of the ones that were asked about; null where none were. */
export function readTold(form: Form): string[] | null {
  if (form['asks_told'] !== 'true') return null
  return Object.keys(form).flatMap((name) => (name.startsWith(TOLD) ? [name.slice(TOLD.length)] : []))
}

function isTold(form: Form, code: string): boolean {
  return form['asks_told'] !== 'true' || form[TOLD + code] === 'true'
}

export function nameForm(state: FormState): FormPage {
  return {
    ...frameOf(state),
    heading: 'Name and description',
    groups: [descriptionGroup(state)],
    submit: 'Save',
  }
}

export function scheduleForm(state: TimingFormState): CheckFormPage {
  return {
    ...timingFrameOf(state),
    heading: 'Schedule',
    intro: 'When a ping is expected, and how late it may be.',
    groups: [],
    timing: timingPart('', state),
    told: [],
    submit: 'Save',
  }
}

export function nameValues({ name, slug, tags, description }: Check): Form {
  return { name, slug, tags, description }
}

export function readDescription({ name = '', slug = '', tags = '', description = '' }: Form): {
  name: string
  slug: string
  tags: string
  description: string
} {
  return { name, slug, tags, description }
}

function timingFrameOf(
  state: TimingFormState,
): Omit<CheckFormPage, 'heading' | 'submit' | 'timing' | 'told'> {
  const { hidden: _, notes: __, placeholders: ___, ...frame } = frameOf(state)
  const { problem, form } = state
  return { ...frame, errors: summaryOf(problem === null ? null : inFormFields(problem, form)) }
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
        help: 'A short name for ping addresses: a–z, 0–9, hyphen and underscore. May stay empty, and does not follow the name.',
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
