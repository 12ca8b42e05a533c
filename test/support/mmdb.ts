/** A value of the MaxMind DB format, as far as tests need it. */
type Value = string | number | { [key: string]: Value }

type Node = [Child, Child]
type Child = Node | { data: number } | null

const METADATA_MARK = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

/**
 * A small file in the MaxMind DB format (https://maxmind.github.io/MaxMind-DB/): networks of IPv4, as
 * '192.0.2.0/24', and the countries they are in. `type` is what the file says that it holds.
 */
export function mmdb(networks: Record<string, string>, type = 'GeoLite2-Country'): Buffer {
  const root: Node = [null, null]
  const data: Buffer[] = []
  for (const [network, country] of Object.entries(networks)) {
    const offset = data.reduce((sum, { length }) => sum + length, 0)
    data.push(encoded({ country: { iso_code: country } }))
    place(root, bitsOf(network), { data: offset })
  }
  const nodes = inOrder(root)
  const records = nodes.flatMap((node) => node.map((child) => recordOf(child, nodes)))
  const tree = Buffer.alloc(records.length * 3)
  for (const [i, record] of records.entries()) tree.writeUIntBE(record, i * 3, 3)
  const metadata = encoded({
    node_count: nodes.length,
    record_size: 24,
    ip_version: 4,
    database_type: type,
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_760_000_000,
  })
  return Buffer.concat([tree, Buffer.alloc(16), ...data, METADATA_MARK, metadata])
}

function bitsOf(network: string): number[] {
  const [address = '', length = '32'] = network.split('/')
  const bits = address
    .split('.')
    .flatMap((part) => Number(part).toString(2).padStart(8, '0').split('').map(Number))
  return bits.slice(0, Number(length))
}

function place(node: Node, [bit = 0, ...rest]: number[], leaf: { data: number }): void {
  if (rest.length === 0) {
    node[bit] = leaf
    return
  }
  const child = node[bit]
  if (Array.isArray(child)) return place(child, rest, leaf)
  const fresh: Node = [null, null]
  node[bit] = fresh
  place(fresh, rest, leaf)
}

function inOrder(root: Node): Node[] {
  return [root, ...root.filter((child) => Array.isArray(child)).flatMap(inOrder)]
}

function recordOf(child: Child, nodes: Node[]): number {
  if (child === null) return nodes.length
  return Array.isArray(child) ? nodes.indexOf(child) : nodes.length + 16 + child.data
}

function encoded(value: Value): Buffer {
  if (typeof value === 'string')
    return Buffer.concat([Buffer.from([(2 << 5) | value.length]), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([Buffer.from([(6 << 5) | 4]), bytes])
  }
  const members = Object.entries(value)
  return Buffer.concat([
    Buffer.from([(7 << 5) | members.length]),
    ...members.flatMap(([key, member]) => [encoded(key), encoded(member)]),
  ])
}
