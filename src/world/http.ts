import { isIP } from 'node:net'
import { Client, ProxyAgent, buildConnector } from 'undici'
import type { Config } from '../config'
import { SECOND } from '../core/time'
import { BlockedAddress, addressPolicy } from './addresses'
import type { AddressPolicy, PolicySettings, Resolve } from './addresses'
import { flat, isRedirect, readSome, single } from './http-answer'
import { Unusable, httpFailure, hungUp } from './http-failure'
import type { HttpFailure } from './http-failure'
import { redirected, toHop } from './http-request'
import type { Hop, OutgoingRequest } from './http-request'
import { kept } from './kept'
import type { Kept } from './kept'
import { proxyFor } from './proxy'

export type { OutgoingRequest }

/** An answer, whatever its status, or why there was none. */
export type HttpAnswer =
  { ok: true; status: number; headers: Readonly<Record<string, string>>; body: Buffer } | HttpFailure

/** The way out for everything that integrations send over HTTP: spec/integrations.md §3. Never rejects. */
export interface OutgoingHttp {
  send(request: OutgoingRequest): Promise<HttpAnswer>
  /** Breaks off what is still under way, so that nothing holds up the end of the program. */
  close(): Promise<void>
}

export interface HttpOptions {
  /** Of this program, for its name in requests. */
  version: string
  timeLimitMs?: number
  resolve?: Resolve
}

/** From the name to the last byte of the answer, redirects included. */
const TIME_LIMIT_MS = 30 * SECOND

/** Name, TCP and TLS. */
const CONNECT_LIMIT_MS = 10 * SECOND

const MAX_REDIRECTS = 3

/**
 * How long a connection is kept for the next message to the same place: in a storm there are thousands. Short,
 * because that something in between has dropped it shows only when the time for an answer is over.
 */
const KEEP_MS = SECOND

/** Connections that are kept, at most. */
const MOST_KEPT = 64

type HttpConfig = Pick<Config, 'allowPrivateAddresses' | 'allowedCidrs' | 'mail' | 'proxy'>

export function outgoingHttp(config: HttpConfig, options: HttpOptions): OutgoingHttp {
  const rules: PolicySettings = {
    allowedCidrs: config.allowedCidrs,
    // Both may change while the server runs.
    get allowPrivate() {
      return config.allowPrivateAddresses
    },
    get infrastructure() {
      return config.mail === null ? [] : [{ host: config.mail.host, port: config.mail.port }]
    },
  }
  const policy = addressPolicy(rules, options.resolve)
  const closing = new AbortController()
  const ways: Ways = { policy, proxy: config.proxy, idle: kept<Client>({ keepMs: KEEP_MS, most: MOST_KEPT }) }
  return {
    async send(request) {
      const limit = AbortSignal.timeout(options.timeLimitMs ?? TIME_LIMIT_MS)
      const signal = AbortSignal.any([limit, closing.signal])
      try {
        const hop = toHop(request, `Rollcall/${options.version}`)
        return await unlessAborted(signal, follow(hop, ways, signal))
      } catch (error) {
        return httpFailure(error, { timedOut: limit.aborted })
      }
    },

    async close() {
      closing.abort(Object.assign(new Error('The program ends'), { code: 'ECONNABORTED' }))
      ways.idle.close()
    },
  }
}

/** What comes of the work, or the reason of the signal if that is sooner. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    work.then(resolve, reject)
  })
}

/** How to get out. */
interface Ways {
  policy: AddressPolicy
  proxy: Config['proxy']
  /** Connections that nobody uses right now; one never serves two requests at once. */
  idle: Kept<Client>
}

async function follow(first: Hop, ways: Ways, signal: AbortSignal): Promise<HttpAnswer> {
  let hop = first
  for (let redirects = 0; ; redirects++) {
    const { answer, location } = await exchange(hop, ways, signal)
    if (location === null) return answer
    if (redirects === MAX_REDIRECTS) throw new Unusable('Too many redirects')
    hop = redirected(hop, answer.status, location)
  }
}

type Answered = Extract<HttpAnswer, { ok: true }>

interface Exchanged {
  answer: Answered
  /** Where to look instead. */
  location: string | null
  /** Whether the connection is as good as new: the answer was read to its end. */
  isReusable: boolean
}

async function exchange(hop: Hop, { policy, proxy, idle }: Ways, signal: AbortSignal): Promise<Exchanged> {
  const { url, trusted } = hop
  signal.throwIfAborted()
  const via = proxyFor(url, proxy)
  if (via !== null) {
    // The proxy dials, so all we can do is to look at the address as we see it from here.
    if (!trusted) await policy.check(url.hostname, portOf(url.protocol, url.port))
    const agent = new ProxyAgent({ uri: via })
    return over(agent, hop, signal).finally(() => void agent.destroy())
  }

  // One that the policy did not look at must never serve a request that it is to look at. Each dials by itself
  // when it has to, under the same policy, so that a kept one leads to an address that was allowed.
  const key = `${trusted ? 'trusted' : 'checked'} ${url.origin}`
  const send = async (client: Client): Promise<Exchanged> => {
    let isReusable = false
    try {
      const exchanged = await over(client, hop, signal)
      isReusable = exchanged.isReusable && !signal.aborted
      return exchanged
    } finally {
      if (isReusable) idle.keep(key, client)
      else void client.destroy()
    }
  }
  const known = idle.take(key)
  if (known !== undefined) {
    try {
      return await send(known)
    } catch (error) {
      // It was closed as we wrote to it, which says nothing about the message.
      if (signal.aborted || !hungUp(error)) throw error
    }
  }
  return send(direct(url, trusted ? null : policy))
}

async function over(
  dispatcher: Client | ProxyAgent,
  { method, url, headers, body }: Hop,
  signal: AbortSignal,
): Promise<Exchanged> {
  const end = () => void dispatcher.destroy()
  // Not left to undici's own signal, which a request that still connects does not notice.
  signal.addEventListener('abort', end, { once: true })
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: Object.fromEntries(headers),
      body,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const { statusCode: status } = response
    const location = isRedirect(status) ? single(response.headers['location']) : null
    const read = location === null ? await readSome(response.body, signal) : Buffer.alloc(0)
    const answer = { ok: true as const, status, headers: flat(response.headers), body: read }
    return { answer, location, isReusable: response.body.readableEnded }
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** Without a policy for endpoints of the operator. */
function direct(url: URL, policy: AddressPolicy | null): Client {
  const keepAlive = { keepAliveTimeout: KEEP_MS, keepAliveMaxTimeout: KEEP_MS }
  return new Client(url.origin, { connect: connector(policy), allowH2: false, ...keepAlive })
}

/** Dials only what the policy allows: the names it resolves, the literal addresses, the connected peer. */
function connector(policy: AddressPolicy | null): buildConnector.connector {
  const limits = { timeout: CONNECT_LIMIT_MS, allowH2: false }
  if (policy === null) return buildConnector(limits)

  return (options, callback) => {
    const port = portOf(options.protocol, options.port)
    const dial = buildConnector({ ...limits, port, lookup: policy.lookup(port) })
    const literal = isIP(options.hostname) !== 0 ? policy.check(options.hostname, port) : Promise.resolve()
    literal.then(
      () =>
        dial(options, (...[error, socket]) => {
          if (error !== null) return callback(error, null)
          policy.allows(socket.remoteAddress ?? '', port).then(
            (allowed) => {
              if (allowed) return callback(null, socket)
              socket.destroy()
              callback(new BlockedAddress('The connected address may not be called'), null)
            },
            (cause: Error) => callback(cause, null),
          )
        }),
      (cause: Error) => callback(cause, null),
    )
  }
}

function portOf(protocol: string, port: string): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
