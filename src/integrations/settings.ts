import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { headerLines } from './forms'
import type { Field, Form, Integration } from './integration'

// What a channel is set to, as scripts and files say it: the fields of its form, with those of a group
// below its name, ticks as true and false, and headers as an object.

export type Setting = string | boolean | Readonly<Record<string, string>>

export type Settings = Readonly<Record<string, Setting | Readonly<Record<string, Setting>>>>

/** Where a field stands in settings: ['value'], or ['down', 'url']. */
export function pathOf({ name, group }: Field): [string] | [string, string] {
  return group !== undefined && name.endsWith(`_${group}`)
    ? [group, name.slice(0, -group.length - 1)]
    : [name]
}

/** What a filled form says. `only` leaves out the other fields. */
export function settingsOf(
  fields: readonly Field[],
  form: Form,
  only: (field: Field) => boolean = () => true,
): Settings {
  const settings: Record<string, Setting | Record<string, Setting>> = {}
  for (const field of fields.filter(only)) {
    const [outer, inner] = pathOf(field)
    const setting = settingOf(field, form[field.name] ?? '')
    if (inner === undefined) settings[outer] = setting
    else settings[outer] = { ...(settings[outer] as Record<string, Setting> | undefined), [inner]: setting }
  }
  return settings
}

/** A form with what was said put in. Problems are told by the place in the settings: 'down.url'. */
export function formWith(
  { fields, label }: Pick<Integration, 'fields' | 'label'>,
  before: Form,
  settings: unknown,
): Result<Form> {
  if (!isRecord(settings)) return wrong('settings', 'is not an object')
  const form: Record<string, string | undefined> = { ...before }
  const known = new Map(fields.map((field) => [pathOf(field).join('.'), field]))
  for (const [place, value] of placesOf(settings, new Set(fields.flatMap(groupOf)))) {
    const field = known.get(place)
    if (field === undefined)
      return wrong(place, `is no setting of ${label}; there are: ${[...known.keys()].join(', ')}`)
    const text = textOf(field, value)
    if (text === null) return wrong(place, `is not ${EXPECTED[field.widget] ?? 'text'}`)
    form[field.name] = text
  }
  return ok(form)
}

/** What is wrong with a form, by places in the settings. */
export function placed(
  fields: readonly Field[],
  problems: Readonly<Record<string, string>>,
): [string, string][] {
  return Object.entries(problems).map(([name, message]) => {
    const field = fields.find((each) => each.name === name)
    return [field === undefined ? name : pathOf(field).join('.'), message]
  })
}

const EXPECTED: Partial<Record<Field['widget'], string>> = {
  checkbox: 'true or false',
  headers: 'an object of header names and values',
}

function settingOf({ widget }: Field, text: string): Setting {
  if (widget === 'checkbox') return text === 'true'
  return widget === 'headers' ? headersIn(text) : text
}

function textOf({ widget }: Field, value: unknown): string | null {
  if (widget === 'checkbox') return typeof value === 'boolean' ? (value ? 'true' : '') : null
  if (widget !== 'headers') {
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
  }
  if (!isRecord(value)) return null
  const isFine = Object.entries(value).every(
    ([name, content]) => typeof content === 'string' && !/[\r\n:]/.test(name) && !/[\r\n]/.test(content),
  )
  return isFine ? headerLines(value as Record<string, string>) : null
}

function headersIn(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes(':'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
}

function groupOf(field: Field): string[] {
  const [outer, inner] = pathOf(field)
  return inner === undefined ? [] : [outer]
}

function placesOf(settings: Record<string, unknown>, groups: ReadonlySet<string>): [string, unknown][] {
  return Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
    groups.has(name) && isRecord(value)
      ? Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, each])
      : [[name, value]],
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(place: string, what: string): ReturnType<typeof fail> {
  return fail('invalid', `${place} ${what}`, { fields: { [place]: what } })
}
