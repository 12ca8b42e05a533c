import { describe, expect, it } from 'vitest'
import { pingDoors } from '../../src/pings/doors'

describe('pings come in', () => {
  it.each([
    // site root, ping endpoint, host, path, what is behind the prefix
    ['https://a.org', 'https://a.org/ping/', 'a.org', '/ping/x', 'x'],
    ['https://a.org', 'https://a.org/ping/', 'anything', '/ping/x', 'x'],
    ['https://a.org', 'https://a.org/ping/', undefined, '/ping/x', 'x'],
    ['https://a.org', 'https://a.org/ping/', 'a.org', '/x', null],
    ['https://a.org/below', 'https://a.org/below/ping/', 'a.org', '/below/ping/x', 'x'],
    ['https://a.org/below', 'https://a.org/below/ping/', 'a.org', '/ping/x', null],
    ['https://a.org', 'https://p.a.org/', 'p.a.org', '/x/start', 'x/start'],
    ['https://a.org', 'https://p.a.org/', 'P.A.org:443', '/x', 'x'],
    ['https://a.org', 'https://p.a.org/', 'p.a.org', '/', ''],
    ['https://a.org', 'https://p.a.org/', 'p.a.org', '/ping/x', 'x'],
    ['https://a.org', 'https://p.a.org', 'p.a.org', '/x', 'x'],
    ['https://a.org', 'https://p.a.org/', 'a.org', '/x', null],
    ['https://a.org', 'https://p.a.org/', undefined, '/x', null],
    ['https://a.org', 'https://p.a.org/in/', 'p.a.org', '/in/x', 'x'],
    ['https://a.org', 'https://p.a.org/in/', 'p.a.org', '/x', null],
    ['http://a.org:8000', 'http://a.org:9000/', 'a.org:9000', '/x', 'x'],
    ['http://a.org:8000', 'http://a.org:9000/', 'a.org:8000', '/x', null],
    ['https://a.org', 'https://a.org/p/', 'a.org', '/p/x', 'x'],
    ['https://a.org', 'https://a.org/', 'a.org', '/x', null],
    ['https://a.org', 'not an address', 'a.org', '/ping/x', 'x'],
    ['https://a.org', 'not an address', 'a.org', '/x', null],
  ])('of %s and %s at %s: %s', (siteRoot, pingEndpoint, host, path, rest) => {
    expect(pingDoors({ siteRoot, pingEndpoint }).below(path, host)).toBe(rest)
  })
})
