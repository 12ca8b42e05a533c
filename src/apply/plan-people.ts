import { notSet } from './reader'
import { ask } from './site'
import type { KeyDocument, ProjectState } from './site'
import { leftover, pair, SECRET } from './step'
import type { Part, PlanContext, Site, Step } from './step'
import type { KeyWish, ProjectWish } from './wish'

/** The first characters of a key, which are all that a site tells of it. */
const HINT_LENGTH = 8

export function planPingKey(wish: ProjectWish, { project }: ProjectState): Step[] {
  const what = 'ping key'
  const before = project.ping_key
  const set =
    (body: object) =>
    async ({ api, path }: Site) =>
      void (await ask(api, 'POST', `${path}ping_key`, body))
  if (before === undefined)
    return [{ act: 'same', what, changes: [], note: 'not shown to this token, and left as it is' }]
  const { pingKey } = wish
  if (pingKey === null) {
    if (before === null) return []
    const run = async ({ api, path }: Site) => void (await ask(api, 'DELETE', `${path}ping_key`))
    return [{ act: 'remove', what, changes: [], run }]
  }
  const missing = pingKey?.missing ?? []
  if (pingKey === undefined || pingKey.text === null) {
    if (before !== null) {
      return [{ act: 'same', what, changes: [], ...(missing.length === 0 ? {} : { note: kept(missing) }) }]
    }
    const why = missing.length === 0 ? '' : `${missing.join(', ')} not set: `
    const note = `${why}made up; the page Keys of the project shows it`
    return [{ act: 'create', what, changes: [], note, run: set({}) }]
  }
  if (pingKey.text === before) return [{ act: 'same', what, changes: [] }]
  const changes = [{ field: 'ping_key', from: before === null ? null : SECRET, to: SECRET }]
  return [{ act: before === null ? 'create' : 'change', what, changes, run: set({ ping_key: pingKey.text }) }]
}

export function planKeys(wish: ProjectWish, state: ProjectState, context: PlanContext): Part {
  const { apiKeys } = wish
  if (apiKeys === null) return { steps: [], leftovers: [] }
  const { mistakes, nowAt, prune } = context
  // One that has expired opens nothing, as if it were not there; one that will, goes by itself.
  const keys = state.keys.filter(({ expires }) => expires === null || Date.parse(expires) > nowAt)
  const { pairs, rest } = pair(apiKeys, keys, [(one, other) => one.name === other.name])
  return {
    steps: apiKeys.map((each) => planKey(each, pairs.get(each) ?? null, mistakes)),
    leftovers: rest
      .filter(({ expires }) => expires === null)
      .map(({ id, name }) =>
        leftover(prune, `API key ${name}`, ({ api, path }) => ask(api, 'DELETE', `${path}keys/${id}`)),
      ),
  }
}

function planKey(wish: KeyWish, current: KeyDocument | null, mistakes: PlanContext['mistakes']): Step {
  const { name, access, secret } = wish
  const what = `API key ${name}`
  const text = secret?.text ?? null
  const changes = []
  if (current !== null && current.access !== access)
    changes.push({ field: 'access', from: current.access, to: access })
  if (current !== null && text !== null && text.slice(0, HINT_LENGTH) !== current.hint) {
    changes.push({ field: 'secret', from: SECRET, to: SECRET })
  }
  if (current !== null && changes.length === 0) {
    return { act: 'same', what, changes, ...(secret?.text === null ? { note: kept(secret.missing) } : {}) }
  }
  // A key cannot be changed: another takes its place, for which its secret has to be known.
  if (secret?.text === null)
    mistakes.push({ line: secret.line, message: notSet(`secret of ${what}`, secret.missing) })
  return {
    act: current === null ? 'create' : 'change',
    what,
    changes,
    ...(secret === null ? { note: 'its secret is made up and shown once, after this' } : {}),
    run: async ({ api, path }) => {
      if (current !== null) await ask(api, 'DELETE', `${path}keys/${current.id}`)
      const body = { name, access, ...(text === null ? {} : { secret: text }) }
      const made = await ask<{ secret: string }>(api, 'POST', `${path}keys/`, body)
      return text === null ? `The secret of ${what}, shown only now: ${made.secret}` : undefined
    },
  }
}

export function planMembers(
  wish: ProjectWish,
  { members, project }: ProjectState,
  context: PlanContext,
): Part {
  if (wish.members === null) return { steps: [], leftovers: [] }
  const owner = wish.owner ?? project.owner
  for (const { line, email } of wish.members) {
    if (email === owner)
      context.mistakes.push({ line, message: `${email} owns the project, and so is no member of it.` })
  }
  const { pairs, rest } = pair(wish.members, members, [(one, other) => one.email === other.email])
  const steps = wish.members.map(({ email, role }, i): Step => {
    const what = `member ${email}`
    const current = pairs.get(wish.members![i]!)
    const changes = [{ field: 'role', from: current?.role ?? null, to: role }]
    if (current?.role === role) {
      return { act: 'same', what, changes: [], ...(current.since === null ? { note: 'invited' } : {}) }
    }
    return {
      act: current === undefined ? 'create' : 'change',
      what,
      changes,
      run: async ({ api, path }) => {
        const one = `${path}members/${encodeURIComponent(email)}`
        if (current?.since) return void (await ask(api, 'POST', one, { role }))
        // The role of an invitation cannot be changed.
        if (current) await ask(api, 'DELETE', one)
        const { link } = await ask<{ link?: string }>(api, 'POST', `${path}members/`, { email, role })
        return link === undefined ? undefined : `Send this link to ${email} yourself: ${link}`
      },
    }
  })
  const leftovers = rest.map(({ email }) =>
    leftover(context.prune, `member ${email}`, ({ api, path }) =>
      ask(api, 'DELETE', `${path}members/${encodeURIComponent(email)}`),
    ),
  )
  return { steps, leftovers }
}

/** What is said where a reference leads nowhere, and that does no harm. */
export function kept(missing: readonly string[]): string {
  return `${missing.join(', ')} not set: kept as it is`
}
