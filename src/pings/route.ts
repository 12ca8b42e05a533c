import type { Signal } from '../core/signal'

/** What the address of a ping says; the check is not looked up yet. */
export interface PingRoute {
  code: string
  signal: Signal
  /** The digits of an exit status as they came, of any length; null when there are none. */
  exitStatus: string | null
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const PATH = new RegExp(`^(${UUID})(?:/|/(start|fail|log)|/([0-9]+))?$`)
const RUN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Reads the path below the ping prefix, percent-decoded once and without the query:
 * spec/ping-api.md §1. Null when no ping has such a path.
 */
export function pingRoute(path: string): PingRoute | null {
  const match = PATH.exec(path)
  if (!match) return null
  const [, code = '', word, digits] = match
  return { code, signal: (word as Signal | undefined) ?? 'success', exitStatus: digits ?? null }
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
  if (!query.includes('rid')) return null
  const runId = new URLSearchParams(query).getAll('rid').at(-1)
  if (runId === undefined) return null
  return RUN_ID.test(runId) ? runId.toLowerCase() : 'invalid'
}
