import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler } from 'express'
import type { Visitor } from '../actions/sign-in'
import type { Channel } from '../core/channel'
import type { Check } from '../core/check'
import type { Project } from '../core/project'
import type { Store } from '../store'
import { contextOf } from './context'
import { cookieOf, sessionCookieName, setSession } from './cookies'
import { showError } from './errors'

/** Who is this, and what of it is theirs? spec/web-ui.md §0.4, §16.1. */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Looks up who holds the cookie of a request, if anybody does. */
export const loadVisitor: RequestHandler = async (request, response, next) => {
  const context = contextOf(request)
  const cookie = cookieOf(request, sessionCookieName(context.site))
  if (cookie !== null && cookie !== '') {
    const found = await context.site.app.actions.signIn.find(cookie)
    if (found) context.visitor = found.visitor
    else context.hadVisitor = true
    if (found?.renewed) setSession(request, response, found.renewed)
  }
  next()
}

/** Only for those who are signed in; the others may sign in and come back. */
export const requireVisitor: RequestHandler = (request, response, next) => {
  const { site, visitor } = contextOf(request)
  if (visitor) return next()
  if (request.get('x-fragment') !== undefined) return showError(request, response, 401)
  const isPage = request.method === 'GET' || request.method === 'HEAD'
  const next_ = isPage ? `?next=${encodeURIComponent(request.originalUrl)}` : ''
  response.redirect(303, `${site.root}/accounts/login/${next_}`)
}

/** For routes behind `requireVisitor`. */
export function visitorOf(request: IncomingMessage): Visitor {
  return loaded(contextOf(request).visitor, 'requireVisitor')
}

/** Loads `:project`. What belongs to somebody else is not there: 404, as for what does not exist. */
export const withProject = loader('project', async (request, { projects }, code) =>
  setProject(request, await projects.findByCode(code)),
)

/** Loads `:check` and its project. */
export const withCheck = loader('check', async (request, { checks, projects }, code) => {
  const check = await checks.findByCode(code)
  contextOf(request).check = check
  return check !== null && setProject(request, await projects.find(check.projectId))
})

/** Loads `:channel` and its project. */
export const withChannel = loader('channel', async (request, { channels, projects }, code) => {
  const channel = await channels.find(code)
  contextOf(request).channel = channel
  return channel !== null && setProject(request, await projects.find(channel.projectId))
})

/** For routes behind `withProject`, `withCheck` or `withChannel`. */
export function projectOf(request: IncomingMessage): Project {
  return loaded(contextOf(request).project, 'withProject')
}

export function checkOf(request: IncomingMessage): Check {
  return loaded(contextOf(request).check, 'withCheck')
}

export function channelOf(request: IncomingMessage): Channel {
  return loaded(contextOf(request).channel, 'withChannel')
}

function setProject(request: Request, project: Project | null): boolean {
  if (project === null || project.ownerId !== visitorOf(request).user.id) return false
  contextOf(request).project = project
  return true
}

function loader(
  parameter: 'project' | 'check' | 'channel',
  load: (request: Request, store: Store, code: string) => Promise<boolean>,
): RequestHandler {
  return async (request, response, next) => {
    const { store } = contextOf(request).site.app
    const code = request.params[parameter]
    const isCode = typeof code === 'string' && UUID.test(code)
    if (isCode && (await load(request, store, code.toLowerCase()))) return next()
    return showError(request, response, 404)
  }
}

function loaded<T>(value: T | null, middleware: string): T {
  if (value === null) throw new Error(`This route lacks ${middleware}`)
  return value
}
