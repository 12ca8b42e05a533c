import type { IncomingMessage } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { minutesUntil } from '../actions/limits'
import type { Visitor } from '../actions/sign-in'
import type { Channel } from '../core/channel'
import type { Check } from '../core/check'
import type { Project } from '../core/project'
import { reaches, ROLE_WORDS } from '../core/role'
import type { Role } from '../core/role'
import { DAY, SECOND } from '../core/time'
import type { Store } from '../store'
import { digest } from '../world/secrets'
import { contextOf } from './context'
import { cookieOf, sessionCookieName, setSession } from './cookies'
import { showError } from './errors'

/** Who is this, and what of it is theirs? spec/web-ui.md §0.4, §16.1. */

/** No session lasts longer. */
const LONGEST_SESSION_MS = 180 * DAY

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
function requireVisitor(request: Request, response: Response, next: NextFunction): void | Promise<void> {
  const { site, visitor } = contextOf(request)
  if (visitor) return next()
  if (request.get('x-fragment') !== undefined) return showError(request, response, 401)
  const isPage = request.method === 'GET' || request.method === 'HEAD'
  const next_ = isPage ? `?next=${encodeURIComponent(request.originalUrl)}` : ''
  response.redirect(303, `${site.root}/accounts/login/${next_}`)
}

/** For routes behind `signedIn` or any of the other guards. */
export function visitorOf(request: IncomingMessage): Visitor {
  return loaded(contextOf(request).visitor, 'signedIn')
}

/** Who may use a route, besides the pages that are open to everybody. */
export type Access = Role | 'account' | 'administrator' | 'owner or administrator'

/** A handler that says who gets past it, for the table of routes. */
export type Guard = RequestHandler & { access?: Access }

/** For everybody who is signed in. */
export const signedIn: Guard[] = guard('account', requireVisitor)

/** For those who run the instance; to others, whoever they are, the page is not there. */
export const administrator: Guard[] = guard('administrator', (request, response, next) =>
  contextOf(request).visitor?.user.isAdmin === true ? next() : showError(request, response, 404),
)

/**
 * For those whose role in `:project` is at least this: it loads the project. What belongs to somebody
 * else is not there: 404, as for what does not exist. spec/web-ui.md §17.
 */
export const inProject = (role: Role): Guard[] => guard(role, requireVisitor, loadProject, needs(role))

/** For the owner of `:project`, and for who runs the instance. */
export const inProjectAsOwnerOrAdministrator = (): Guard[] =>
  guard('owner or administrator', requireVisitor, loadProject, (request, response, next) =>
    contextOf(request).asAdministrator ? next() : needs('owner')(request, response, next),
  )

/** The same for `:check`: it loads the check and its project. */
export const onCheck = (role: Role): Guard[] => guard(role, requireVisitor, loadCheck, needs(role))

/** The same for `:channel`. */
export const onChannel = (role: Role): Guard[] => guard(role, requireVisitor, loadChannel, needs(role))

const loadProject = loader('project', async (request, { projects }, code) =>
  setProject(request, await projects.withRole({ code }, visitorOf(request).user.id)),
)

const loadCheck = loader('check', async (request, store, code) => {
  const check = await store.checks.findByCode(code)
  contextOf(request).check = check
  return setProject(request, await projectOfIts(request, store, check))
})

const loadChannel = loader('channel', async (request, store, code) => {
  const channel = await store.channels.find(code)
  contextOf(request).channel = channel
  return setProject(request, await projectOfIts(request, store, channel))
})

/** The id of no project. */
const NOWHERE = 0

/**
 * The project that something belongs to, and what the visitor is in it; null when there is no such thing. As much is
 * asked of what is not there as of what is, so that the time it takes tells nothing: spec §16.4.
 */
function projectOfIts(
  request: Request,
  { projects }: Store,
  thing: { projectId: number } | null,
): Promise<InProject | null> {
  return projects.withRole({ id: thing?.projectId ?? NOWHERE }, visitorOf(request).user.id)
}

function guard(access: Access, ...handlers: RequestHandler[]): Guard[] {
  const says: Guard = (_request, _response, next) => next()
  says.access = access
  return [says, ...handlers]
}

/** The page is there, but not for this role: 403, and which role it takes. */
function needs(role: Role): RequestHandler {
  return async (request, response, next) => {
    const { role: own, site, project } = contextOf(request)
    if (own !== null && reaches(own, role)) return next()
    const owner = project && (await site.app.store.users.find(project.ownerId))
    const yours = own === null ? '' : ` Your role in this project is ${ROLE_WORDS[own]}.`
    const ask = owner ? ` Ask ${owner.email}.` : ''
    return await showError(request, response, 403, { detail: `Only ${WHO[role]} can do this.${yours}${ask}` })
  }
}

const WHO: Record<Role, string> = {
  'read-only': 'people of this project',
  member: 'members and up',
  manager: 'managers and up',
  owner: 'the owner',
}

/** For routes behind `inProject`, `onCheck` or `onChannel`. */
export function projectOf(request: IncomingMessage): Project {
  return loaded(contextOf(request).project, 'inProject')
}

/** What the visitor may do in the project of this request. */
export function roleOf(request: IncomingMessage): Role {
  return loaded(contextOf(request).role, 'inProject')
}

export function checkOf(request: IncomingMessage): Check {
  return loaded(contextOf(request).check, 'onCheck')
}

export function channelOf(request: IncomingMessage): Channel {
  return loaded(contextOf(request).channel, 'onChannel')
}

/** What became of something that was asked for: it is there, or it is not, or it is not for this person. */
type Found = 'there' | 'missing' | 'hidden'

type InProject = { project: Project; role: Role | null }

async function setProject(request: Request, found: InProject | null): Promise<Found> {
  if (found === null) return 'missing'
  const { project, role } = found
  const context = contextOf(request)
  const { user } = visitorOf(request)
  // Who runs the instance may look after any project, but never give it away or remove it (§1.3).
  context.asAdministrator = role === null && user.isAdmin
  context.role = context.asAdministrator ? 'manager' : role
  if (context.role === null) return 'hidden'
  context.project = project
  if (context.asAdministrator) await noteVisit(request, project)
  return 'there'
}

/** Once per session and project: spec/web-ui.md §1.3. */
async function noteVisit(request: Request, project: Project): Promise<void> {
  const { site, peer } = contextOf(request)
  const { store, actions, clock } = site.app
  const { user, signIn } = visitorOf(request)
  // The key of a session changes while it goes on; when it began does not.
  const visit = digest(`visit ${user.id} ${signIn.createdAt} ${project.id}`)
  const nowAt = clock()
  if ((await store.tokens.find(visit, 'spent', nowAt)) !== null) return
  if (!(await store.tokens.spend(visit, nowAt, signIn.expiresAt + LONGEST_SESSION_MS))) return
  await actions.trail({ user, address: peer.address }, 'project-opened', project.name)
}

function loader(
  parameter: 'project' | 'check' | 'channel',
  load: (request: Request, store: Store, code: string) => Promise<Found>,
): RequestHandler {
  return async (request, response, next) => {
    const { store } = contextOf(request).site.app
    const code = request.params[parameter]
    const isCode = typeof code === 'string' && UUID.test(code)
    const found = isCode ? await load(request, store, code.toLowerCase()) : 'missing'
    return found === 'there' ? next() : notThere(request, response, found === 'hidden')
  }
}

/** For what does not exist and for what is somebody else's alike: nothing may tell one from the other. */
async function notThere(request: Request, response: Response, isHidden: boolean): Promise<void> {
  const { site, peer } = contextOf(request)
  const { app, probing } = site
  const { user } = visitorOf(request)
  const asked = { userId: user.id, path: request.path, isHidden }
  const suspicion = await probing.note(asked, app.clock())
  if (suspicion.kind === 'too many') {
    response.setHeader('Retry-After', Math.ceil(suspicion.retryAfterMs / SECOND))
    const detail = `Wait ${minutesUntil(suspicion.retryAfterMs)}, then try again.`
    return await showError(request, response, 429, { detail })
  }
  if (suspicion.kind === 'tell') {
    // Nobody waits for it: the hundredth answer takes no longer than the others.
    const by = { user, address: peer.address }
    const told = app.actions.trail(by, 'probing', 'objects of other projects', suspicion.samples.join(' '))
    void told.catch((cause: unknown) => app.log.error('a probing was not written down', { cause }))
  }
  return await showError(request, response, 404)
}

function loaded<T>(value: T | null, middleware: string): T {
  if (value === null) throw new Error(`This route lacks ${middleware}`)
  return value
}
