import { isIP, isIPv4, isIPv6 } from 'node:net'
import { wholeNumber, type Parse } from './syntax'

/** Networks that only reach us from nearby: what `private` stands for in TRUSTED_PROXIES. */
export const PRIVATE_RANGES = [
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
]

/** A range as `10.0.0.0/8`; a lone address is a range of one. */
export const cidr: Parse<string> = (item) => {
  const [address, bits, more] = item.split('/')
  const expected = 'use ranges as 10.0.0.0/8 or fd00::/8'
  if (address === undefined || isIP(address) === 0 || more !== undefined) return { expected }
  const most = isIPv4(address) ? 32 : 128
  if (bits === undefined) return { value: `${address}/${most}` }
  return wholeNumber(bits, { min: 0, max: most }) === null ? { expected } : { value: item }
}

/** `private`, or a range. */
export const proxyRange: Parse<string[]> = (item) => {
  if (item.toLowerCase() === 'private') return { value: PRIVATE_RANGES }
  const range = cidr(item)
  return 'value' in range ? { value: [range.value] } : { expected: `${range.expected}, private, none or *` }
}

export type Listen = { host: string | null; port: number | null } | { path: string }

/** `address:port`, an address or `:port` alone, or `unix:/path`. What is not said is null. */
export const listen: Parse<Listen> = (given) => {
  const expected = 'use address:port, [::]:8000 for instance, or unix:/path'
  const text = given.trim()
  if (text === '') return { value: { host: null, port: null } }
  if (text.startsWith('unix:')) return text.length > 6 ? { value: { path: text.slice(5) } } : { expected }
  if (isIPv6(text)) return { value: { host: text, port: null } }

  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]\s/]*))(?::(\d+))?$/.exec(text) ?? []
  if (bracketed === undefined && (plain === undefined || /^\d+$/.test(plain))) return { expected }
  if (bracketed !== undefined && !isIPv6(bracketed)) return { expected }
  const port = digits === undefined ? null : wholeNumber(digits, { min: 0, max: 65_535 })
  if (digits !== undefined && port === null) return { expected: 'use a port from 0 to 65535' }
  return { value: { host: bracketed ?? (plain === '' || plain === '*' ? null : (plain ?? null)), port } }
}

/** A host name as the Host header has it, lower case and without its port; `.example.org` and `*` too. */
export const hostPattern: Parse<string> = (item) => {
  const expected = 'use host names, .example.org for a domain with its subdomains, or *'
  if (isIPv6(item)) return { value: `[${item.toLowerCase()}]` }
  const name = item.toLowerCase().replace(/:\d+$/, '')
  if (name === '*' || /^\.?[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/.test(name)) return { value: name }
  return /^\[[0-9a-f:.]+\]$/.test(name) ? { value: name } : { expected }
}

/** Whether a host name is one of those; patterns as `hostPattern` gives them. */
export function coversHost(patterns: string[], host: string): boolean {
  return patterns.some((pattern) => {
    if (pattern === '*' || pattern === host) return true
    return pattern.startsWith('.') && (host === pattern.slice(1) || host.endsWith(pattern))
  })
}

/** An address that a mail could go to; a host without a dot is fine behind a relay of one's own. */
export const emailAddress: Parse<string> = (item) =>
  item.length <= 254 && /^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(item)
    ? { value: item }
    : { expected: 'use an e-mail address' }

/** The public address of the site, without its final slash. */
export const siteRoot: Parse<string> = (given) => {
  const expected = 'use an address that begins with http:// or https://, without ? and #'
  const url = URL.parse(given.trim())
  if (url === null || !isWeb(url) || url.hostname === '') return { expected }
  if (!/^https?:\/\//i.test(given.trim())) return { expected }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return { expected }
  return { value: given.trim().replace(/\/$/, '') }
}

/** An image anywhere on the web, or a path on this site. Empty: null. */
export const imageAddress: Parse<string | null> = (given) => {
  if (given === '') return { value: null }
  const url = URL.parse(given)
  return given.startsWith('/') || (url !== null && isWeb(url))
    ? { value: given }
    : { expected: 'use an address that begins with http://, https:// or /' }
}

/** Where to call somebody on the web. Empty: null. */
export const webAddress: Parse<string | null> = (given) => {
  if (given.trim() === '') return { value: null }
  const url = URL.parse(given.trim())
  return url !== null && isWeb(url) && url.hostname !== ''
    ? { value: url.href }
    : { expected: 'use an address that begins with http:// or https://' }
}

/** A proxy for requests that go out; `host:port` alone is an http proxy. Empty: null. */
export const proxyAddress: Parse<string | null> = (given) => {
  if (given === '') return { value: null }
  const full = given.includes('://') ? given : `http://${given}`
  const url = URL.parse(full)
  const known = ['http:', 'https:', 'socks4:', 'socks5:']
  return url !== null && known.includes(url.protocol) && url.hostname !== ''
    ? { value: full }
    : { expected: 'use an address that begins with http://, https://, socks4:// or socks5://' }
}

/** A header as it is sent, or as CGI programs see it. Lower case, or null when there is none. */
export const proxyHeader: Parse<string | null> = (given) => {
  const name = given.trim()
  if (name === '') return { value: null }
  const plain = name.replace(/^HTTP_/i, '')
  const isCgi = plain.length < name.length
  if (!(isCgi ? /^[A-Z0-9_]+$/i : /^[A-Z0-9-]+$/i).test(plain))
    return { expected: 'use a name that begins with HTTP_, as in HTTP_REMOTE_EMAIL, or one with hyphens' }
  return { value: plain.toLowerCase().replaceAll('_', '-') }
}

function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}
