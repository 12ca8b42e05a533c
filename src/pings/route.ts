import type { Signal } from '../core/signal'

/** What the address of a ping says; the check is not looked up yet. */
export type PingRoute = (CodeRoute | SlugRoute) & {
  signal: Signal
  /** The digits of an exit status as they came, of any length; null when there are none. */
  exitStatus: string | null
}

export interface CodeRoute {
  code: string
}

export interface SlugRoute {
  pingKey: string
  slug: string
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const BY_CODE = new RegExp(`^(${UUID})(?:/|/(start|fail|log)|/([0-9]+))?$`)
const BY_SLUG = /^([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)(?:\/(start|fail|log)|\/([0-9]+))?$/
const RUN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Reads the path below the ping prefix, percent-decoded once and without the query:
 * spec/ping-api.md §1. Null when no ping has such a path. A slug may have capitals here; no check's has.
 */
export function pingRoute(path: string): PingRoute | null {
  const byCode = BY_CODE.exec(path)
  if (byCode) {
    const [, code = '', word, digits] = byCode
    return { code, signal: signalOf(word), exitStatus: digits ?? null }
  }
  const bySlug = BY_SLUG.exec(path)
  if (!bySlug) return null
  const [, pingKey = '', slug = '', word, digits] = bySlug
  return { pingKey, slug, signal: signalOf(word), exitStatus: digits ?? null }
}

function signalOf(word: string | undefined): Signal {
  return (word as Signal | undefined) ?? 'success'
}

/** Decodes a path once; null when it is not valid percent-encoding of UTF-8, which no ping path is. */
export function decoded(path: string): string | null {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

/** 0…255 however many zeros lead; 'invalid' for more. */
export function exitStatusOf(digits: string): number | 'invalid' {
  const significant = digits.replace(/^0+(?=.)/, '')
  return significant.length > 3 || Number(significant) > 255 ? 'invalid' : Number(significant)
}

/**
 * The run id of a query: the last `rid` counts, in lower case. Null when there is none, 'invalid'
 * when it is not 8-4-4-4-12 hexadecimal digits: spec/ping-api.md [P7].
 */
export function runIdOf(query: string): string | null | 'invalid' {
  const runId = lastOf(query, 'rid')
  if (runId === undefined) return null
  return RUN_ID.test(runId) ? runId.toLowerCase() : 'invalid'
}

/** Whether a check that is not there yet is to be added: spec/ping-api.md [P8]. */
export function isToCreate(query: string): boolean {
  return lastOf(query, 'create') === '1'
}

function lastOf(query: string, name: string): string | undefined {
  // Most pings have no query at all, and none writes these names with percent signs for no reason.
  if (query === '' || !(query.includes(name) || query.includes('%'))) return undefined
  return new URLSearchParams(query).getAll(name).at(-1)
}
