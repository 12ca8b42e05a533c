import { describe, expect, it } from 'vitest'
import { peerOf, trustOf } from '../../src/world/peer'

const PRIVATE = [
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
]

function addressSeen(peer: string | undefined, forwarded: string, proxies: string[] | 'any'): string | null {
  return peerOf({ 'x-forwarded-for': forwarded }, peer, false, trustOf(proxies)).address
}

/** The table of spec/ping-api.md [P30], and what else can happen. */
describe('the client address', () => {
  it.each([
    ['3.3.3.3', '1.1.1.1', 'any' as const, '1.1.1.1'],
    ['3.3.3.3', '1.1.1.1, 2.2.2.2', 'any' as const, '1.1.1.1'],
    ['3.3.3.3', '1.1.1.1:1234', 'any' as const, '1.1.1.1'],
    ['3.3.3.3', '2001:DB8:0:0::1', 'any' as const, '2001:db8::1'],
    ['3.3.3.3', '::ffff:1.1.1.1', 'any' as const, '::ffff:1.1.1.1'],
    ['3.3.3.3', 'unknown', 'any' as const, null],
    ['3.3.3.3', '', 'any' as const, '3.3.3.3'],
    ['3.3.3.3', '1.1.1.1', [], '3.3.3.3'],
    ['10.0.0.1', '9.9.9.9, 1.1.1.1, 10.0.0.7', PRIVATE, '1.1.1.1'],
    ['10.0.0.1', '10.0.0.9, 10.0.0.8', PRIVATE, '10.0.0.9'],
    ['10.0.0.1', '[2001:db8::1]:443', PRIVATE, '2001:db8::1'],
    ['10.0.0.1', '[2001:db8::1]', PRIVATE, '2001:db8::1'],
    ['10.0.0.1', '1.1.1.1:80', PRIVATE, '1.1.1.1'],
    ['10.0.0.1', 'unknown', PRIVATE, '10.0.0.1'],
    ['10.0.0.1', '1.1.1.1, unknown, 10.0.0.7', PRIVATE, '10.0.0.7'],
    ['10.0.0.1', '', PRIVATE, '10.0.0.1'],
    ['10.0.0.1', '999.1.1.1', PRIVATE, '10.0.0.1'],
    ['::ffff:10.0.0.1', '1.1.1.1', PRIVATE, '1.1.1.1'],
    ['fe80::1%eth0', '1.1.1.1', PRIVATE, '1.1.1.1'],
    ['::1', '1.1.1.1', PRIVATE, '1.1.1.1'],
    ['8.8.8.8', '1.1.1.1', PRIVATE, '8.8.8.8'],
    ['8.8.8.8', '1.1.1.1', ['8.8.8.8'], '1.1.1.1'],
    [undefined, '1.1.1.1', [], '1.1.1.1'],
  ])('of peer %s with "%s", trusting %s, is %s', (peer, forwarded, proxies, seen) => {
    expect(addressSeen(peer, forwarded, proxies)).toBe(seen)
  })

  it('is that of the connection when no proxy speaks', () => {
    expect(peerOf({}, '::ffff:1.2.3.4', false, trustOf(PRIVATE)).address).toBe('::ffff:1.2.3.4')
    expect(peerOf({}, 'fe80::1%eth0', false, trustOf(PRIVATE)).address).toBe('fe80::1')
    expect(peerOf({}, undefined, false, trustOf(PRIVATE)).address).toBeNull()
  })
})

/** spec/ping-api.md [P31], spec/operations.md [O30]. */
describe('the scheme', () => {
  function schemeSeen(peer: string, proto: string, isTls = false): string {
    return peerOf({ 'x-forwarded-proto': proto }, peer, isTls, trustOf(PRIVATE)).scheme
  }

  it.each([
    ['10.0.0.1', 'https', 'https'],
    ['10.0.0.1', 'HTTPS', 'https'],
    ['10.0.0.1', 'https, http', 'https'],
    ['10.0.0.1', 'http, https', 'http'],
    ['10.0.0.1', 'gopher', 'http'],
    ['10.0.0.1', '', 'http'],
    ['8.8.8.8', 'https', 'http'],
  ])('of peer %s that says "%s" is %s', (peer, proto, seen) => {
    expect(schemeSeen(peer, proto)).toBe(seen)
  })

  it('is https when the listener itself ended TLS, whatever a header says', () => {
    expect(schemeSeen('8.8.8.8', 'http', true)).toBe('https')
    expect(schemeSeen('10.0.0.1', 'http', true)).toBe('https')
  })

  it('comes from the configured header alone when there is one, and only from a trusted proxy', () => {
    const trust = trustOf(PRIVATE, { name: 'x-https', value: 'on' })
    expect(peerOf({ 'x-https': 'on' }, '10.0.0.1', false, trust).scheme).toBe('https')
    expect(peerOf({ 'x-https': 'on' }, '8.8.8.8', false, trust).scheme).toBe('http')
    expect(peerOf({ 'x-forwarded-proto': 'https' }, '10.0.0.1', false, trust).scheme).toBe('http')
  })
})
