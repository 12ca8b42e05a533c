import type { z } from 'zod'
import type { KeyAccess } from '../../../core/api-key'
import type { Problem } from '../../../core/problem'
import type { Project } from '../../../core/project'
import type { Role } from '../../../core/role'
import type { User } from '../../../core/user'
import { STATUS } from '../../answer'
import { UUID } from '../route'
import type { ApiAnswer, ApiMethod, ApiRoute } from '../route'

/** For whom something is done: a person by a token, or whoever holds the database (null). */
export interface Caller {
  user: User | null
  /** What the token may do. */
  access: KeyAccess
}

/** What an endpoint gets to see of a request that was let in. */
export interface AccountCall {
  caller: Caller
  /** The parts of the path in braces, in order, without the project. */
  parts: readonly string[]
  query: URLSearchParams
  /** The body as it came; '' when there is none. */
  text: string
}

export interface ProjectCall extends AccountCall {
  project: Project
  role: Role
  /** Who is meant where a person is needed: the owner of the project when nobody asks by a token. */
  actor: User
}

/** What an endpoint is, to whoever reads the description of the API. */
interface About {
  summary: string
  /** What it takes. */
  body?: z.ZodType
  /** What it answers with; 200 unless it says otherwise. */
  answers?: { status?: number; schema: z.ZodType }
}

export type AccountEndpoint = About &
  (
    | { role: null; answer(call: AccountCall): Promise<ApiAnswer> }
    /** `role`: the least that the person has to be in the project. */
    | { role: Role; answer(call: ProjectCall): Promise<ApiAnswer> }
  )

export interface AccountRoute {
  path: RegExp
  /** Below `/api/v3/`, as in `projects/{project}/keys/`. */
  template: string
  methods: Partial<Record<ApiMethod, AccountEndpoint>>
  /** What it is the same as, for an API key of a project. */
  mirrors?: ApiRoute
}

const PARTS: Record<string, string> = { email: '[^/]+@[^/]+', n: '[0-9]+', unique_key: '[0-9A-Za-z]{40}' }

/** Where a template ends in a slash, that may be missing (D5). */
export function accountRoute(
  template: string,
  methods: AccountRoute['methods'],
  more: Pick<AccountRoute, 'mirrors'> = {},
): AccountRoute {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => `(${PARTS[name] ?? UUID})`)
  return { path: new RegExp(path.endsWith('/') ? `^${path}?$` : `^${path}$`), template, methods, ...more }
}

/** An endpoint that takes a body: it is only asked when that is what its schema says. */
export function taking<C extends AccountCall, B extends z.ZodType>(
  body: B,
  answer: (call: C, body: z.infer<B>) => Promise<ApiAnswer>,
): { body: B; answer(call: C): Promise<ApiAnswer> } {
  return {
    body,
    async answer(call) {
      const json = jsonOf(call.text)
      if (json === undefined) return error(400, 'could not parse request body: it is not JSON')
      const read = body.safeParse(json)
      return read.success ? answer(call, read.data) : error(400, wordsOf(read.error))
    },
  }
}

export function error(status: number, message: string): ApiAnswer {
  return { status, json: { error: message } }
}

/** What an action could not do, with all that it says about it. */
export function explained({ code, message, fields = {} }: Problem): ApiAnswer {
  const places = Object.entries(fields).map(([name, text]) => `${name}: ${text}`)
  return error(code === 'invalid' ? 400 : STATUS[code], places.length === 0 ? message : places.join(' '))
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

function wordsOf({ issues }: z.ZodError): string {
  const first = issues[0]
  const place = first?.path.map(String).join('.') ?? ''
  return `json validation error: ${place === '' ? '' : `${place}: `}${first?.message ?? ''}`
}
