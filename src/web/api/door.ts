import type { Request, RequestHandler, Response } from 'express'
import type { App } from '../../app'
import type { ApiVersion } from '../../core/check-document'
import { KEY_LENGTH } from '../../core/api-key'
import { textOf } from '../../core/json'
import type { JsonObject } from '../../core/json'
import type { Project } from '../../core/project'
import { MINUTE, SECOND } from '../../core/time'
import { whileSame } from '../../core/while-same'
import { contextOf } from '../context'
import { accountDoor } from './account/door'
import { allowOrigins, noPage, send, withoutOrigins } from './answer'
import { readJson } from './body'
import { badgeRoutes } from './badges'
import { channelRoutes } from './channels'
import { checkRoutes } from './checks'
import { flipRoutes } from './flips'
import type { AccountRoute } from './account/route'
import { openApi } from './openapi'
import type { Description } from './openapi'
import { pingRoutes } from './pings'
import { empty, wrong } from './route'
import type { ApiAnswer, ApiCall, ApiMethod, ApiRoute, Endpoint } from './route'

/**
 * The door of the management API, for all versions: what every request meets before its endpoint, in the
 * order of spec/management-api.md §5. Paths that are none of ours go on.
 */
export function apiDoor(app: App): RequestHandler {
  const routes = projectApi(app)
  const accounts = accountDoor(app, routes)
  const description = whileSame(
    () => app.config.siteRoot,
    () => JSON.stringify(describedApi(app, routes, accounts.routes)),
  )

  return async (request, response, next) => {
    const target = targetOf(request)
    if (target === null) return next()
    const { version, path } = target
    if (version === 3 && path === 'openapi.json') return describe(request, response, description())
    if (version === 3 && (await accounts.take(request, response, target))) return
    for (const { path: pattern, template, methods } of routes) {
      const parts = pattern.exec(path)?.slice(1)
      if (!parts) continue
      contextOf(request).route = `/api/v${version}/${template}`
      allowOrigins(response, Object.keys(methods))
      if (request.method === 'OPTIONS') return send(request, response, empty(204))
      const endpoint = methods[request.method as ApiMethod]
      if (!endpoint) return send(request, response, empty(405))
      const answer = await enter(request, response, endpoint, { version, parts, query: target.query })
      if (answer !== null) send(request, response, answer)
      return
    }
    return next()
  }

  /** Null when there is nobody left to answer. */
  async function enter(
    request: Request,
    response: Response,
    endpoint: Endpoint,
    about: Pick<ApiCall, 'version' | 'parts' | 'query'>,
  ): Promise<ApiAnswer | null> {
    const body = request.method === 'POST' ? await readJson(request, endpoint) : { members: new Map() }
    if (body === 'gone') return null
    if ('error' in body) {
      if (body.tooLarge) withoutOrigins(response)
      if (!request.complete && body.tooLarge) response.setHeader('Connection', 'close')
      return wrong(body.error)
    }
    const key = keyOf(request, body.members)
    if (key === null) return wrong('missing api key', 401)
    const opened = await app.actions.apiKeys.open(key, contextOf(request).peer.address)
    const mayDoIt = opened && (endpoint.needs === 'read-only' || opened.access === 'read-write')
    if (!mayDoIt) return wrong('wrong api key', 401)
    const waitMs = await overLimit(opened.project)
    if (waitMs !== null) {
      response.setHeader('Retry-After', Math.ceil(waitMs / SECOND))
      return wrong('too many requests', 429)
    }
    return endpoint.answer({ ...about, ...opened, members: body.members })
  }

  /** How long a project has to wait that asked too often, or null: [M15]. */
  async function overLimit(project: Project): Promise<number | null> {
    const limit = app.config.apiRequestsPerMinute
    if (limit === null) return null
    const allowance = { limit, periodMs: MINUTE }
    const spent = await app.store.budgets.take(`api:${project.id}`, allowance, app.clock())
    return spent.ok ? null : spent.retryAfterMs
  }
}

/** The description of all that is here. */
export function describedApi(
  { config, version }: Pick<App, 'config' | 'version'>,
  routes: readonly ApiRoute[],
  accountRoutes: readonly AccountRoute[],
): Description {
  return openApi(routes, accountRoutes, { siteRoot: config.siteRoot, version })
}

/** What an API key of a project opens. */
export function projectApi(app: App): ApiRoute[] {
  return [
    ...checkRoutes(app),
    ...pingRoutes(app),
    ...flipRoutes(app),
    ...channelRoutes(app),
    ...badgeRoutes(app),
  ]
}

/** What the API is, for everybody: it holds nothing that the documentation does not. */
function describe(request: Request, response: Response, description: string): void {
  allowOrigins(response, ['GET'])
  if (request.method === 'OPTIONS') return send(request, response, empty(204))
  if (request.method !== 'GET') return send(request, response, empty(405))
  response.setHeader('Content-Type', 'application/json')
  response.setHeader('Cache-Control', 'public, max-age=300')
  response.end(description)
}

/** What no part of the site has below `/api/`: a page, and for writers the refusal that forms get. */
export const noSuchApi: RequestHandler = (request, response, next) => {
  const path = /^\/api\/(.*)/s.exec(request.path)?.[1]
  if (path === undefined) return next()
  const isOther = /^v[123]\/status\/?$/.test(path) && !READING.includes(request.method)
  noPage(response, isOther ? 403 : 404)
}

const READING = ['GET', 'HEAD', 'OPTIONS']

function targetOf(request: Request): { version: ApiVersion; path: string; query: URLSearchParams } | null {
  const mark = request.url.indexOf('?')
  const path = decoded(mark === -1 ? request.url : request.url.slice(0, mark))
  const [, version, rest] = /^\/api\/v([123])\/(.*)$/s.exec(path) ?? []
  if (version === undefined || rest === undefined) return null
  const query = new URLSearchParams(mark === -1 ? '' : request.url.slice(mark + 1))
  return { version: Number(version) as ApiVersion, path: rest, query }
}

/** A path that cannot be decoded stays as it is, and so is no route. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The key in the header, or else in the body; null when there is none of the right length: [M18]. */
function keyOf(request: Request, members: JsonObject): string | null {
  const inBody = members.get('api_key')
  const key = request.get('x-api-key') ?? (inBody === undefined ? '' : textOf(inBody))
  return Array.from(key).length === KEY_LENGTH ? key : null
}
