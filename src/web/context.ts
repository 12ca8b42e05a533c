import type { IncomingMessage } from 'node:http'
import type { Visitor } from '../actions/sign-in'
import type { App } from '../app'
import type { Check } from '../core/check'
import type { Channel } from '../core/channel'
import type { Project } from '../core/project'
import type { Role } from '../core/role'
import type { Peer } from '../world/peer'
import type { Probing } from './probing'
import type { StaticFiles } from './static'

/** What all requests share. */
export interface Site {
  app: App
  /** The path of SITE_ROOT: '' or '/prefix'. */
  root: string
  files: StaticFiles
  /** Who asks for what is not theirs. */
  probing: Probing
  /** Whether a path, without the prefix, is a page that can be opened. */
  isPage(path: string): boolean
}

/** What we know of one request. It fills up on its way through the middlewares. */
export interface Context {
  site: Site
  peer: Peer
  /** To quote when something went wrong; in the log beside the cause. */
  requestId: string
  /** What the counts call the place that took it; null: by the path of its page. */
  route: string | null
  visitor: Visitor | null
  /** The browser sent a sign-in that is not, or no longer, one. */
  hadVisitor: boolean
  /** The page asked the visitor to show once more who they are. */
  needsSudo: boolean
  project: Project | null
  /** What the visitor may do in that project. */
  role: Role | null
  /** The project is somebody else's, open to the visitor only because they run the instance. */
  asAdministrator: boolean
  check: Check | null
  channel: Channel | null
}

const contexts = new WeakMap<IncomingMessage, Context>()

export function setContext(request: IncomingMessage, context: Context): void {
  contexts.set(request, context)
}

export function contextOf(request: IncomingMessage): Context {
  const context = contexts.get(request)
  if (!context) throw new Error('This request did not come in by the front door')
  return context
}
