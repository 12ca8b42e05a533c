import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { CheckStore } from '../store/checks'
import { StoreUnavailable } from '../store/problems'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import { peerOf } from '../world/peer'
import type { Trust } from '../world/peer'
import { pingAnswers } from './answer'
import type { PingAnswer } from './answer'
import { hasNoBody, readBody } from './body'
import type { PingIntake } from './intake'
import { decoded, exitStatusOf, pingRoute, runIdOf } from './route'
import type { PingRoute } from './route'

/** Longer ones are cut: spec/ping-api.md §8, [P4]. */
const USER_AGENT_CHARACTERS = 200
const METHOD_CHARACTERS = 10

/** When to come back if too many wait already. */
const OVERLOADED_MS = 5_000

export interface ReceiveOptions {
  /** The path below which all is a ping; begins and ends with a slash. */
  prefix: string
  bodyLimitBytes: number | null
  trust: Trust
  intake: Pick<PingIntake, 'submit'>
  checks: Pick<CheckStore, 'findByCode'>
  clock: Clock
  log: Log
}

/** Takes a request if it is a ping, and says whether it was. */
export type PingHandler = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * The door for pings, on the bare server: every method is a ping, whatever the Host
 * (spec/ping-api.md [P3], [P4]).
 */
export function pingHandler(options: ReceiveOptions): PingHandler {
  const { prefix, bodyLimitBytes, trust, intake, checks, clock, log } = options
  const answer = pingAnswers(options)

  async function accept(request: IncomingMessage, route: PingRoute, query: string, body: Buffer | null) {
    const refusal = await refusalOf(route, query)
    if (refusal) return refusal
    const peer = peerOf(
      request.headers,
      request.socket.remoteAddress,
      (request.socket as TLSSocket).encrypted === true,
      trust,
    )
    const receipt = await intake.submit({
      code: route.code,
      ping: {
        at: clock(),
        signal: route.signal,
        exitStatus: route.exitStatus === null ? null : (exitStatusOf(route.exitStatus) as number),
        runId: runIdOf(query),
        scheme: peer.scheme,
        method: (request.method ?? '').slice(0, METHOD_CHARACTERS),
        userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_CHARACTERS),
        remoteAddress: peer.address,
        body,
      },
    })
    if (receipt === 'overloaded') return { status: 503, retryAfterMs: OVERLOADED_MS } satisfies PingAnswer
    return { status: receipt === null ? 404 : 200 } satisfies PingAnswer
  }

  /** What is wrong with the address; an unknown check is said first: spec/ping-api.md §3. */
  async function refusalOf(route: PingRoute, query: string): Promise<PingAnswer | null> {
    const badStatus = route.exitStatus !== null && exitStatusOf(route.exitStatus) === 'invalid'
    const badRunId = runIdOf(query) === 'invalid'
    if (!badStatus && !badRunId) return null
    if ((await checks.findByCode(route.code)) === null) return { status: 404 }
    return { status: 400, text: badStatus ? 'invalid url format' : 'invalid uuid format' }
  }

  function receive(
    request: IncomingMessage,
    response: ServerResponse,
    route: PingRoute,
    query: string,
    body: Buffer | null,
    more: Pick<PingAnswer, 'close'> = {},
  ): void {
    accept(request, route, query, body).then(
      (said) => answer(response, { ...said, ...more }),
      (error: unknown) => {
        const retryAfterMs = error instanceof StoreUnavailable ? error.retryAfterMs : OVERLOADED_MS
        log.error('a ping could not be kept', { check: route.code.slice(0, 8), cause: error })
        answer(response, { status: 503, retryAfterMs, ...more })
      },
    )
  }

  return (request, response) => {
    const { path, query } = targetOf(request.url ?? '')
    if (path === null || !path.startsWith(prefix)) return false
    const route = pingRoute(path.slice(prefix.length))
    if (route === null) {
      request.resume()
      answer(response, { status: 404 })
      return true
    }
    if (hasNoBody(request)) {
      receive(request, response, route, query, null)
      return true
    }
    readBody(request, bodyLimitBytes, (body) => {
      switch (body.kind) {
        case 'whole':
          return receive(request, response, route, query, body.bytes)
        case 'endless':
          return receive(request, response, route, query, body.bytes, { close: true })
        case 'too slow':
          return answer(response, { status: 408, close: true })
        case 'gone':
          return undefined
      }
    })
    return true
  }
}

/** The decoded path, null when it cannot be decoded, and the raw query. */
function targetOf(url: string): { path: string | null; query: string } {
  // A client that takes us for a proxy sends the whole address.
  const target = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  if (mark === -1) return { path: decoded(target), query: '' }
  return { path: decoded(target.slice(0, mark)), query: target.slice(mark + 1) }
}
