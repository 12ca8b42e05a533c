import type { CheckDocument } from '../core/check-document'
import type { Field } from '../integrations/integration'
import { emptyForm } from '../integrations/integration'
import { integrationOf } from '../integrations/registry'
import { formWith, pathOf, settingsOf } from '../integrations/settings'
import type { Setting, Settings } from '../integrations/settings'
import { USUAL, USUAL_TIMEOUT } from './read-checks'
import { literal } from './references'
import type { ChannelDocument, KeyDocument, ProjectState } from './site'

export interface ExportOptions {
  /** Writes secrets themselves instead of references. Those of API keys are not known to anybody. */
  withSecrets: boolean
}

/** What `rollcall apply` reads: projects as data, without what is as usual. */
export function fileOf(states: readonly ProjectState[], options: ExportOptions): object {
  const named = new Names()
  return { version: 1, projects: states.map((state) => projectOf(state, states, named, options)) }
}

function projectOf(
  { project, channels, keys, members, checks }: ProjectState,
  all: readonly ProjectState[],
  named: Names,
  options: ExportOptions,
): object {
  const { id, name, owner, ping_key: pingKey } = project
  const isTwin = all.filter((each) => each.project.name === name && each.project.owner === owner).length > 1
  const secret = (value: string, ...about: string[]): string =>
    options.withSecrets ? literal(value) : named.reference(name, ...about)
  const active = keys.filter(({ expires }) => expires === null)
  return {
    ...(isTwin ? { id } : {}),
    name: literal(name),
    owner,
    ...(pingKey === undefined ? {} : { ping_key: pingKey === null ? null : secret(pingKey, 'ping key') }),
    api_keys: active.map((key) => keyOf(key, name, named, options)),
    members: members.map(({ email, role }) => ({ email, role })),
    channels: channels.map((each) => channelOf(each, channels, secret)),
    checks: checks.map((each) => checkOf(each, checks, channels)),
  }
}

function keyOf(
  { name, access }: KeyDocument,
  project: string,
  named: Names,
  { withSecrets }: ExportOptions,
): object {
  // A secret that nobody knows is either given from elsewhere, or kept.
  return {
    name: literal(name),
    access,
    ...(withSecrets ? {} : { secret: named.reference(project, name, 'key') }),
  }
}

function channelOf(
  channel: ChannelDocument,
  all: readonly ChannelDocument[],
  secret: (value: string, ...about: string[]) => string,
): object {
  const { id, name, kind, repeat } = channel
  return {
    ...(isNamed(channel, all) ? {} : { id }),
    ...(name === '' ? {} : { name: literal(name) }),
    kind,
    settings: settingsFor(channel, (value, place) => secret(value, name || kind, ...place.split('.'))),
    ...(repeat === null ? {} : { repeat }),
  }
}

/** Whether its name, or its kind where it has none, is enough to tell it by. */
function isNamed({ name, kind }: ChannelDocument, all: readonly ChannelDocument[]): boolean {
  const twins = all.filter((each) =>
    name === '' ? each.name === '' && each.kind === kind : each.name === name,
  )
  return twins.length === 1
}

/** What is not as in an empty form. */
function settingsFor(
  { kind: kindName, settings }: ChannelDocument,
  secret: (value: string, place: string) => string,
): Settings {
  const kind = integrationOf(kindName)
  if (kind === null) return settings
  const form = formWith(kind, emptyForm(kind.fields), settings)
  if (!form.ok) return settings
  const usual = emptyForm(kind.fields)
  const told = settingsOf(kind.fields, form.value, ({ name }) => form.value[name] !== usual[name])
  return mapped(told, kind.fields, secret)
}

function mapped(
  settings: Settings,
  fields: readonly Field[],
  secret: (value: string, place: string) => string,
): Settings {
  const written = (setting: Setting, place: string): Setting => {
    const isSecret = fields.some((field) => field.secret === true && pathOf(field).join('.') === place)
    const text = (value: string, at: string): string => (isSecret ? secret(value, at) : literal(value))
    if (typeof setting === 'boolean') return setting
    if (typeof setting === 'string') return text(setting, place)
    const pairs = Object.entries(setting).map(([name, value]) => [name, text(value, `${place}.${name}`)])
    return Object.fromEntries(pairs) as Record<string, string>
  }
  const groups = new Set(fields.flatMap((field) => (pathOf(field).length === 2 ? [pathOf(field)[0]] : [])))
  const all: [string, Settings[string]][] = Object.entries(settings).map(([name, value]) => {
    if (!groups.has(name) || typeof value !== 'object') return [name, written(value as Setting, name)]
    const inner = Object.entries(value).map(([key, each]) => [key, written(each, `${name}.${key}`)])
    return [name, Object.fromEntries(inner) as Record<string, Setting>]
  })
  return Object.fromEntries(all)
}

function checkOf(
  check: CheckDocument,
  all: readonly CheckDocument[],
  channels: readonly ChannelDocument[],
): object {
  const { uuid, slug, name, timeout, schedule, tz, tags, desc } = check
  const twins = all.filter((each) => (slug === '' ? each.name === name : each.slug === slug))
  const isNamed = twins.length === 1 && (name !== '' || slug !== '')
  const others = Object.entries(USUAL).filter(([field]) => !['name', 'slug', 'tags', 'desc'].includes(field))
  const words = tags.split(/\s+/).filter((tag) => tag !== '')
  return {
    ...(isNamed ? {} : { id: uuid }),
    ...(name === '' ? {} : { name: literal(name) }),
    ...(slug === '' ? {} : { slug }),
    ...(desc === '' ? {} : { description: literal(desc) }),
    ...(words.length === 0 ? {} : { tags: words.map(literal) }),
    ...(schedule === undefined ? {} : { schedule, ...(tz === 'UTC' ? {} : { tz }) }),
    ...(timeout === undefined || timeout === USUAL_TIMEOUT ? {} : { timeout }),
    ...Object.fromEntries(
      others.flatMap(([field, usual]) => {
        const value = check[field as keyof CheckDocument]
        return value === usual ? [] : [[field, typeof value === 'string' ? literal(value) : value]]
      }),
    ),
    channels: channelsOf(check, channels),
  }
}

function channelsOf(check: CheckDocument, all: readonly ChannelDocument[]): 'all' | string[] {
  const codes = new Set(check.channels === '' ? [] : check.channels.split(','))
  const own = all.filter(({ id }) => codes.has(id))
  if (own.length === all.length && own.length > 0) return 'all'
  return own.map((each) => (isNamed(each, all) ? literal(each.name || each.kind) : each.id))
}

/** Names of environment variables, each given once. */
class Names {
  readonly #given = new Set<string>()

  reference(...about: string[]): string {
    const words = about.map((word) =>
      word
        .normalize('NFKD')
        .toUpperCase()
        .replace(/[^A-Z0-9]+/g, '_')
        .replace(/^_+|_+$/g, ''),
    )
    const base =
      words
        .filter((word) => word !== '')
        .join('_')
        .replace(/^(?=\d)/, '_') || 'SECRET'
    let name = base
    for (let n = 2; this.#given.has(name); n += 1) name = `${base}_${n}`
    this.#given.add(name)
    return `\${${name}}`
  }
}
