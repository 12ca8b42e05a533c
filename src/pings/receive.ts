import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { ArrivingPing } from '../core/ping'
import type { Address, AddressStore, Unresolved } from '../store/addresses'
import type { CheckStore } from '../store/checks'
import { StoreUnavailable } from '../store/problems'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Countries } from '../world/countries'
import type { Log } from '../world/log'
import { peerOf } from '../world/peer'
import type { Peer, Trust } from '../world/peer'
import { pingAnswers } from './answer'
import type { PingAnswer } from './answer'
import { hasNoBody, readBody } from './body'
import type { PingCounts } from './counts'
import type { PingDoors } from './doors'
import type { PingIntake } from './intake'
import type { RateLimit } from './rate-limit'
import { decoded, exitStatusOf, isToCreate, pingRoute, runIdOf } from './route'
import type { PingRoute } from './route'

/** Longer ones are cut: spec/ping-api.md §8, [P4]. */
const USER_AGENT_CHARACTERS = 200
const METHOD_CHARACTERS = 10

/** When to come back if too many wait already. */
const OVERLOADED_MS = 5_000

export interface ReceiveOptions {
  /** Where pings are taken. */
  doors: PingDoors
  /** Read at use, since it may change. */
  bodyLimitBytes: number | null
  trust: Trust
  intake: Pick<PingIntake, 'submit'>
  checks: Pick<CheckStore, 'findByCode'>
  addresses: Pick<AddressStore, 'resolve'>
  /** Whose pings are refused by where they come from; null: nobody's. */
  countries: Pick<Countries, 'isBlocked'> | null
  /** Null: pings may come as often as they like. */
  limit: RateLimit | null
  counts?: PingCounts
  clock: Clock
  log: Log
}

/** Takes a request if it is a ping, and says whether it was. */
export type PingHandler = (request: IncomingMessage, response: ServerResponse) => boolean

/** A request that has the address of a ping. */
interface Call {
  request: IncomingMessage
  response: ServerResponse
  route: PingRoute
  query: string
  peer: Peer
  /** What is wrong with the address; null: nothing. */
  mistake: string | null
  /** By the stopwatch. */
  began: number
}

/**
 * The door for pings, on the bare server: every method is a ping, whatever the Host
 * (spec/ping-api.md [P3], [P4]). What is judged first is the order of spec/ping-api.md §3.
 */
export function pingHandler(options: ReceiveOptions): PingHandler {
  const { doors, trust, intake, checks, addresses, countries, limit, clock, log } = options
  const give = pingAnswers(options)

  function answer(response: ServerResponse, said: PingAnswer): void {
    if (said.status >= 400) options.counts?.rejected(said.status)
    give(response, said)
  }

  function pingOf({ request, route, query, peer }: Call, body: Buffer | null): ArrivingPing {
    return {
      at: clock(),
      signal: route.signal,
      exitStatus: route.exitStatus === null ? null : (exitStatusOf(route.exitStatus) as number),
      runId: runIdOf(query),
      scheme: peer.scheme,
      method: (request.method ?? '').slice(0, METHOD_CHARACTERS),
      userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_CHARACTERS),
      remoteAddress: peer.address,
      body,
    }
  }

  async function keep(call: Call, body: Buffer | null): Promise<PingAnswer> {
    const recorded = await intake.submit({ ...addressOf(call, clock), ping: pingOf(call, body) })
    if (recorded === 'overloaded') return { status: 503, retryAfterMs: OVERLOADED_MS }
    if (recorded === null || typeof recorded === 'string') return unresolved(recorded)
    return { status: recorded.created ? 201 : 200 }
  }

  /** Says what is wrong with the address, but of an unknown check first; one that was added stays ([P8]). */
  async function refuse(call: Call, text: string): Promise<PingAnswer> {
    const address = addressOf(call, clock)
    const found = 'code' in address ? await checks.findByCode(address.code) : await addresses.resolve(address)
    if (found === null || typeof found === 'string') return unresolved(found)
    return { status: 400, text }
  }

  function say(call: Call, saying: Promise<PingAnswer>, more: Pick<PingAnswer, 'close'> = {}): void {
    const { response, route } = call
    saying.then(
      (said) => {
        answer(response, { ...said, ...more })
        if (said.status < 400) options.counts?.answered(stopwatch() - call.began)
      },
      (error: unknown) => {
        const retryAfterMs = error instanceof StoreUnavailable ? error.retryAfterMs : OVERLOADED_MS
        const check = 'code' in route ? route.code.slice(0, 8) : route.slug
        log.error('a ping could not be kept', { check, cause: error })
        answer(response, { status: 503, retryAfterMs, ...more })
      },
    )
  }

  function receive(call: Call, body: Buffer | null, more?: Pick<PingAnswer, 'close'>): void {
    say(call, call.mistake === null ? keep(call, body) : refuse(call, call.mistake), more)
  }

  /** Reads the body, if there is one, and goes on with it. */
  function withBody(call: Call, goOn: typeof receive): void {
    const { request, response } = call
    if (hasNoBody(request)) return goOn(call, null)
    readBody(request, options.bodyLimitBytes, (body) => {
      switch (body.kind) {
        case 'whole':
          return goOn(call, body.bytes)
        case 'endless':
          return goOn(call, body.bytes, { close: true })
        case 'too slow':
          return answer(response, { status: 408, close: true })
        case 'gone':
          return undefined
      }
    })
  }

  /** A limit costs a look at the check once its tokens are gone; the body is only read if it decides. */
  async function limited(call: Call, allowance: RateLimit): Promise<void> {
    const { request, route, mistake } = call
    const isBodyToCome = !hasNoBody(request)
    const ping = mistake === null ? pingOf(call, null) : null
    const admission = await allowance.admit(route, ping, { isBodyToCome })
    if (request.destroyed) return
    if (admission === null) return withBody(call, receive)
    if (admission !== 'by its body') return turnAway(call, tooMany(admission))
    withBody(call, (_, body, more) => {
      const judged = allowance
        .admit(route, pingOf(call, body), { isBodyToCome: false })
        .then((again) => (again === null || again === 'by its body' ? keep(call, body) : tooMany(again)))
      say(call, judged, more)
    })
  }

  /** Answers without waiting for a body. */
  function turnAway({ request, response }: Pick<Call, 'request' | 'response'>, saying: PingAnswer): void {
    request.resume()
    answer(response, saying)
  }

  return (request, response) => {
    const began = stopwatch()
    const { path, query } = targetOf(request.url ?? '')
    const rest = path === null ? null : doors.below(path, request.headers.host)
    if (rest === null) return false
    const route = pingRoute(rest)
    const peer = peerOf(
      request.headers,
      request.socket.remoteAddress,
      (request.socket as TLSSocket).encrypted === true,
      trust,
    )
    if (route === null) turnAway({ request, response }, { status: 404 })
    else if (countries?.isBlocked(peer.address)) turnAway({ request, response }, { status: 403 })
    else if ('slug' in route && /[A-Z]/.test(route.slug)) turnAway({ request, response }, { status: 400 })
    else {
      const call = { request, response, route, query, peer, mistake: mistakeIn(route, query), began }
      if (limit === null) withBody(call, receive)
      else limited(call, limit).catch((error: unknown) => say(call, Promise.reject(error)))
    }
    return true
  }
}

function addressOf({ route, query }: Call, clock: Clock): Address {
  if ('code' in route) return { code: route.code }
  const { pingKey, slug } = route
  return { pingKey, slug, createAt: isToCreate(query) ? clock() : null }
}

function unresolved(why: Unresolved): PingAnswer {
  if (why === null) return { status: 404 }
  return { status: why === 'ambiguous' ? 409 : 400 }
}

function tooMany({ retryAfterMs }: { retryAfterMs: number }): PingAnswer {
  return { status: 429, retryAfterMs }
}

/** What is wrong with an address that has the form of a ping's. */
function mistakeIn({ exitStatus }: PingRoute, query: string): string | null {
  if (exitStatus !== null && exitStatusOf(exitStatus) === 'invalid') return 'invalid url format'
  return runIdOf(query) === 'invalid' ? 'invalid uuid format' : null
}

/** The decoded path, null when it cannot be decoded, and the raw query. */
function targetOf(url: string): { path: string | null; query: string } {
  // A client that takes us for a proxy sends the whole address.
  const target = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  if (mark === -1) return { path: decoded(target), query: '' }
  return { path: decoded(target.slice(0, mark)), query: target.slice(mark + 1) }
}
