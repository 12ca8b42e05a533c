import type { Dice } from './dice'
import { targetOf } from './targets'
import type { Target, World } from './targets'

/** What is said on one connection. */
export interface Conversation {
  requests: FuzzRequest[]
  /** Hangs up after so many bytes of all; null: stays until all is answered. */
  hangUpAfterBytes: number | null
  /** How the bytes are cut into writes: lengths that are used in turn; null: all at once. */
  slices: number[] | null
}

export interface FuzzRequest {
  bytes: Buffer
  method: string
  kind: Target['kind']
  /** It is whole and follows HTTP, so that it must be answered. What is not sound comes last. */
  sound: boolean
  /** The only right status beside 503; null: any that does not blame us. */
  expected: number | null
}

/** Most requests on one connection, and most bytes of a body. */
const MOST_REQUESTS = 12
const MOST_BODY_BYTES = 300_000

const METHODS = ['GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'HEAD', 'PUT'] as const
const RARE_METHODS = [
  'DELETE',
  'OPTIONS',
  'PATCH',
  'PROPFIND',
  'TRACE',
  'PURGE',
  'M-SEARCH',
  'QUERY',
  'LINK',
] as const
const ODD_METHODS = [
  'CONNECT',
  'get',
  'GETT',
  '',
  'PÖST',
  'X'.repeat(500),
  'PRI',
  'GET\u0000',
  '(GET)',
  '-',
] as const

const WORDS = [
  'started',
  'backup ok',
  'error: disk full',
  'fail',
  'Ünïcode ✓',
  '\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  '{"a":',
  '\u0000',
  'a=1&b=%zz',
] as const

const TEXT = 'abc XYZ,;=:/()<>@[]{}?"\'\\\t'

/** Says one to several requests in a row; only the last one may be broken. */
export function conversationOf(dice: Dice, world: World): Conversation {
  const count = dice.chance(0.5) ? 1 : 1 + dice.below(MOST_REQUESTS)
  // What is broken can cost the answers to those before it, so that long ones are mostly whole.
  const mayBreak = dice.chance(count === 1 ? 0.4 : 0.15)
  const requests: FuzzRequest[] = []
  while (requests.length < count) {
    const isLast = requests.length === count - 1
    const place = { isFirst: requests.length === 0, isLast, mayBreak: isLast && mayBreak }
    const request = requestOf(dice, world, place)
    if (request.sound || place.mayBreak) requests.push(request)
  }
  const length = requests.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return {
    requests,
    hangUpAfterBytes: dice.chance(0.06) ? dice.below(length + 1) : null,
    slices: dice.chance(0.15) ? Array.from({ length: 5 }, () => 1 + dice.below(1 + (length >> 2))) : null,
  }
}

function requestOf(
  dice: Dice,
  world: World,
  { isFirst, isLast, mayBreak }: { isFirst: boolean; isLast: boolean; mayBreak: boolean },
): FuzzRequest {
  const target = targetOf(dice, world)
  // Many are like those of clients in the field; what they must hear is known.
  if (target.expected !== null && dice.chance(0.7)) return plainRequest(dice, target)
  const method = oddMethod(dice, { target, mayBreak })
  const version = versionOf(dice, { isLast, mayBreak })
  const head = headersOf(dice, world, { target, method, isFirst, isLast, mayBreak })
  const body = bodyOf(dice, { mayBreak, isOld: version === 'HTTP/1.0' })
  const isSoundTarget = /^[\x21-\x7e]+$/.test(target.text) && /^(\/|https?:\/\/[a-z])/i.test(target.text)
  const lines = [`${method} ${target.text} ${version}`, ...head.lines, ...body.headers]
  const isSound =
    isSoundTarget &&
    body.sound &&
    /^[A-Z-]+$/.test(method) &&
    !(ODD_METHODS as readonly string[]).includes(method) &&
    /^HTTP\/1\.[01]$/.test(version) &&
    lines.join('').length < 14_000 &&
    !head.isBroken
  const end = mayBreak && dice.chance(0.05) ? '\n' : '\r\n'
  const bytes = Buffer.concat([Buffer.from(lines.join(end) + end + end, 'latin1'), body.bytes])
  return { bytes, method, kind: target.kind, sound: isSound && end === '\r\n', expected: null }
}

function plainRequest(dice: Dice, { text, kind, expected }: Target): FuzzRequest {
  const method = dice.pick(METHODS)
  const body = method === 'POST' || method === 'PUT' ? someBytes(dice) : null
  const lines = [`${method} ${text} HTTP/1.1`, 'Host: localhost', 'User-Agent: curl/8.5.0']
  if (body) lines.push(`Content-Length: ${body.length}`)
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body ?? Buffer.alloc(0)])
  return { bytes, method, kind, sound: true, expected }
}

function oddMethod(dice: Dice, { target, mayBreak }: { target: Target; mayBreak: boolean }): string {
  if (mayBreak && dice.chance(0.15)) return dice.pick(ODD_METHODS)
  if (dice.chance(0.75)) return dice.pick(METHODS)
  const method = dice.pick(RARE_METHODS)
  // The checks must stay, because their pings are counted in the end.
  return method === 'DELETE' && target.kind !== 'ping' ? 'PUT' : method
}

function versionOf(dice: Dice, { isLast, mayBreak }: { isLast: boolean; mayBreak: boolean }): string {
  if (isLast && dice.chance(0.2)) return 'HTTP/1.0'
  if (mayBreak && dice.chance(0.1))
    return dice.pick(['HTTP/0.9', 'HTTP/2.0', 'HTTP/1.2', 'http/1.1', 'HTTP/', '', 'HTP/1.1', 'HTTP/1.1 x'])
  return 'HTTP/1.1'
}

function headersOf(
  dice: Dice,
  world: World,
  {
    target,
    method,
    isFirst,
    isLast,
    mayBreak,
  }: { target: Target; method: string; isFirst: boolean; isLast: boolean; mayBreak: boolean },
): { lines: string[]; isBroken: boolean } {
  const lines: string[] = []
  const maybe = (share: number, line: () => string) => {
    if (dice.chance(share)) lines.push(line())
  }
  const odd = () => dice.text(dice.below(60), TEXT)
  maybe(0.85, () => 'Host: localhost')
  maybe(0.1, () => `Host: ${dice.pick(['', 'evil.example', '[::1]:99', 'a b', 'LOCALHOST:', '../x', odd()])}`)
  maybe(0.7, () => `User-Agent: ${dice.pick(['curl/8.5.0', '', '\u00ff\u00fe', 'x'.repeat(3000), odd()])}`)
  maybe(
    0.3,
    () =>
      `X-Forwarded-For: ${dice.pick(['1.2.3.4', '1.2.3.4, 5.6.7.8', '::1', '[::1]:80', 'unknown', ',,,', '999.1.1.1', '1.2.3.4:80', '9, '.repeat(500), odd()])}`,
  )
  maybe(0.1, () => `X-Forwarded-Proto: ${dice.pick(['https', 'http, https', 'gopher', odd()])}`)
  maybe(0.1, () => `Forwarded: ${dice.pick(['for=1.2.3.4', 'for="[::1]"', odd()])}`)
  // Node puts its 100 Continue into the midst of the answer when others have to be answered before.
  if (isFirst)
    maybe(0.08, () => `Expect: ${dice.pick(['100-continue', '100-Continue', '200-ok', '', odd()])}`)
  maybe(
    0.1,
    () =>
      `Content-Type: ${dice.pick(['application/json', 'application/x-www-form-urlencoded', 'text/plain; charset=x', 'multipart/form-data', odd()])}`,
  )
  maybe(0.05, () => `Content-Encoding: ${dice.pick(['gzip', 'br', 'identity', odd()])}`)
  maybe(0.15, () => `Accept-Encoding: ${dice.pick(['gzip', 'br;q=1, gzip', '*;q=0', odd()])}`)
  maybe(0.05, () => `Accept-Language: ${odd()}`)
  maybe(0.05, () => `Range: bytes=${dice.pick(['0-', '-1', '9-1', odd()])}`)
  maybe(0.05, () => `If-None-Match: ${dice.pick(['*', '"x"', odd()])}`)
  maybe(0.05, () => `If-Modified-Since: ${dice.pick(['Thu, 01 Jan 1970 00:00:00 GMT', odd()])}`)
  maybe(0.03, () => `X-Fragment: ${odd()}`)
  maybe(0.03, () => `X-Custom: ${'y'.repeat(dice.below(9000))}`)
  maybe(0.02, () => Array.from({ length: 200 }, (_, i) => `X-${i}: ${i}`).join('\r\n'))
  if (target.kind === 'page')
    maybe(0.7, () => `Cookie: ${dice.pick([world.session, world.session, 'sid=', odd()])}`)
  if (target.kind === 'api')
    maybe(0.8, () => `X-Api-Key: ${dice.pick([world.apiKey, world.apiKey, '', odd()])}`)
  // The parser of Node drops what came in the same read after a wish to speak something else.
  if (isLast)
    maybe(0.1, () => `Upgrade: ${dice.pick(['websocket', 'h2c', 'TLS/1.0', odd()])}\r\nConnection: Upgrade`)
  if (isLast) maybe(0.3, () => `Connection: ${dice.pick(['close', 'keep-alive', 'Close, x', odd()])}`)
  if (method === 'POST') maybe(0.05, () => `X-HTTP-Method-Override: ${dice.pick(['PUT', odd()])}`)
  const soundCount = lines.length
  if (!mayBreak) return { lines, isBroken: false }
  maybe(0.06, () => 'Broken line without its colon')
  maybe(0.04, () => `X-Huge: ${'z'.repeat(20_000 + dice.below(40_000))}`)
  maybe(0.03, () => ` folded: ${odd()}`)
  maybe(0.03, () => `X\u0000Y: 1`)
  maybe(0.02, () => Array.from({ length: 2500 }, (_, i) => `h${i}:`).join('\r\n'))
  return { lines, isBroken: lines.length > soundCount }
}

interface FuzzBody {
  headers: string[]
  bytes: Buffer
  sound: boolean
}

function bodyOf(dice: Dice, { mayBreak, isOld }: { mayBreak: boolean; isOld: boolean }): FuzzBody {
  if (mayBreak && dice.chance(0.4)) return brokenBody(dice)
  const throwing = dice.below(100)
  if (throwing < 40) return { headers: [], bytes: Buffer.alloc(0), sound: true }
  const bytes = someBytes(dice)
  // The old version knows no chunks.
  if (throwing < 80 || isOld) return { headers: [`Content-Length: ${bytes.length}`], bytes, sound: true }
  return { headers: ['Transfer-Encoding: chunked'], bytes: chunked(dice, bytes), sound: true }
}

function brokenBody(dice: Dice): FuzzBody {
  const bytes = someBytes(dice)
  const { length } = bytes
  const headers = dice.pick([
    [`Content-Length: ${length + 1 + dice.below(400_000)}`],
    [`Content-Length: ${dice.below(length + 1)}`],
    [`Content-Length: ${length}`, 'Transfer-Encoding: chunked'],
    [`Content-Length: ${length}`, `Content-Length: ${length + 1}`],
    [`Content-Length: ${length}, ${length}`],
    [`Content-Length: ${dice.pick(['-1', '+5', '0x10', '', '1e3', '99999999999999999999999', '٣', '5 5'])}`],
    ['Transfer-Encoding: chunked'],
    [
      `Transfer-Encoding: ${dice.pick(['gzip', 'identity', 'chunked, chunked', 'xchunked', 'chunked, gzip', '\u000bchunked', ''])}`,
    ],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    ['Transfer-Encoding : chunked'],
  ])
  const whole = dice.chance(0.5) ? bytes : chunked(dice, bytes)
  return {
    headers,
    bytes: dice.chance(0.5) ? whole : whole.subarray(0, dice.below(whole.length + 1)),
    sound: false,
  }
}

function someBytes(dice: Dice): Buffer {
  const throwing = dice.below(1000)
  const most = throwing < 930 ? 300 : throwing < 990 ? 20_000 : MOST_BODY_BYTES
  const length = dice.below(most)
  if (dice.chance(0.1)) return Buffer.from(dice.pick(WORDS).repeat(1 + dice.below(5)))
  if (dice.chance(0.1))
    return Buffer.from(
      JSON.stringify({ name: dice.pick(WORDS), timeout: dice.below(99999), tags: dice.text(9, TEXT) }),
    )
  return dice.chance(0.5) ? dice.bytes(length) : Buffer.alloc(length, dice.pick(WORDS))
}

function chunked(dice: Dice, bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const length = Math.min(1 + dice.below(Math.max(16, bytes.length >> 2)), bytes.length - at)
    const extension = dice.chance(0.1) ? ';name=value' : ''
    parts.push(
      Buffer.from(`${length.toString(16)}${extension}\r\n`),
      bytes.subarray(at, at + length),
      Buffer.from('\r\n'),
    )
    at += length
  }
  parts.push(Buffer.from(dice.chance(0.1) ? '0\r\nX-Trailer: 1\r\n\r\n' : '0\r\n\r\n'))
  return Buffer.concat(parts)
}
