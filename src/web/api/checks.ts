import type { App } from '../../app'
import type { Check } from '../../core/check'
import { checkDocument, readerDocument, uniqueKey } from '../../core/check-document'
import { readCheckFields } from '../../core/check-fields'
import type { CheckFields } from '../../core/check-fields'
import type { Result } from '../../core/problem'
import { tagsOf } from '../../core/tags'
import type { Saved } from '../../store/check-saves'
import { refusal } from './answer'
import { apiRoute, empty, json, UNIQUE_KEY, UUID, wrong } from './route'
import type { ApiAnswer, ApiCall, ApiRoute } from './route'

/** Who does what a script asks for, in the log. */
const BY_API = 'the API'

/** Checks: E1 to E8 of spec/management-api.md §8. */
export function checkRoutes(app: App): ApiRoute[] {
  const { store, actions, config, clock } = app
  const { withCheck, withCheckByKey } = checkLoaders(app)

  async function list(call: ApiCall): Promise<ApiAnswer> {
    const wanted = filterOf(call.query)
    if (call.access === 'read-only') {
      const checks = (await store.checkSearch.inOrder(call.project.id)).filter(wanted)
      return listed(
        call,
        checks.map((check) => present(call, check, [])),
      )
    }
    const found = await store.checkSearch.withChannels(call.project.id)
    const checks = found.filter(({ check }) => wanted(check))
    return listed(
      call,
      checks.map(({ check, channels }) => present(call, check, channels)),
    )
  }

  /** Who asks again and again, need not be sent the same again. Older versions are as they were. */
  function listed({ version }: ApiCall, checks: unknown[]): ApiAnswer {
    return { status: 200, json: { checks }, ...(version < 3 ? {} : { tagged: true }) }
  }

  async function create(call: ApiCall): Promise<ApiAnswer> {
    return withFields(call, (fields) => actions.checks.upsert(call.project, fields, slugRule(call)))
  }

  const update = withCheck((call, check) =>
    withFields(call, (fields) => actions.checks.edit(check, fields, slugRule(call))),
  )

  async function read(call: ApiCall, check: Check): Promise<ApiAnswer> {
    const channels = call.access === 'read-only' ? [] : await store.checkSearch.channelsOf(check.id)
    return json(present(call, check, channels))
  }

  const pause = withCheck(async (call, check) => {
    const paused = await actions.checks.pause(check, BY_API)
    return paused.ok ? read(call, paused.value) : refusal(paused.problem)
  })

  const resume = withCheck(async (call, check) => {
    const resumed = await actions.checks.resume(check, BY_API)
    if (resumed.ok) return read(call, resumed.value)
    const { code } = resumed.problem
    return code === 'conflict' ? { status: 409, text: 'check is not paused' } : refusal(resumed.problem)
  })

  const remove = withCheck(async (call, check) => {
    const removed = await actions.checks.remove(check)
    // Whoever came first has the answer; to the second there is no such check.
    return removed.ok ? json(present(call, removed.value, [])) : 'no page'
  })

  async function withFields(
    call: ApiCall,
    save: (fields: CheckFields) => Promise<Result<Saved>>,
  ): Promise<ApiAnswer> {
    const read = readCheckFields(call.members)
    if (!read.ok) return wrong(`json validation error: ${read.problem.message}`)
    const saved = await save(read.value)
    if (!saved.ok) return refusal(saved.problem)
    const { check, channels, created } = saved.value
    return json(present(call, check, channels), created ? 201 : 200)
  }

  function present({ access, version }: ApiCall, check: Check, channels: readonly string[]): unknown {
    const { siteRoot, pingEndpoint } = config
    const context = { siteRoot, pingEndpoint, version, nowAt: clock() }
    return access === 'read-only'
      ? readerDocument(check, context)
      : checkDocument(check, { ...context, channels })
  }

  return [
    apiRoute('checks/', {
      GET: { needs: 'read-only', summary: 'Lists the checks of the project.', answer: list },
      POST: {
        needs: 'read-write',
        summary: 'Creates a check, or updates the one that `unique` names.',
        answer: create,
      },
    }),
    apiRoute(`checks/(${UUID})`, {
      GET: { needs: 'read-only', summary: 'Shows a check.', answer: withCheck(read) },
      POST: { needs: 'read-write', summary: 'Updates a check.', answer: update },
      DELETE: { needs: 'read-write', summary: 'Deletes a check and all that is kept of it.', answer: remove },
    }),
    apiRoute(`checks/(${UNIQUE_KEY})`, {
      GET: {
        needs: 'read-only',
        summary: 'Shows a check by its public alias.',
        answer: withCheckByKey(read),
      },
    }),
    apiRoute(`checks/(${UUID})/pause`, {
      POST: { needs: 'read-write', summary: 'Pauses a check.', takesNothing: true, answer: pause },
    }),
    apiRoute(`checks/(${UUID})/resume`, {
      POST: {
        needs: 'read-write',
        summary: 'Resumes a paused check.',
        takesNothing: true,
        answer: resume,
      },
    }),
  ]
}

type WithCheck = (call: ApiCall, check: Check) => Promise<ApiAnswer>

/** Finds the check that the first part of a path names: step 6 of [M20]. */
export function checkLoaders({ store }: Pick<App, 'store'>) {
  return {
    withCheck:
      (answer: WithCheck) =>
      async (call: ApiCall): Promise<ApiAnswer> => {
        const check = await store.checks.findByCode(call.parts[0] ?? '')
        if (check === null) return 'no page'
        return check.projectId === call.project.id ? answer(call, check) : empty(403)
      },

    withCheckByKey:
      (answer: WithCheck) =>
      async (call: ApiCall): Promise<ApiAnswer> => {
        const [key] = call.parts
        const check = await store.checkSearch.findByCodeOf(call.project.id, (code) => uniqueKey(code) === key)
        return check === null ? empty(404) : answer(call, check)
      },
  }
}

/** Which checks a list is asked for: all of the tags, and the slug that was named last. */
function filterOf(query: URLSearchParams): (check: Check) => boolean {
  const tags = query.getAll('tag')
  const slug = query.getAll('slug').at(-1) ?? ''
  return (check) => {
    if (slug !== '' && check.slug !== slug) return false
    if (tags.length === 0) return true
    const own = tagsOf(check)
    return tags.every((tag) => own.includes(tag))
  }
}

/** In the first two versions a name makes a slug: [M6]. */
function slugRule({ version }: ApiCall): { derivesSlug: boolean } {
  return { derivesSlug: version < 3 }
}
