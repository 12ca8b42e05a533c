import type { Field as KindField, Integration } from '../integrations/integration'
import type { Problem } from '../core/problem'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { FormPage } from './view-models'
import type { Crumb, Field, FieldGroup } from './view-parts'

export interface ChannelFormState {
  kind: Integration
  trail: Crumb[]
  action: string
  cancelUrl: string
  heading: string
  submit: string
  form: Form
  problem: Problem | null
  /** How what is entered was tried out; null when it was not. */
  tried: NonNullable<FormPage['tried']> | null
  isNew: boolean
}

const MAX_NAME = 100

const TYPES: Record<KindField['widget'], Field['type']> = {
  text: 'text',
  email: 'email',
  url: 'url',
  select: 'select',
  checkbox: 'tick',
  headers: 'area',
  area: 'area',
}

/** A form made from what an integration says of its fields: web-ui.md I03. */
export function channelForm(state: ChannelFormState): FormPage {
  const { kind, form, problem } = state
  return {
    trail: state.trail,
    heading: state.heading,
    intro: kind.blurb,
    action: state.action,
    hidden: [],
    groups: [
      ...groupsOf(kind, form, problem),
      ...(state.isNew ? [{ legend: '', fields: [switchedOn(form)] }] : []),
    ],
    errors: summaryOf(problem),
    submit: state.submit,
    tried: state.tried,
    trySubmit: 'Send a test first',
    cancelUrl: state.cancelUrl,
    notes: [...kind.notes],
    placeholders: [...kind.placeholders],
  }
}

/** What the form of a new channel is filled with. */
export function initialForm({ fields }: Integration): Form {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]))
}

function groupsOf(kind: Integration, form: Form, problem: Problem | null): FieldGroup[] {
  const of = (group: KindField['group']): Field[] =>
    kind.fields.filter((each) => each.group === group).map((each) => fieldOf(each, form, problem))
  const name = field({
    name: 'name',
    label: 'Name',
    value: form['name'] ?? '',
    help: 'What to call it in lists. May stay empty.',
    error: problem?.fields?.['name'] ?? '',
    maxLength: MAX_NAME,
  })
  return [
    { legend: '', fields: [name, ...of(undefined)] },
    { legend: 'While a check stays down', fields: repeatFields(form, problem) },
    { legend: 'When a check goes down', fields: of('down') },
    { legend: 'When a check comes back up', fields: of('up') },
  ].filter(({ fields }) => fields.length > 0)
}

function repeatFields(form: Form, problem: Problem | null): Field[] {
  const chosen = form['repeat'] ?? ''
  return [
    field({
      name: 'repeat',
      label: 'Tell it again',
      type: 'select',
      help: 'Until the check is no longer down, or somebody opens the link in the message and acknowledges it.',
      error: problem?.fields?.['repeat'] ?? '',
      options: REPEATS.map(([value, label]) => ({ value, label, chosen: value === chosen })),
    }),
    field({
      name: 'repeat_minutes',
      label: 'How many minutes',
      type: 'number',
      value: form['repeat_minutes'] ?? '',
      help: 'Only for: after some minutes.',
      error: problem?.fields?.['repeat_minutes'] ?? '',
    }),
  ]
}

function switchedOn(form: Form): Field {
  const chosen = form['for'] ?? 'all'
  return field({
    name: 'for',
    label: 'Switch it on for',
    type: 'select',
    options: SWITCHES.map(([value, label]) => ({ value, label, chosen: value === chosen })),
  })
}

const SWITCHES = [
  ['all', 'All checks'],
  ['none', 'No check yet'],
  ['choose', 'Some checks: choose them next'],
] as const

const REPEATS = [
  ['', 'Never: once is enough'],
  ['hour', 'Every hour'],
  ['day', 'Every day'],
  ['minutes', 'After some minutes, again and again'],
] as const

function fieldOf(about: KindField, form: Form, problem: Problem | null): Field {
  const value = form[about.name] ?? ''
  return field({
    name: about.name,
    label: about.label,
    type: TYPES[about.widget],
    value,
    help: helpOf(about),
    error: problem?.fields?.[about.name] ?? '',
    required: about.required,
    maxLength: about.maxLength ?? null,
    isCode: ['url', 'headers', 'area'].includes(about.widget),
    options: (about.options ?? []).map((option) => ({
      value: option,
      label: option,
      chosen: option === value,
    })),
  })
}

function helpOf({ help, onlyFor }: KindField): string {
  const only = onlyFor === undefined ? '' : `Only for ${onlyFor.values.join(' and ')}.`
  return [help ?? '', only].filter((sentence) => sentence !== '').join(' ')
}
