import type { App } from '../../app'
import { accountDoor } from './account/door'
import { projectApi } from './door'
import type { ApiMethod } from './route'

/** The part of the API that tokens open, for whoever holds the database: with every right, and without limits. */
export type OperatorApi = (
  method: ApiMethod,
  path: string,
  body?: object,
) => Promise<{ status: number; json: unknown }>

export function operatorApi(app: App): OperatorApi {
  const door = accountDoor(app, projectApi(app))
  return async (method, path, body) => {
    const answer = await door.manage(method, path, body === undefined ? '' : JSON.stringify(body))
    if (answer === null || answer === 'no page') return { status: 404, json: null }
    return { status: answer.status, json: 'json' in answer ? answer.json : null }
  }
}
