import type { CheckDocument } from '../core/check-document'
import type { ChannelsPart } from './plan-channels'
import { callOf } from './plan-channels'
import { channelsCalled } from './read-checks'
import { ask } from './site'
import type { ChannelDocument, ProjectState } from './site'
import { leftover, pair } from './step'
import type { Change, Part, PlanContext, Site, Step } from './step'
import type { ChannelWish, CheckWish, ProjectWish } from './wish'

type Context = PlanContext & { channels: ChannelsPart }

/** Somebody who is told of a check: of the file, or only of the site. */
type Told = ChannelWish | ChannelDocument

export function planChecks(wish: ProjectWish, state: ProjectState, context: Context): Part {
  if (wish.checks === null) return { steps: [], leftovers: [] }
  refuseTwins(wish.checks, context)
  const { pairs, rest } = pair(wish.checks, state.checks, [
    ({ id }, current) => id === current.uuid,
    ({ fields }, current) =>
      fields.slug !== '' && fields.slug === current.slug && fields.name === current.name,
    ({ fields }, current) => fields.slug !== '' && fields.slug === current.slug,
    ({ fields }, current) => fields.slug === '' && current.slug === '' && fields.name === current.name,
    ({ fields }, current) => fields.slug === '' && fields.name !== '' && fields.name === current.name,
  ])
  return {
    steps: wish.checks.map((each) => planCheck(each, pairs.get(each) ?? null, wish, state, context)),
    leftovers: rest.map((each) =>
      leftover(context.prune, `check ${each.name || each.slug || each.uuid}`, ({ api, path }) =>
        ask(api, 'DELETE', `${path}checks/${each.uuid}`),
      ),
    ),
  }
}

/** Two of the same slug would share a ping address; two of the same name are one too many without an id. */
function refuseTwins(checks: readonly CheckWish[], { mistakes }: PlanContext): void {
  const seen = new Map<string, CheckWish>()
  for (const check of checks) {
    const { id, fields, line } = check
    const key = fields.slug === '' ? `name ${fields.name}` : `slug ${fields.slug}`
    const first = seen.get(key)
    seen.set(key, first ?? check)
    if (first === undefined || (id !== null && first.id !== null)) continue
    mistakes.push({
      line,
      message: `A check with the ${key} is in this project already, at line ${first.line}.`,
    })
  }
}

function planCheck(
  wish: CheckWish,
  current: CheckDocument | null,
  project: ProjectWish,
  state: ProjectState,
  context: Context,
): Step {
  const { fields } = wish
  const what = `check ${fields.name || fields.slug || (wish.id ?? '')}`
  const told = toldBy(wish, project, state, context)
  const changed = changesOf(wish, current)
  const channels =
    current === null
      ? [{ field: 'channels', from: null, to: told === null || told === 'all' ? 'all' : namesOf(told) }]
      : told === null
        ? []
        : channelChange(told, current, state, context)
  const changes = [...changed.map(({ change }) => change), ...channels]
  const codes = (site: Site): { channels?: string } =>
    told === null ? {} : { channels: told === 'all' ? '*' : codesOf(told, site, context) }

  if (current === null) {
    return {
      act: 'create',
      what,
      changes: changes.filter(({ to }) => to !== null && to !== '' && to !== 'false'),
      run: async (site) => {
        const body = { ...fields, ...codes(site) }
        await ask(site.api, 'POST', `${site.path}checks/`, told === null ? { ...body, channels: '*' } : body)
      },
    }
  }
  const save = async (site: Site, body: object): Promise<void> => {
    await ask(site.api, 'POST', `${site.path}checks/${current.uuid}`, body)
  }
  if (changes.length === 0) {
    const run = async (site: Site) => {
      if (site.hasNewChannels && told !== null) await save(site, codes(site))
    }
    return { act: 'same', what, changes, run }
  }
  const body = Object.assign({}, ...changed.map(({ say }) => say)) as object
  return { act: 'change', what, changes, run: (site) => save(site, { ...body, ...codes(site) }) }
}

/** Null: as it is. */
function toldBy(
  wish: CheckWish,
  project: ProjectWish,
  state: ProjectState,
  context: Context,
): Told[] | 'all' | null {
  if (wish.channels === undefined) return null
  const { names, line } = wish.channels
  if (names === 'all') return 'all'
  if (project.channels !== null) return names.flatMap((name) => channelsCalled(name, project.channels ?? []))
  // The file leaves the channels alone, so those of the site are meant.
  const known = state.channels.map((channel) => ({ ...channel, kind: { kind: channel.kind }, channel }))
  return names.flatMap((name) => {
    const found = channelsCalled(name, known)
    if (found.length === 1) return found.map(({ channel }) => channel)
    const there = state.channels.map(callOf).join(', ') || 'none'
    const message =
      found.length === 0
        ? `There is no channel '${name}' in this project. There are: ${there}.`
        : `Several channels are called '${name}': use the id of one.`
    context.mistakes.push({ line, message })
    return []
  })
}

function channelChange(
  told: Told[] | 'all',
  { channels }: CheckDocument,
  state: ProjectState,
  { channels: { pairs, staying } }: Context,
): Change[] {
  const there = [...pairs.values(), ...staying]
  const known = (each: Told): ChannelDocument | null => ('line' in each ? (pairs.get(each) ?? null) : each)
  const before = new Set(channels === '' ? [] : channels.split(','))
  const wanted = told === 'all' ? there : told.map(known)
  const after = new Set(wanted.flatMap((each) => (each === null ? [] : [each.id])))
  const isNew = wanted.some((each) => each === null)
  // What is going to be removed is not worth a change.
  const staysOn = there.filter(({ id }) => before.has(id))
  if (!isNew && staysOn.length === after.size && staysOn.every(({ id }) => after.has(id))) return []
  const from = namesOf(state.channels.filter(({ id }) => before.has(id)))
  return [{ field: 'channels', from, to: told === 'all' ? 'all' : namesOf(told) }]
}

function namesOf(all: readonly Told[]): string {
  return all.map(nameOf).join(', ') || 'none'
}

function nameOf(told: Told): string {
  return 'line' in told ? told.name || told.kind.kind : callOf(told)
}

function codesOf(told: readonly Told[], { channelIds }: Site, { channels: { pairs } }: Context): string {
  return told
    .map((each) => ('line' in each ? (channelIds.get(each) ?? pairs.get(each)?.id ?? '') : each.id))
    .join(',')
}

/** The kinds of timing exclude each other. */
const TIMING = ['timeout', 'schedule', 'tz'] as const

function changesOf({ fields }: CheckWish, current: CheckDocument | null): { change: Change; say: object }[] {
  const before: Partial<Record<string, unknown>> = { ...current }
  const wanted: Partial<Record<string, unknown>> = { ...fields }
  const names = [...new Set([...Object.keys(fields), ...TIMING])]
  return names.flatMap((name) => {
    const [from, to] = [before[name], wanted[name]]
    const isSame = name === 'tags' ? words(from) === words(to) : from === to
    if (isSame) return []
    const change = { field: name === 'desc' ? 'description' : name, from: shown(from), to: shown(to) }
    // What is not said any more goes by itself, with the other kind of timing that is said.
    return [{ change, say: to === undefined ? {} : timingTogether(name, to, fields) }]
  })
}

/** A new zone alone would not say that there is a schedule. */
function timingTogether(name: string, value: unknown, { schedule, tz }: CheckWish['fields']): object {
  return name === 'schedule' || name === 'tz' ? { schedule, tz } : { [name]: value }
}

function words(tags: unknown): string {
  return typeof tags === 'string'
    ? tags
        .split(/\s+/)
        .filter((tag) => tag !== '')
        .join(' ')
    : ''
}

function shown(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null
}
