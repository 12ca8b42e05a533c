import { Unusable } from './http-failure'

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

/** Not to be shown to another origin than the one they were meant for. */
const CREDENTIALS = ['authorization', 'cookie', 'access-token']

/** One request on the wire; a redirect makes the next one of it. */
export interface Hop {
  method: string
  url: URL
  /** Keys are lower case. */
  headers: Map<string, string>
  body: Uint8Array | null
  trusted: boolean
}

/** Throws `Unusable` when there is no such address. `userAgent` stands unless the request has its own. */
export function toHop(request: OutgoingRequest, userAgent: string): Hop {
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

/** 303 means "look there"; the others "do it there": spec/integrations.md §3.2. */
export function redirected(from: Hop, status: number, location: string): Hop {
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
