import type { KeyAccess } from '../core/api-key'
import type { CheckDocument } from '../core/check-document'
import type { MemberRole } from '../core/role'
import type { Settings } from '../integrations/settings'

/** The management API of a site, wherever that is. Paths are below `/api/v3/`. */
export type Api = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<{ status: number; json: unknown }>

/** The site was asked for something, and said no: the message is its sentence. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A project as it is, with everything that a file can say of it. */
export interface ProjectState {
  project: ProjectDocument
  channels: ChannelDocument[]
  keys: KeyDocument[]
  members: MemberDocument[]
  /** By creation as far as that is known. */
  checks: CheckDocument[]
}

export interface ProjectDocument {
  id: string
  name: string
  owner: string
  /** Absent: not ours to see. */
  ping_key?: string | null
}

export interface ChannelDocument {
  id: string
  name: string
  kind: string
  settings: Settings
  hidden: string[]
  repeat: number | null
}

export interface KeyDocument {
  id: string
  name: string
  access: KeyAccess
  hint: string
  expires: string | null
}

export interface MemberDocument {
  email: string
  role: MemberRole
  /** Null: invited, and not here yet. */
  since: string | null
}

/** The answer of a request that went well. Throws `Refused`. */
export async function ask<T>(api: Api, method: Parameters<Api>[0], path: string, body?: object): Promise<T> {
  const { status, json } = await api(method, path, body)
  if (status >= 200 && status < 300) return json as T
  const said = typeof json === 'object' && json !== null && 'error' in json ? String(json.error) : ''
  throw new Refused(status, said === '' ? (STATUS[status] ?? `It answered ${status}.`) : said)
}

/** Of the answers without words. */
const STATUS: Record<number, string> = {
  403: 'The limit of checks is reached.',
  404: 'It is not there any more.',
}

export async function projectsOf(api: Api, owner: string | null): Promise<ProjectDocument[]> {
  const query = owner === null ? '' : `?owner=${encodeURIComponent(owner)}`
  return (await ask<{ projects: ProjectDocument[] }>(api, 'GET', `projects/${query}`)).projects
}

export async function stateOf(api: Api, project: ProjectDocument): Promise<ProjectState> {
  const path = `projects/${project.id}/`
  const { channels } = await ask<Pick<ProjectState, 'channels'>>(api, 'GET', `${path}channels/`)
  const { keys } = await ask<Pick<ProjectState, 'keys'>>(api, 'GET', `${path}keys/`)
  const { members } = await ask<Pick<ProjectState, 'members'>>(api, 'GET', `${path}members/`)
  const { checks } = await ask<Pick<ProjectState, 'checks'>>(api, 'GET', `${path}checks/`)
  return { project, channels, keys, members, checks }
}
