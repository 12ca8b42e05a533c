import type { KeyAccess } from '../../core/api-key'
import type { ApiVersion } from '../../core/check-document'
import type { JsonObject } from '../../core/json'
import type { Project } from '../../core/project'

/** What an endpoint gets to see of a request that was let in. */
export interface ApiCall {
  version: ApiVersion
  project: Project
  /** What the key may do. */
  access: KeyAccess
  /** The parts of the path in parentheses, in order. */
  parts: readonly string[]
  query: URLSearchParams
  /** Of the body; empty unless it is a POST. */
  members: JsonObject
}

export type ApiAnswer =
  /** `tagged`: may be asked for again only if it has changed. */
  | { status: number; json: unknown; tagged?: true; /** Header `Link`. */ link?: string }
  /** Text, or nothing, as a page. */
  | { status: number; text: string }
  | { status: 200; bytes: Buffer }
  /** The same answer as for a path that does not exist. */
  | 'no page'

export interface Endpoint {
  /** The least that a key must allow. */
  needs: KeyAccess
  /** What it does, in a line, for people who read the description of the API. */
  summary: string
  /** Needs nothing in its body, so clients send all kinds of nothing (D6). */
  takesNothing?: true
  answer(call: ApiCall): Promise<ApiAnswer>
}

export type ApiMethod = 'GET' | 'POST' | 'DELETE'

/** A path below `/api/vN/` and what can be done there. Versions share it. */
export interface ApiRoute {
  path: RegExp
  /** The same for people: `checks/{uuid}/pause`. */
  template: string
  methods: Partial<Record<ApiMethod, Endpoint>>
}

/** Parts of paths, as [M4] of spec/management-api.md spells them. */
export const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
export const UNIQUE_KEY = '[0-9A-Za-z]{40}'
export const NUMBER = '[0-9]+'

/** `path` is a regular expression without its ends. Where it ends in a slash, that may be missing (D5). */
export function apiRoute(path: string, methods: ApiRoute['methods']): ApiRoute {
  return {
    path: new RegExp(path.endsWith('/') ? `^${path}?$` : `^${path}$`),
    template: path
      .replace(`(${UUID})`, '{uuid}')
      .replace(`(${UNIQUE_KEY})`, '{unique_key}')
      .replace(`(${NUMBER})`, '{n}'),
    methods,
  }
}

export const json = (value: unknown, status = 200): ApiAnswer => ({ status, json: value })

/** An answer whose status says it all. */
export const empty = (status: number): ApiAnswer => ({ status, text: '' })

export const wrong = (error: string, status = 400): ApiAnswer => ({ status, json: { error } })
