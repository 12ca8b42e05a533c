import { emptyForm } from '../integrations/integration'
import type { Field, Form } from '../integrations/integration'
import { formWith, pathOf, placed, settingsOf } from '../integrations/settings'
import { kept } from './plan-people'
import { notSet } from './reader'
import { ask } from './site'
import type { ChannelDocument, ProjectState } from './site'
import { leftover, pair, SECRET } from './step'
import type { Change, Part, PlanContext, Step } from './step'
import type { ChannelWish, ProjectWish } from './wish'

export interface ChannelsPart extends Part {
  /** Which of the file is which of the site. */
  pairs: Map<ChannelWish, ChannelDocument>
  /** What is there and stays, though the file does not say so. */
  staying: ChannelDocument[]
}

export function planChannels(wish: ProjectWish, state: ProjectState, context: PlanContext): ChannelsPart {
  if (wish.channels === null) return { steps: [], leftovers: [], pairs: new Map(), staying: state.channels }
  const { pairs, rest } = pair(wish.channels, state.channels, [
    ({ id }, current) => id === current.id,
    ({ kind, name }, current) => kind.kind === current.kind && name !== '' && name === current.name,
    // Without a name it is told by what it says.
    (one, current) =>
      one.kind.kind === current.kind &&
      one.name === '' &&
      current.name === '' &&
      changesOf(one, current, filled(one, current)).length === 0,
  ])
  return {
    pairs,
    staying: context.prune ? [] : rest,
    steps: wish.channels.map((each) => planChannel(each, pairs.get(each) ?? null, context)),
    leftovers: rest.map((each) =>
      leftover(context.prune, `channel ${callOf(each)}`, ({ api, path }) =>
        ask(api, 'DELETE', `${path}channels/${each.id}`),
      ),
    ),
  }
}

function planChannel(wish: ChannelWish, current: ChannelDocument | null, { mistakes }: PlanContext): Step {
  const { kind, name, repeat, missing } = wish
  const what = `channel ${name || kind.kind}`
  const form = filled(wish, current)
  if (current === null) refuseMissing(wish, mistakes)
  else refuseInvalid(wish, form, mistakes)
  const changes = changesOf(wish, current, form)
  const variables = [...new Set([...missing.values()].flat())]
  const note = current !== null && variables.length > 0 ? { note: kept(variables) } : {}
  const body = { name, settings: settingsOf(kind.fields, form), repeat }
  if (current === null) {
    return {
      act: 'create',
      what,
      changes,
      run: async (site) => {
        const made = await ask<ChannelDocument>(site.api, 'POST', `${site.path}channels/`, {
          ...body,
          kind: kind.kind,
        })
        site.channelIds.set(wish, made.id)
        site.hasNewChannels = true
      },
    }
  }
  if (changes.length === 0) return { act: 'same', what, changes, ...note }
  // What is hidden from us must not be written back as if it were empty.
  const seen = (field: Field): boolean => !current.hidden.includes(pathOf(field).join('.'))
  return {
    act: 'change',
    what,
    changes,
    ...note,
    run: async ({ api, path }) => {
      await ask(api, 'POST', `${path}channels/${current.id}`, {
        ...body,
        settings: settingsOf(kind.fields, form, seen),
      })
    },
  }
}

/** The form of the file, with what it could not look up as it is. */
function filled({ kind, form, missing }: ChannelWish, current: ChannelDocument | null): Form {
  const before = current === null ? {} : formOf(kind, current)
  const kept = [...missing.keys()].map((name) => [name, before[name]] as const)
  return { ...form, ...Object.fromEntries(kept) }
}

function formOf(kind: ChannelWish['kind'], { settings }: ChannelDocument): Form {
  const read = formWith(kind, emptyForm(kind.fields), settings)
  return read.ok ? read.value : emptyForm(kind.fields)
}

function changesOf(wish: ChannelWish, current: ChannelDocument | null, form: Form): Change[] {
  const { kind, name, repeat } = wish
  const before = current === null ? emptyForm(kind.fields) : formOf(kind, current)
  const fields = kind.fields.flatMap((field): Change[] => {
    const place = pathOf(field).join('.')
    const [from, to] = [before[field.name] ?? '', form[field.name] ?? '']
    if (from === to || current?.hidden.includes(place) === true) return []
    const shown = (text: string): string | null =>
      text === '' ? null : wish.secret.has(field.name) ? SECRET : text
    return [{ field: place, from: current === null ? null : shown(from), to: shown(to) }]
  })
  const own: Change[] = []
  if (current !== null && current.name !== name) own.push({ field: 'name', from: current.name, to: name })
  if ((current?.repeat ?? null) !== repeat) {
    own.push({ field: 'repeat', from: text(current?.repeat ?? null), to: text(repeat) })
  }
  return [...own, ...fields]
}

function text(number: number | null): string | null {
  return number === null ? null : String(number)
}

function refuseMissing({ line, kind, missing }: ChannelWish, mistakes: PlanContext['mistakes']): void {
  for (const [name, variables] of missing) {
    const field = kind.fields.find((each) => each.name === name)
    const place = field === undefined ? name : pathOf(field).join('.')
    mistakes.push({ line, message: notSet(place, variables) })
  }
}

/** Where something was kept, the whole could be judged only now. */
function refuseInvalid(
  { line, kind, missing }: ChannelWish,
  form: Form,
  mistakes: PlanContext['mistakes'],
): void {
  if (missing.size === 0) return
  const parsed = kind.parse(form)
  if (parsed.ok) return
  for (const [place, message] of placed(kind.fields, parsed.problem.fields ?? {})) {
    mistakes.push({ line, message: `${place}: ${message}` })
  }
}

export function callOf({ name, kind }: Pick<ChannelDocument, 'name' | 'kind'>): string {
  return name || kind
}
