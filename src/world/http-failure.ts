import { BlockedAddress } from './addresses'

/** Why a request got no answer. */
export interface HttpFailure {
  ok: false
  /** A sentence for the owner of the channel: spec/integrations.md §2.6. */
  reason: string
  /**
   * `timeout`: it may have been received; `network`: it may get through later; `blocked` by the address
   * policy; `unusable`: it will be no better next time.
   */
  why: 'timeout' | 'network' | 'blocked' | 'unusable'
}

/** Thrown and caught between here and `http.ts`, for what only we find wrong with a request. */
export class Unusable extends Error {}

const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA'])

const UNCONNECTED = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_ABORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_PRX_CONN',
])

const TIMED_OUT = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/

/** What an error of a request means to the owner of a channel. */
export function httpFailure(error: unknown, { timedOut }: { timedOut: boolean }): HttpFailure {
  const code = codeOf(error)
  if (error instanceof BlockedAddress) {
    return { ok: false, why: 'blocked', reason: 'Connections to private IP addresses are not allowed' }
  }
  if (error instanceof Unusable) return { ok: false, why: 'unusable', reason: error.message }
  if (timedOut || TIMED_OUT.has(code)) return { ok: false, why: 'timeout', reason: 'Connection timed out' }
  if (UNRESOLVED.has(code)) return { ok: false, why: 'network', reason: 'Could not resolve host' }
  if (UNCONNECTED.has(code)) return { ok: false, why: 'network', reason: 'Connection failed' }
  if (TLS.test(code)) return { ok: false, why: 'network', reason: 'TLS handshake failed' }
  const why = code === 'UND_ERR_INVALID_ARG' || code.startsWith('ERR_INVALID') ? 'unusable' : 'network'
  return { ok: false, why, reason: `HTTP request failed (${code || nameOf(error)})` }
}

/** Whether the other side closed the connection before it answered. */
export function hungUp(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error))
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

/** The code of an error; of the first of its parts when every address was tried and none answered. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return codeOf(error.cause)
}
