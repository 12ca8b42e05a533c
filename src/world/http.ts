import { isIP } from 'node:net'
import { Client, ProxyAgent, buildConnector } from 'undici'
import type { Dispatcher } from 'undici'
import type { Config } from '../config'
import { SECOND } from '../core/time'
import { BlockedAddress, addressPolicy } from './addresses'
import type { AddressPolicy, Resolve } from './addresses'
import { Unusable, httpFailure } from './http-failure'
import type { HttpFailure } from './http-failure'
import { proxyFor } from './proxy'

export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'PUT'
  url: string
  /** Values in Latin-1. The request's own names win over ours, in any case. */
  headers?: Readonly<Record<string, string>>
  /** Added to those in the URL. */
  query?: Readonly<Record<string, string>>
  /** At most one of the three; bytes go without a content type. */
  json?: unknown
  form?: Readonly<Record<string, string>>
  body?: Uint8Array
  /** An endpoint that the operator chose in the settings: the address policy does not apply to it. */
  trusted?: boolean
}

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

/** More of an answer is not read; the verdict stands by then. */
const ANSWER_LIMIT_BYTES = 64 * 1024

const MAX_REDIRECTS = 3

/** Not to be shown to another origin than the one they were meant for. */
const CREDENTIALS = ['authorization', 'cookie', 'access-token']

type HttpConfig = Pick<Config, 'allowPrivateAddresses' | 'allowedCidrs' | 'mail' | 'proxy'>

export function outgoingHttp(config: HttpConfig, options: HttpOptions): OutgoingHttp {
  const infrastructure = config.mail === null ? [] : [{ host: config.mail.host, port: config.mail.port }]
  const policy = addressPolicy(
    { allowPrivate: config.allowPrivateAddresses, allowedCidrs: config.allowedCidrs, infrastructure },
    options.resolve,
  )
  const closing = new AbortController()
  return {
    async send(request) {
      const limit = AbortSignal.timeout(options.timeLimitMs ?? TIME_LIMIT_MS)
      const signal = AbortSignal.any([limit, closing.signal])
      try {
        const hop = toHop(request, `Rollcall/${options.version}`)
        return await unlessAborted(signal, follow(hop, policy, config.proxy, signal))
      } catch (error) {
        return httpFailure(error, { timedOut: limit.aborted })
      }
    },

    async close() {
      closing.abort(Object.assign(new Error('The program ends'), { code: 'ECONNABORTED' }))
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

/** One request on the wire; a redirect makes the next one of it. */
interface Hop {
  method: string
  url: URL
  /** Keys are lower case. */
  headers: Map<string, string>
  body: Uint8Array | null
  trusted: boolean
}

function toHop(request: OutgoingRequest, userAgent: string): Hop {
  const url = webAddress(request.url)
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.append(name, value)

  const headers = new Map([['user-agent', userAgent]])
  const { type, body } = content(request)
  if (type !== null) headers.set('content-type', type)
  for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name.toLowerCase(), value)
  return withUserInfo({ method: request.method, url, headers, body, trusted: request.trusted ?? false })
}

function content({ json, form, body }: OutgoingRequest): { type: string | null; body: Uint8Array | null } {
  if (json !== undefined) return { type: 'application/json', body: Buffer.from(JSON.stringify(json)) }
  if (form !== undefined) {
    const encoded = new URLSearchParams(form).toString()
    return { type: 'application/x-www-form-urlencoded', body: Buffer.from(encoded) }
  }
  return { type: null, body: body ?? null }
}

function webAddress(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (url === null) throw new Unusable('HTTP request failed (invalid URL)')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Unusable('HTTP request failed (unsupported protocol)')
  }
  return url
}

/** User name and password in the address travel as a header, as a browser would send them. */
function withUserInfo(hop: Hop): Hop {
  const { url, headers } = hop
  if (url.username === '' && url.password === '') return hop
  const userInfo = `${plain(url.username)}:${plain(url.password)}`
  if (!headers.has('authorization')) {
    headers.set('authorization', `Basic ${Buffer.from(userInfo).toString('base64')}`)
  }
  url.username = ''
  url.password = ''
  return hop
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

async function follow(
  first: Hop,
  policy: AddressPolicy,
  proxy: Config['proxy'],
  signal: AbortSignal,
): Promise<HttpAnswer> {
  let hop = first
  for (let redirects = 0; ; redirects++) {
    const { answer, location } = await exchange(hop, policy, proxy, signal)
    if (location === null) return answer
    if (redirects === MAX_REDIRECTS) throw new Unusable('Too many redirects')
    hop = redirected(hop, answer.status, location)
  }
}

type Answered = Extract<HttpAnswer, { ok: true }>

async function exchange(
  { method, url, headers, body, trusted }: Hop,
  policy: AddressPolicy,
  proxy: Config['proxy'],
  signal: AbortSignal,
): Promise<{ answer: Answered; location: string | null }> {
  signal.throwIfAborted()
  const via = proxyFor(url, proxy)
  // The proxy dials, so all we can do is to look at the address as we see it from here.
  if (via !== null && !trusted) await policy.check(url.hostname, portOf(url.protocol, url.port))

  // A connection for each request: alerts are rare, and a kept one may have gone stale unnoticed.
  const dispatcher = via === null ? direct(url, trusted ? null : policy) : new ProxyAgent({ uri: via })
  // Not left to undici's own signal, which a request that still connects does not notice.
  signal.addEventListener('abort', () => void dispatcher.destroy(), { once: true })
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
    return { answer: { ok: true, status, headers: flat(response.headers), body: read }, location }
  } finally {
    void dispatcher.destroy()
  }
}

/** Without a policy for endpoints of the operator. */
function direct(url: URL, policy: AddressPolicy | null): Dispatcher {
  return new Client(url.origin, { connect: connector(policy), allowH2: false })
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

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** 303 means "look there"; the others "do it there": spec/integrations.md §3.2. */
function redirected(from: Hop, status: number, location: string): Hop {
  const url = webAddress(location, from.url)
  if (from.url.protocol === 'https:' && url.protocol === 'http:') throw new Unusable('Connection failed')
  url.hash = ''

  const headers = new Map(from.headers)
  const stays = url.origin === from.url.origin
  if (!stays) CREDENTIALS.forEach((name) => headers.delete(name))
  const look = status === 303 && from.method !== 'GET'
  if (look) headers.delete('content-type')
  return withUserInfo({
    method: look ? 'GET' : from.method,
    url,
    headers,
    body: look ? null : from.body,
    trusted: from.trusted && stays,
  })
}

/** The beginning of the answer. One that breaks off has still said its status, which is what counts. */
async function readSome(body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= ANSWER_LIMIT_BYTES) break
    }
  } catch (error) {
    if (signal.aborted) throw error
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_LIMIT_BYTES)
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, single(value) ?? '']))
}

function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
