import type { App } from '../../../app'
import { apiTime } from '../../../core/check-document'
import { ok } from '../../../core/problem'
import type { Problem, Result } from '../../../core/problem'
import type { Project } from '../../../core/project'
import { reaches } from '../../../core/role'
import type { Role } from '../../../core/role'
import type { User } from '../../../core/user'
import { json } from '../route'
import type { ApiAnswer } from '../route'
import { accountRoute, explained, taking } from './route'
import type { AccountCall, AccountRoute, Caller, ProjectCall } from './route'
import { pingKeyChange, project, projectChange, projectToBe, projects } from './schemas'

/** Projects as a whole, and their ping keys. */
export function projectRoutes({ store, actions }: Pick<App, 'store' | 'actions'>): AccountRoute[] {
  async function list({ caller, query }: AccountCall): Promise<ApiAnswer> {
    const owner = query.get('owner')?.toLowerCase() ?? null
    const seen = await seenBy(caller, owner)
    const documents = await Promise.all(seen.map(({ project, role }) => present(caller, project, role)))
    return json({ projects: documents.filter((each) => owner === null || each.owner === owner) })
  }

  /** Who runs the instance finds somebody else's projects only by naming whose. */
  async function seenBy({ user }: Caller, owner: string | null): Promise<{ project: Project; role: Role }[]> {
    if (user === null) return (await store.projects.all()).map((project) => ({ project, role: 'owner' }))
    const own = await rolesIn(user, await store.projects.ofUser(user.id))
    const asked = user.isAdmin && owner !== null ? await store.users.findByEmail(owner) : null
    if (asked === null) return own
    const known = new Set(own.map(({ project }) => project.id))
    const others = (await store.projects.ofUser(asked.id)).filter(({ id }) => !known.has(id))
    return [...own, ...others.map((project) => ({ project, role: 'manager' as const }))]
  }

  async function rolesIn(user: User, projects: Project[]): Promise<{ project: Project; role: Role }[]> {
    const all = await Promise.all(
      projects.map(async (project) => ({ project, role: await store.members.roleIn(project.id, user.id) })),
    )
    return all
      .flatMap(({ project, role }) => (role === null ? [] : [{ project, role }]))
      .toSorted((one, other) => one.project.id - other.project.id)
  }

  async function create(
    { caller }: AccountCall,
    wish: { name: string; owner?: string | undefined },
  ): Promise<ApiAnswer> {
    const owner = await ownerOf(caller, wish.owner?.trim().toLowerCase())
    if (!owner.ok) return explained(owner.problem)
    const added = await actions.projects.add(owner.value, wish.name)
    if (!added.ok) return explained(added.problem)
    return json(await present(caller, added.value, roleOfMaker(caller, owner.value)), 201)
  }

  async function ownerOf({ user }: Caller, email: string | undefined): Promise<Result<User>> {
    if (user !== null && (email === undefined || email === user.email)) return ok(user)
    if (email === undefined) return invalid('Say whose project it is: owner is missing.')
    if (user !== null && !user.isAdmin) {
      return {
        ok: false,
        problem: {
          code: 'forbidden',
          message: 'Only administrators add projects for others: leave out owner.',
        },
      }
    }
    const found = await store.users.findByEmail(email)
    return found ? ok(found) : invalid(`There is no account ${email}: it has to be made first.`)
  }

  async function present(
    { user, access }: Caller,
    { code, name, ownerId, pingKey, createdAt }: Project,
    role: Role,
  ) {
    const owner = user?.id === ownerId ? user : await store.users.find(ownerId)
    const seesKey = reaches(role, 'member') && access === 'read-write'
    return {
      id: code,
      name,
      owner: owner?.email ?? '',
      role,
      ...(seesKey ? { ping_key: pingKey } : {}),
      created: apiTime(createdAt),
    }
  }

  const shown = async ({ caller, role }: ProjectCall, changed: Result<Project>): Promise<ApiAnswer> =>
    changed.ok ? json(await present(caller, changed.value, role)) : explained(changed.problem)

  return [
    accountRoute('projects/', {
      GET: {
        role: null,
        summary: 'Lists the projects that you own or work in.',
        answers: { schema: projects },
        answer: list,
      },
      POST: {
        role: null,
        summary: 'Creates a project.',
        answers: { status: 201, schema: project },
        ...taking(projectToBe, create),
      },
    }),
    accountRoute('projects/{project}', {
      GET: {
        role: 'read-only',
        summary: 'Shows a project.',
        answers: { schema: project },
        answer: (call) => shown(call, ok(call.project)),
      },
      POST: {
        role: 'member',
        summary: 'Renames a project.',
        answers: { schema: project },
        ...taking(projectChange, async (call: ProjectCall, { name }) =>
          shown(call, await actions.projects.rename(call.project, name)),
        ),
      },
      DELETE: {
        role: 'owner',
        summary: 'Deletes a project with everything in it.',
        answers: { schema: project },
        answer: async (call) => shown(call, await actions.projects.remove(call.project)),
      },
    }),
    accountRoute('projects/{project}/ping_key', {
      POST: {
        role: 'member',
        summary: 'Gives a project a ping key; its ping addresses by slug change at once.',
        answers: { schema: project },
        ...taking(pingKeyChange, async (call: ProjectCall, { ping_key }) =>
          shown(
            call,
            ping_key === undefined
              ? await actions.apiKeys.renewPingKey(call.project)
              : await actions.apiKeys.setPingKey(call.project, ping_key),
          ),
        ),
      },
      DELETE: {
        role: 'member',
        summary: 'Takes the ping key away; ping addresses by slug stop working.',
        answers: { schema: project },
        answer: async (call) => shown(call, await actions.apiKeys.removePingKey(call.project)),
      },
    }),
  ]
}

function roleOfMaker({ user }: Caller, owner: User): Role {
  return user === null || user.id === owner.id ? 'owner' : 'manager'
}

function invalid(message: string): { ok: false; problem: Problem } {
  return { ok: false, problem: { code: 'invalid', message } }
}
