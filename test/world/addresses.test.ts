import { describe, expect, it } from 'vitest'
import { addressPolicy } from '../../src/world/addresses'
import type { Address, AddressPolicy, PolicySettings } from '../../src/world/addresses'
import { ssrf } from '../vectors/integrations.json'

const names: Record<string, Address[]> = {
  'mixed.example': [
    { address: '10.0.0.1', family: 4 },
    { address: '93.184.216.34', family: 4 },
  ],
  'inside.example': [{ address: '192.168.1.10', family: 4 }],
  'relay.example': [{ address: '203.0.114.7', family: 4 }],
}

function aPolicy(settings: Partial<PolicySettings> = {}): AddressPolicy {
  return addressPolicy({ allowPrivate: false, allowedCidrs: [], infrastructure: [], ...settings }, (host) => {
    const found = names[host]
    return found ? Promise.resolve(found) : Promise.reject(new Error('ENOTFOUND'))
  })
}

function lookedUp(policy: AddressPolicy, host: string, port = 443): Promise<unknown> {
  return new Promise((resolve, reject) => {
    policy.lookup(port)(host, { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    )
  })
}

describe('which addresses may be called', () => {
  it.each(ssrf.addresses)(
    '$address: $strict for strangers, $lan at home',
    async ({ address, strict, lan }) => {
      expect(await aPolicy().allows(address, 443)).toBe(strict === 'allow')
      expect(await aPolicy({ allowPrivate: true }).allows(address, 443)).toBe(lan === 'allow')
    },
  )

  it('opens the ranges that the operator allows, and no more', async () => {
    const policy = aPolicy({ allowedCidrs: ['192.168.1.0/24', '169.254.7.0/24', 'fd12::/16'] })
    expect(await policy.allows('192.168.1.10', 443)).toBe(true)
    expect(await policy.allows('::ffff:192.168.1.10', 443)).toBe(true)
    expect(await policy.allows('169.254.7.1', 443)).toBe(true)
    expect(await policy.allows('fd12::1', 443)).toBe(true)
    expect(await policy.allows('192.168.2.10', 443)).toBe(false)
  })

  it('refuses ports of other protocols', async () => {
    expect(await aPolicy().allows('93.184.216.34', 6667)).toBe(false)
  })

  it('never lets an integration speak to our own mail relay', async () => {
    const infrastructure = [{ host: 'relay.example', port: 2525 }]
    const policy = aPolicy({ allowPrivate: true, allowedCidrs: ['0.0.0.0/0'], infrastructure })
    expect(await policy.allows('203.0.114.7', 2525)).toBe(false)
    expect(await policy.allows('::ffff:203.0.114.7', 2525)).toBe(false)
    expect(await policy.allows('203.0.114.7', 443)).toBe(true)
  })
})

describe('a name', () => {
  it('leads to its allowed addresses only', async () => {
    expect(await lookedUp(aPolicy(), 'mixed.example')).toEqual([{ address: '93.184.216.34', family: 4 }])
  })

  it('that leads nowhere else is blocked', async () => {
    await expect(lookedUp(aPolicy(), 'inside.example')).rejects.toThrow('no address that may be called')
  })

  it('that does not exist is told as such', async () => {
    await expect(lookedUp(aPolicy(), 'nowhere.example')).rejects.toThrow('ENOTFOUND')
  })
})

it.each(ssrf.urls.filter((each) => 'canonical_host' in each))(
  '$url is judged as $canonical_host',
  async (each) => {
    const host = new URL(each.url).hostname
    expect(host).toBe(each.canonical_host)
    await expect(aPolicy().check(host, 80)).rejects.toThrow('no address that may be called')
    await expect(aPolicy({ allowPrivate: true }).check(host, 80)).resolves.toBeUndefined()
  },
)
