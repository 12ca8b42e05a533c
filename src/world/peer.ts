import { BlockList, SocketAddress, isIP, isIPv6 } from 'node:net'
import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../config'
import { whileSame } from '../core/while-same'

/** Who is on the other end of a request: spec/ping-api.md [P30], [P31]; spec/operations.md [O29], [O30]. */
export interface Peer {
  /** IPv6 in its shortest lower-case form; null when it is not known. */
  address: string | null
  scheme: 'http' | 'https'
}

/** Which proxies are believed, prepared once so that a ping costs no parsing. */
export interface Trust {
  has(address: string): boolean
  /** Everybody is believed: the left-most entry counts, whoever wrote it. */
  everybody: boolean
  /** A request counts as https if this header (lower case) has this value. */
  secureHeader: { name: string; value: string } | null
}

/** `proxies` are ranges in CIDR notation; a bare address is a range of one. */
export function trustOf(proxies: string[] | 'any', secureHeader: Trust['secureHeader'] = null): Trust {
  if (proxies === 'any') return { has: () => true, everybody: true, secureHeader }
  const ranges = new BlockList()
  for (const range of proxies) {
    const [network = '', bits] = range.split('/')
    const family = familyOf(network)
    if (bits === undefined) ranges.addAddress(network, family)
    else ranges.addSubnet(network, Number(bits), family)
  }
  // Node looks an IPv4 address written as ::ffff:a.b.c.d up in the IPv4 ranges too.
  return { has: (address) => ranges.check(address, familyOf(address)), everybody: false, secureHeader }
}

/** The same by settings that may change while the server runs. */
export function trustBy(config: Pick<Config, 'trustedProxies' | 'secureProxyHeader'>): Trust {
  const now = whileSame(
    () => config.trustedProxies,
    (proxies) => trustOf(proxies, config.secureProxyHeader),
  )
  return {
    has: (address) => now().has(address),
    get everybody() {
      return now().everybody
    },
    secureHeader: config.secureProxyHeader,
  }
}

/** `socketAddress` is undefined for a Unix socket, whose other end is always believed. */
export function peerOf(
  headers: IncomingHttpHeaders,
  socketAddress: string | undefined,
  isTls: boolean,
  trust: Trust,
): Peer {
  const forwarded = headers['x-forwarded-for']
  const proto = headers['x-forwarded-proto']
  const secure = trust.secureHeader ? headers[trust.secureHeader.name] : undefined
  const self = socketAddress === undefined ? null : withoutZone(socketAddress)
  const address = self !== null && isIP(self) !== 0 ? self : null
  // Most pings come straight from the job: nothing to look up.
  if (forwarded === undefined && proto === undefined && secure === undefined) {
    return { address, scheme: isTls ? 'https' : 'http' }
  }
  if (self !== null && !(address !== null && trust.has(address))) {
    return { address, scheme: isTls ? 'https' : 'http' }
  }
  return {
    address: forwarded === undefined ? address : client(textOf(forwarded), address, trust),
    scheme: isTls ? 'https' : forwardedScheme(secure, proto, trust),
  }
}

/** The right-most entry that is not one of ours; an entry that is no address ends the walk. */
function client(forwarded: string, peer: string | null, trust: Trust): string | null {
  const entries = forwarded.split(',').map((entry) => entry.trim())
  const first = entries[0] ?? ''
  if (trust.everybody) return first === '' ? peer : addressOf(first)

  let last = peer
  for (const entry of entries.reverse()) {
    const address = addressOf(entry)
    if (address === null) return last
    if (!trust.has(address)) return address
    last = address
  }
  return last
}

/** The address in an entry, without a port or brackets, in its shortest form; null when it is none. */
function addressOf(entry: string): string | null {
  const bare = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(entry)?.[1] ?? entry.replace(/^([\d.]+):\d{1,5}$/, '$1')
  const address = withoutZone(bare)
  if (isIP(address) === 0) return null
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address
}

function forwardedScheme(
  secure: string | string[] | undefined,
  proto: string | string[] | undefined,
  { secureHeader }: Trust,
): 'http' | 'https' {
  if (secureHeader) return secure !== undefined && textOf(secure) === secureHeader.value ? 'https' : 'http'
  const first = textOf(proto ?? '').split(',')[0] ?? ''
  return first.trim().toLowerCase() === 'https' ? 'https' : 'http'
}

function withoutZone(address: string): string {
  const at = address.indexOf('%')
  return at === -1 ? address : address.slice(0, at)
}

function textOf(value: string | string[]): string {
  return typeof value === 'string' ? value : value.join(',')
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
