import { lookup as systemLookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { LookupFunction } from 'node:net'

/**
 * Which addresses may be called. People type addresses that this program then calls from inside
 * its network, so it must not become a tunnel into it: spec/integrations.md §3.3.
 */
export interface AddressPolicy {
  /** Whether a connection to this IP address and port is allowed. */
  allows(address: string, port: number): Promise<boolean>
  /**
   * For the socket that is about to connect to `port`: it is handed the allowed addresses of a
   * name and no others, so that the very addresses that were checked are dialled.
   * Fails with `BlockedAddress` when none is left.
   */
  lookup(port: number): LookupFunction
  /** Throws `BlockedAddress` unless the host, a name or an IP address, may be called on this port. */
  check(host: string, port: number): Promise<void>
}

export class BlockedAddress extends Error {}

export interface Address {
  address: string
  family: number
}

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<Address[]>

export interface PolicySettings {
  allowPrivate: boolean
  /** Open whatever their class; CIDR notation. */
  allowedCidrs: readonly string[]
  /** Our own mail relay and the like, which no integration may speak to. */
  infrastructure: readonly { host: string; port: number }[]
}

const PRIVATE = ranges(
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8'],
  // Carrier-grade NAT (Tailscale lives there), and what home routers use for made-up addresses.
  ['100.64.0.0/10', '198.18.0.0/15'],
  ['fc00::/7', '::1/128'],
)

/** Nobody's server, or the metadata service of a cloud. */
const NEVER = ranges(
  ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  ['224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32'],
  ['::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', '2001:db8::/32', '100::/64', 'fd00:ec2::254/128'],
)

/** https://fetch.spec.whatwg.org/#port-blocking */
const BAD_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

export function addressPolicy(settings: PolicySettings, resolve: Resolve = systemResolve): AddressPolicy {
  const opened = ranges(settings.allowedCidrs)

  async function allows(address: string, port: number): Promise<boolean> {
    const judged = unwrapped(address)
    if (BAD_PORTS.has(port) || (await isOurs(judged, port))) return false
    if (has(opened, judged)) return true
    if (has(NEVER, judged)) return false
    return settings.allowPrivate || !has(PRIVATE, judged)
  }

  async function isOurs(address: string, port: number): Promise<boolean> {
    for (const endpoint of settings.infrastructure) {
      if (endpoint.port !== port) continue
      const addresses = await addressesOf(endpoint.host, resolve).catch(() => [])
      if (addresses.some((own) => unwrapped(own.address) === address)) return true
    }
    return false
  }

  async function allowedAddresses(host: string, port: number): Promise<Address[]> {
    const allowed: Address[] = []
    for (const address of await addressesOf(host, resolve)) {
      if (await allows(address.address, port)) allowed.push(address)
    }
    if (allowed.length === 0) throw new BlockedAddress(`${host} has no address that may be called`)
    return allowed
  }

  return {
    allows,

    lookup: (port) => (host, options, callback) => {
      allowedAddresses(host, port).then(
        (addresses) => {
          const [first] = addresses
          if (options.all === true) callback(null, addresses)
          else callback(null, first?.address ?? '', first?.family)
        },
        (error: NodeJS.ErrnoException) => callback(error, []),
      )
    },

    async check(host, port) {
      await allowedAddresses(host, port)
    },
  }
}

async function systemResolve(host: string): Promise<Address[]> {
  return systemLookup(host, { all: true })
}

async function addressesOf(host: string, resolve: Resolve): Promise<Address[]> {
  const bare = host.replace(/^\[|\]$/g, '')
  const family = isIP(bare)
  return family === 0 ? resolve(host) : [{ address: bare, family }]
}

function ranges(...lists: (readonly string[])[]): BlockList {
  const list = new BlockList()
  for (const cidr of lists.flat()) {
    const [address = '', bits] = cidr.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return list
}

function has(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** The IPv4 address inside an IPv4-mapped or NAT64 one, since that is who answers; else the same. */
function unwrapped(address: string): string {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return bare
  const groups = groupsOf(bare)
  const prefix = groups.slice(0, 6).join(':')
  if (prefix !== '0:0:0:0:0:ffff' && prefix !== '64:ff9b:0:0:0:0') return groups.join(':')
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((pair) => [pair >> 8, pair & 255])
    .join('.')
}

/** The eight groups of an IPv6 address, in hex without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser turns a dotted end into two groups and drops leading zeros.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}
