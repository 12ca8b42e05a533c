import { readRepeat } from '../actions/repeat-form'
import { emptyForm } from '../integrations/integration'
import type { Form, Integration } from '../integrations/integration'
import { integrationOf, integrations } from '../integrations/registry'
import { formWith, pathOf, placed } from '../integrations/settings'
import type { Reader } from './reader'
import type { ChannelWish } from './wish'
import type { Located } from './yaml'

export function readChannels(reader: Reader, node: Located | undefined): ChannelWish[] | null {
  const items = reader.list(node, 'channels')
  return items?.flatMap((item) => readChannel(reader, item)) ?? null
}

function readChannel(reader: Reader, node: Located): ChannelWish[] {
  const { line } = node
  const entries = reader.entries(node, 'A channel', ['id', 'name', 'kind', 'settings', 'repeat'])
  const kindNode = entries.get('kind')
  const kindName = reader.text(kindNode, 'kind')
  const kind = integrationOf(kindName)
  if (kind === null) {
    const kinds = integrations.map((each) => each.kind).join(', ')
    reader.wrong(kindNode?.line ?? line, `kind has to be one of: ${kinds}.`)
    return []
  }
  const name = reader.text(entries.get('name'), 'name').trim()
  if (name.length > 100) reader.wrong(entries.get('name')?.line ?? line, 'name: At most 100 characters.')
  const settings = readSettings(reader, kind, entries.get('settings'), line)
  return [
    {
      line,
      id: reader.text(entries.get('id'), 'id') || null,
      name,
      kind,
      ...settings,
      repeat: readRepeatSeconds(reader, entries.get('repeat')),
    },
  ]
}

/** Checked by the integration itself, unless something of it is not known yet. */
function readSettings(
  reader: Reader,
  kind: Integration,
  node: Located | undefined,
  line: number,
): Pick<ChannelWish, 'form' | 'missing' | 'secret'> {
  const places = new Map<string, number>()
  const secretPlaces = new Set<string>()
  const missingPlaces = new Map<string, string[]>()
  const said = node === undefined ? {} : plain(node, '')
  const byPlace = new Map(kind.fields.map((field) => [pathOf(field).join('.'), field.name]))
  const fieldsAt = <T>(all: Iterable<[string, T]>): [string, T][] =>
    [...all].flatMap(([place, value]) => {
      const name = byPlace.get(place) ?? byPlace.get(place.split('.').slice(0, -1).join('.'))
      return name === undefined ? [] : [[name, value] as [string, T]]
    })
  const missing = new Map(fieldsAt(missingPlaces))
  const marked = kind.fields.filter((field) => field.secret === true).map((field) => field.name)
  const secret = new Set([
    ...marked,
    ...fieldsAt([...secretPlaces].map((place) => [place, true])).map(([name]) => name),
  ])

  const filled = formWith(kind, emptyForm(kind.fields), said)
  if (!filled.ok) {
    for (const [place, what] of Object.entries(filled.problem.fields ?? {})) {
      reader.wrong(places.get(place) ?? node?.line ?? line, `${place} ${what}.`)
    }
    return { form: emptyForm(kind.fields), missing, secret }
  }
  return { form: missing.size > 0 ? filled.value : checked(filled.value), missing, secret }

  /** As the integration keeps it. */
  function checked(form: Form): Form {
    const parsed = kind.parse(form)
    if (parsed.ok) return kind.toForm(parsed.value.value)
    for (const [place, message] of placed(kind.fields, parsed.problem.fields ?? {})) {
      reader.wrong(places.get(place) ?? node?.line ?? line, `${place}: ${message}`)
    }
    return form
  }

  function plain(node: Located, place: string): unknown {
    places.set(place, node.line)
    if (node.kind === 'list') return node.items.map((item) => plain(item, `${place}.`))
    if (node.kind === 'map') {
      const entries = [...node.entries].map(([key, { value }]) => {
        return [key, plain(value, place === '' ? key : `${place}.${key}`)] as const
      })
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
    }
    if (typeof node.value === 'boolean') return node.value
    const words = reader.words(node, place)
    if (words?.isSecret) secretPlaces.add(place)
    if (words?.text === null) missingPlaces.set(place, words.missing)
    return words?.text ?? undefined
  }
}

/** Seconds, as for everything in these files; null: once only. */
function readRepeatSeconds(reader: Reader, node: Located | undefined): number | null {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return null
  const seconds = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : NaN
  if (readRepeat({ repeat: 'minutes', repeat_minutes: String(seconds / 60) }).ok) return seconds
  reader.wrong(node.line, 'repeat has to be seconds that are whole minutes, 300 to 86400.')
  return null
}
