import { membersOf } from '../body'
import type { ApiMethod, ApiRoute, Endpoint } from '../route'
import { accountRoute, error } from './route'
import type { AccountEndpoint, AccountRoute, ProjectCall } from './route'

/** Written anew for accounts, with more in it. */
const REPLACED = ['channels/']

/**
 * What an API key of a project opens, below the address of the project for whoever comes with a token:
 * `checks/` is `projects/{project}/checks/`. The same endpoints answer, in the same words.
 */
export function mirrored(routes: readonly ApiRoute[]): AccountRoute[] {
  return routes
    .filter(({ template }) => !REPLACED.includes(template))
    .map((route) =>
      accountRoute(
        `projects/{project}/${route.template}`,
        Object.fromEntries(
          Object.entries(route.methods).map(([method, endpoint]) => [
            method,
            mirroredEndpoint(method as ApiMethod, endpoint),
          ]),
        ),
        { mirrors: route },
      ),
    )
}

/** People see all of a check in which they may not change anything, as on pages. */
function mirroredEndpoint(method: ApiMethod, { summary, answer }: Endpoint): AccountEndpoint {
  return {
    role: method === 'GET' ? 'read-only' : 'member',
    summary,
    async answer({ project, parts, query, text }: ProjectCall) {
      const body = method === 'POST' ? membersOf(text) : { members: new Map() }
      if ('error' in body) return error(400, body.error)
      return answer({ version: 3, project, access: 'read-write', parts, query, members: body.members })
    },
  }
}
