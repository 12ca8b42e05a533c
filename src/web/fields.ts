import { DAY, HOUR, MINUTE } from '../core/time'
import type { Problem } from '../core/problem'
import type { Field } from './view-parts'

/** Questions of forms, and what came back. web-ui.md §2.8. */

/** A posted form: the first value of each field. */
export type Form = Readonly<Record<string, string | undefined>>

const UNITS = [
  { value: 'minutes', ms: MINUTE },
  { value: 'hours', ms: HOUR },
  { value: 'days', ms: DAY },
  { value: 'weeks', ms: 7 * DAY },
]

/** The body of a posted form, whatever the parser made of it. */
export function formOf(body: unknown): Form {
  if (typeof body !== 'object' || body === null) return {}
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value
      return [name, typeof first === 'string' ? first : undefined]
    }),
  )
}

/** A question; what is not said is empty. */
export function field(about: Pick<Field, 'name' | 'label'> & Partial<Field>): Field {
  return {
    type: 'text',
    value: '',
    help: '',
    error: '',
    required: false,
    maxLength: null,
    autocomplete: 'off',
    isCode: false,
    isFirst: false,
    options: [],
    ...about,
  }
}

/** A duration as a number and a unit: the largest unit that leaves a whole number. */
export function durationField(about: Pick<Field, 'name' | 'label' | 'help' | 'error'>, form: Form): Field {
  const chosen = form[`${about.name}_unit`] ?? 'minutes'
  return field({
    ...about,
    type: 'duration',
    required: true,
    value: form[about.name] ?? '',
    options: UNITS.map(({ value }) => ({ value, label: value, chosen: value === chosen })),
  })
}

/** What a duration field is filled with. */
export function durationForm(name: string, ms: number): Record<string, string> {
  const unit = UNITS.findLast((each) => ms % each.ms === 0) ?? { value: 'minutes', ms: MINUTE }
  return { [name]: String(ms / unit.ms), [`${name}_unit`]: unit.value }
}

/** The duration that was entered, in milliseconds; NaN, which no rule takes, when it is none. */
export function readDuration(form: Form, name: string): number {
  const entered = (form[name] ?? '').trim()
  const unit = UNITS.find(({ value }) => value === form[`${name}_unit`])
  return unit !== undefined && /^\d{1,9}$/.test(entered) ? Number(entered) * unit.ms : NaN
}

/** The error summary of a form: each wrong field, or the sentence about the whole. */
export function summaryOf(problem: Problem | null): { field: string; text: string }[] {
  if (problem === null) return []
  const fields = Object.entries(problem.fields ?? {}).map(([name, text]) => ({ field: name, text }))
  return fields.length > 0 ? fields : [{ field: '', text: problem.message }]
}
