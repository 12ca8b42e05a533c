import type { App } from '../../../app'
import type { ApiKey } from '../../../core/api-key'
import { apiTime } from '../../../core/check-document'
import { json } from '../route'
import { accountRoute, error, explained, taking } from './route'
import type { AccountRoute, ProjectCall } from './route'
import { key, keyToBe, keys, newKey } from './schemas'

/** API keys of a project: web-ui.md P05. */
export function keyRoutes({ store, actions }: Pick<App, 'store' | 'actions'>): AccountRoute[] {
  return [
    accountRoute('projects/{project}/keys/', {
      GET: {
        role: 'member',
        summary: 'Lists the API keys of a project, without the keys themselves.',
        answers: { schema: keys },
        answer: async ({ project }) =>
          json({ keys: (await store.apiKeys.ofProject(project.id)).map(present) }),
      },
      POST: {
        role: 'member',
        summary: 'Creates an API key. This is the only answer with the key itself.',
        answers: { status: 201, schema: newKey },
        ...taking(keyToBe, async ({ project, actor }: ProjectCall, wish) => {
          const added = await actions.apiKeys.add(project, actor, {
            name: wish.name,
            access: wish.access,
            expiresInDays: wish.expires_in_days,
            ...(wish.secret === undefined ? {} : { secret: wish.secret }),
          })
          if (!added.ok) return explained(added.problem)
          return json({ ...present(added.value.key), secret: added.value.secret }, 201)
        }),
      },
    }),
    accountRoute('projects/{project}/keys/{key}', {
      DELETE: {
        role: 'member',
        summary: 'Revokes an API key.',
        answers: { schema: key },
        async answer({ project, parts: [code] }) {
          const found = (await store.apiKeys.ofProject(project.id)).find((each) => each.code === code)
          if (!found) return error(404, 'There is no such key in this project.')
          const revoked = await actions.apiKeys.revoke(found)
          return revoked.ok ? json(present(found)) : explained(revoked.problem)
        },
      },
    }),
  ]
}

function present({ code, name, access, hint, createdBy, createdAt, lastUsedAt, expiresAt }: ApiKey) {
  return {
    id: code,
    name,
    access,
    hint,
    created_by: createdBy,
    created: apiTime(createdAt),
    last_used: lastUsedAt === null ? null : apiTime(lastUsedAt),
    expires: expiresAt === null ? null : apiTime(expiresAt),
  }
}
