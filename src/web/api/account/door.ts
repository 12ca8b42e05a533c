import type { Request, Response } from 'express'
import type { App } from '../../../app'
import { reaches, ROLE_WORDS } from '../../../core/role'
import type { Role } from '../../../core/role'
import { MINUTE, SECOND } from '../../../core/time'
import { contextOf } from '../../context'
import { allowOrigins, send } from '../answer'
import { readText } from '../body'
import { empty } from '../route'
import type { ApiAnswer, ApiMethod, ApiRoute } from '../route'
import { channelRoutes } from './channels'
import { keyRoutes } from './keys'
import { memberRoutes } from './members'
import { mirrored } from './mirror'
import { projectRoutes } from './projects'
import { error } from './route'
import type { AccountCall, AccountEndpoint, AccountRoute, Caller } from './route'

/** The part of the API that takes access tokens of accounts: beyond the reference, in version 3 only. */
export interface AccountDoor {
  routes: readonly AccountRoute[]
  /** Answers a request for one of its paths; false when it is none of them. */
  take(
    request: Request,
    response: Response,
    target: { path: string; query: URLSearchParams },
  ): Promise<boolean>
  /** The same without HTTP, for whoever holds the database. Null when there is no such endpoint. */
  manage(method: ApiMethod, path: string, text: string): Promise<ApiAnswer | null>
}

const HEADERS = ['X-Api-Key', 'Authorization', 'Content-Type']

/** `ofProject`: what an API key of a project opens; a token does so below the address of a project. */
export function accountDoor(app: App, ofProject: readonly ApiRoute[]): AccountDoor {
  const { store, actions, config, clock } = app
  const routes: AccountRoute[] = [
    ...projectRoutes(app),
    ...channelRoutes(app),
    ...keyRoutes(app),
    ...memberRoutes(app),
    ...mirrored(ofProject),
  ]

  function find(path: string): { route: AccountRoute; parts: string[] } | null {
    if (!path.startsWith('projects')) return null
    for (const route of routes) {
      const parts = route.path.exec(path)?.slice(1)
      if (parts) return { route, parts }
    }
    return null
  }

  /** Or what is wrong with the token. */
  async function callerOf(request: Request): Promise<Caller | string> {
    const bearer = /^Bearer +(\S+) *$/i.exec(request.get('authorization') ?? '')?.[1]
    const token = request.get('x-api-key') ?? bearer ?? ''
    if (token === '') {
      return 'missing api key: send an access token of your account as X-Api-Key or as Bearer'
    }
    const opened = await actions.accessTokens.open(token, contextOf(request).peer.address)
    return opened ?? 'wrong api key: this takes an access token of your account, not the key of a project'
  }

  /** How long a person has to wait that asked too often, or null. */
  async function overLimit({ user }: Caller): Promise<number | null> {
    const limit = config.apiRequestsPerMinute
    if (limit === null || user === null) return null
    const spent = await store.budgets.take(`api-account:${user.id}`, { limit, periodMs: MINUTE }, clock())
    return spent.ok ? null : spent.retryAfterMs
  }

  /** What every request meets before its endpoint; null when there is nobody left to answer. */
  async function letIn(
    request: Request,
    response: Response,
    answer: (caller: Caller, text: string) => Promise<ApiAnswer>,
  ): Promise<ApiAnswer | null> {
    const body = await readText(request)
    if (body === 'gone') return null
    if (!('text' in body)) {
      if (!request.complete) response.setHeader('Connection', 'close')
      return error(400, body.error)
    }
    const caller = await callerOf(request)
    if (typeof caller === 'string') return error(401, caller)
    const waitMs = await overLimit(caller)
    if (waitMs === null) return answer(caller, body.text)
    response.setHeader('Retry-After', Math.ceil(waitMs / SECOND))
    return error(429, 'too many requests')
  }

  async function enter(endpoint: AccountEndpoint, method: ApiMethod, call: AccountCall): Promise<ApiAnswer> {
    if (method !== 'GET' && call.caller.access === 'read-only') {
      return error(403, 'This token only reads: use one that may read and write.')
    }
    if (endpoint.role === null) return endpoint.answer(call)
    const [code = '', ...parts] = call.parts
    const project = await store.projects.findByCode(code)
    const role = project && (await roleIn(project.id, call.caller))
    const owner = project && (await store.users.find(project.ownerId))
    // What belongs to somebody else is not there.
    if (!project || !role || !owner) return error(404, 'There is no such project, or you do not work in it.')
    if (!reaches(role, endpoint.role)) {
      const needed = `This takes the role ${ROLE_WORDS[endpoint.role]} or more`
      return error(403, `${needed}; yours in this project is ${ROLE_WORDS[role]}.`)
    }
    return endpoint.answer({ ...call, parts, project, role, actor: call.caller.user ?? owner })
  }

  /** As on pages: who runs the instance may look after any project. */
  async function roleIn(projectId: number, { user }: Caller): Promise<Role | null> {
    if (user === null) return 'owner'
    return (await store.members.roleIn(projectId, user.id)) ?? (user.isAdmin ? 'manager' : null)
  }

  return {
    routes,

    async take(request, response, { path, query }) {
      const found = find(path)
      if (found === null) return false
      const { methods, template } = found.route
      contextOf(request).route = `/api/v3/${template}`
      allowOrigins(response, Object.keys(methods), HEADERS)
      const method = request.method as ApiMethod
      const endpoint = methods[method]
      const answer =
        request.method === 'OPTIONS'
          ? empty(204)
          : endpoint === undefined
            ? empty(405)
            : await letIn(request, response, (caller, text) =>
                enter(endpoint, method, { caller, parts: found.parts, query, text }),
              )
      if (answer !== null) send(request, response, answer)
      return true
    },

    async manage(method, path, text) {
      const [bare = '', query = ''] = path.split('?', 2)
      const found = find(decodeURIComponent(bare))
      const endpoint = found?.route.methods[method]
      if (!found || !endpoint) return null
      const caller: Caller = { user: null, access: 'read-write' }
      return enter(endpoint, method, { caller, parts: found.parts, query: new URLSearchParams(query), text })
    },
  }
}
