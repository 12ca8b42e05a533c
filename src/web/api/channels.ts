import type { App } from '../../app'
import { apiRoute, json } from './route'
import type { ApiRoute } from './route'

/** Integrations: E13 of spec/management-api.md §8. No settings, which hold secrets. */
export function channelRoutes({ store }: Pick<App, 'store'>): ApiRoute[] {
  return [
    apiRoute('channels/', {
      GET: {
        needs: 'read-write',
        summary: 'Lists the integrations of the project.',
        async answer({ project }) {
          const channels = await store.channels.ofProject(project.id)
          return json({ channels: channels.map(({ code, name, kind }) => ({ id: code, name, kind })) })
        },
      },
    }),
  ]
}
