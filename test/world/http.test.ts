import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { outgoingHttp } from '../../src/world/http'
import type { HttpOptions, OutgoingHttp } from '../../src/world/http'
import { scriptedServer } from './scripted-server'
import type { ScriptedServer } from './scripted-server'

const servers: ScriptedServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function aServer(...script: Parameters<typeof scriptedServer>): Promise<ScriptedServer> {
  const server = await scriptedServer(...script)
  servers.push(server)
  return server
}

type Settings = Parameters<typeof outgoingHttp>[0]

function theWayOut(settings: Partial<Settings> = {}, options: Partial<HttpOptions> = {}): OutgoingHttp {
  const proxy = { http: null, https: null, none: null }
  return outgoingHttp(
    { allowPrivateAddresses: true, allowedCidrs: [], mail: null, proxy, ...settings },
    { version: '1.2.3', ...options },
  )
}

const welcome = (): Promise<ScriptedServer> => aServer((_, response) => response.end('thanks'))

describe('a request on the wire', () => {
  it('carries bytes as they are, without a content type of our own', async () => {
    const server = await welcome()
    const answer = await theWayOut().send({
      method: 'POST',
      url: `${server.url}/a`,
      body: Buffer.from('häß'),
    })
    expect(answer).toMatchObject({ ok: true, status: 200, body: Buffer.from('thanks') })
    expect(server.heard[0]).toMatchObject({ method: 'POST', path: '/a', body: 'häß' })
    expect(server.heard[0]?.headers).toMatchObject({ 'user-agent': 'Rollcall/1.2.3', 'content-length': '5' })
    expect(server.heard[0]?.headers).not.toHaveProperty('content-type')
  })

  it('says so when a POST has no body', async () => {
    const server = await welcome()
    await theWayOut().send({ method: 'POST', url: server.url })
    expect(server.heard[0]?.headers).toMatchObject({ 'content-length': '0' })
  })

  it('carries JSON and forms', async () => {
    const server = await welcome()
    await theWayOut().send({ method: 'POST', url: server.url, json: { a: 'ü' } })
    await theWayOut().send({
      method: 'POST',
      url: server.url,
      form: { a: 'b c', d: 'ü' },
      query: { q: '1 2' },
    })
    expect(server.heard).toMatchObject([
      { body: '{"a":"ü"}', headers: { 'content-type': 'application/json' } },
      {
        body: 'a=b+c&d=%C3%BC',
        path: '/?q=1+2',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ])
  })

  it('carries header values in Latin-1, and a user agent of the owner', async () => {
    const server = await welcome()
    await theWayOut().send({
      method: 'GET',
      url: server.url,
      headers: { 'X-N': '½ ü', 'User-Agent': 'mine' },
    })
    expect(server.heard[0]?.headers).toMatchObject({ 'x-n': '½ ü', 'user-agent': 'mine' })
  })

  it('turns user name and password into a header', async () => {
    const server = await welcome()
    const url = `http://user:pass@127.0.0.1:${server.port}/x#part`
    await theWayOut().send({ method: 'GET', url })
    await theWayOut().send({ method: 'GET', url, headers: { authorization: 'Bearer t' } })
    expect(server.heard.map(({ headers }) => headers['authorization'])).toEqual([
      'Basic dXNlcjpwYXNz',
      'Bearer t',
    ])
    expect(server.heard[0]?.path).toBe('/x')
  })
})

describe('a connection', () => {
  /** Tells from which port of ours each request came. */
  async function aListener(): Promise<ScriptedServer> {
    return aServer((_, response, request) => response.end(String(request.socket.remotePort)))
  }
  const from = async (http: OutgoingHttp, request: { url: string; trusted?: boolean }): Promise<string> => {
    const answer = await http.send({ method: 'GET', ...request })
    return answer.ok ? answer.body.toString() : answer.why
  }

  it('serves the next request to the same place', async () => {
    const [here, there] = [await aListener(), await aListener()]
    const http = theWayOut()
    const first = await from(http, here)
    expect(await from(http, here)).toBe(first)
    expect(await from(http, there)).not.toBe(first)
    expect(await from(http, here)).toBe(first)
  })

  it('serves one request at a time', async () => {
    const server = await aListener()
    const http = theWayOut()
    const ports = await Promise.all([from(http, server), from(http, server)])
    expect(new Set(ports).size).toBe(2)
  })

  it('that leads to an endpoint of the operator serves nobody else', async () => {
    const server = await aListener()
    const http = theWayOut({ allowPrivateAddresses: false })
    expect(Number(await from(http, { url: server.url, trusted: true }))).toBeGreaterThan(0)
    expect(await from(http, server)).toBe('blocked')
  })

  it('that the other side closes is opened again, and nobody else notices', async () => {
    const hangsUp = await aServer((_, response, request) => {
      response.on('close', () => request.socket.destroy())
      response.end(String(request.socket.remotePort))
    })
    const http = theWayOut()
    const ports = [await from(http, hangsUp), await from(http, hangsUp), await from(http, hangsUp)]
    expect(new Set(ports).size).toBe(3)
    expect(ports.map(Number)).not.toContain(NaN)
  })

  it('that is opened again leads to an address that may be called', async () => {
    const hangsUp = await aServer((_, response, request) => {
      response.on('close', () => request.socket.destroy())
      response.end()
    })
    const addresses = ['127.0.0.1', '10.1.2.3']
    const resolve = (): Promise<{ address: string; family: number }[]> =>
      Promise.resolve([{ address: addresses.shift() ?? '10.1.2.3', family: 4 }])
    const http = theWayOut({ allowPrivateAddresses: false, allowedCidrs: ['127.0.0.1/32'] }, { resolve })
    const request = { method: 'GET', url: `http://moves.example:${hangsUp.port}/` } as const
    expect([await http.send(request), await http.send(request)]).toMatchObject([
      { ok: true },
      { ok: false, why: 'blocked' },
    ])
  })

  it('whose answer was not read to its end serves nobody any more', async () => {
    const server = await aServer((_, response, request) =>
      response.end(String(request.socket.remotePort).padEnd(100_000)),
    )
    const http = theWayOut()
    const [first, second] = [await from(http, server), await from(http, server)]
    expect(second.trim()).not.toBe(first.trim())
  })
})

describe('an answer', () => {
  it('is handed on whatever its status', async () => {
    const server = await aServer((_, response) =>
      response.writeHead(429, { 'Retry-After': '7' }).end('slow down'),
    )
    expect(await theWayOut().send({ method: 'GET', url: server.url })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
      body: Buffer.from('slow down'),
    })
  })

  it('that never ends is read up to 64 KiB', async () => {
    const server = await aServer((_, response) => {
      const more = (): void => void response.write(Buffer.alloc(50_000), () => setImmediate(more))
      more()
    })
    const answer = await theWayOut().send({ method: 'GET', url: server.url })
    expect(answer).toMatchObject({ ok: true, status: 200 })
    expect(answer.ok && answer.body.length).toBe(65_536)
  })

  it('that breaks off has said its status', async () => {
    const server = await aServer((_, response) => {
      response.writeHead(204 + 1, { 'Content-Length': '100' })
      response.write('half', () => response.destroy())
    })
    expect(await theWayOut().send({ method: 'GET', url: server.url })).toMatchObject({
      ok: true,
      status: 205,
    })
  })
})

describe('redirects', () => {
  it('repeat method and body, three times at most', async () => {
    const server = await aServer(({ path }, response) => {
      const n = Number(path.slice(1))
      if (n === 0) response.end()
      else response.writeHead(307, { Location: `/${n - 1}` }).end()
    })
    const put = (n: number): Promise<unknown> =>
      theWayOut().send({ method: 'PUT', url: `${server.url}/${n}`, json: { n } })
    expect(await put(3)).toMatchObject({ ok: true, status: 200 })
    expect(server.heard.at(-1)).toMatchObject({ method: 'PUT', path: '/0', body: '{"n":3}' })
    expect(await put(4)).toEqual({ ok: false, why: 'unusable', reason: 'Too many redirects' })
  })

  it('with status 303 are looked up without the body', async () => {
    const server = await aServer(({ path }, response) => {
      if (path === '/done') response.end()
      else response.writeHead(303, { Location: '/done' }).end()
    })
    await theWayOut().send({ method: 'POST', url: server.url, json: {} })
    expect(server.heard[1]).toMatchObject({ method: 'GET', body: '' })
    expect(server.heard[1]?.headers).not.toHaveProperty('content-type')
  })

  it('to another place do not take the credentials along', async () => {
    const other = await welcome()
    const server = await aServer((_, response) => response.writeHead(302, { Location: other.url }).end())
    const headers = { Authorization: 'secret', 'Access-Token': 'secret', 'X-Kept': 'yes' }
    await theWayOut().send({ method: 'GET', url: server.url, headers })
    expect(other.heard[0]?.headers).toMatchObject({ 'x-kept': 'yes' })
    expect(JSON.stringify(other.heard)).not.toContain('secret')
  })

  it('do not lead around the address policy', async () => {
    const server = await aServer((_, response) =>
      response.writeHead(302, { Location: 'http://169.254.169.254/latest/' }).end(),
    )
    expect(await theWayOut().send({ method: 'GET', url: server.url })).toMatchObject({ why: 'blocked' })
  })
})

describe('a failure', () => {
  const blocked = { ok: false, why: 'blocked', reason: 'Connections to private IP addresses are not allowed' }

  it.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://0x7f.1',
    'http://[::ffff:7f00:1]',
    'http://2130706433',
  ])('is told when private addresses are closed: %s', async (host) => {
    const server = await welcome()
    const http = theWayOut({ allowPrivateAddresses: false })
    expect(await http.send({ method: 'GET', url: `${host}:${server.port}/` })).toEqual(blocked)
    expect(server.heard).toEqual([])
  })

  it('does not befall endpoints of the operator', async () => {
    const server = await welcome()
    const http = theWayOut({ allowPrivateAddresses: false })
    expect(await http.send({ method: 'GET', url: server.url, trusted: true })).toMatchObject({ ok: true })
  })

  it('keeps integrations away from our own mail relay', async () => {
    const server = await welcome()
    const mail = {
      host: 'localhost',
      port: server.port,
      tls: 'none',
      user: '',
      password: '',
      timeoutMs: 1,
    } as const
    const request = { method: 'POST', url: server.url } as const
    expect(await theWayOut({ mail }).send(request)).toEqual(blocked)
  })

  it('is told when a name resolves to a private address in between', async () => {
    const answers = ['93.184.216.34', '127.0.0.1']
    const resolve = (): Promise<{ address: string; family: number }[]> =>
      Promise.resolve(answers.map((address) => ({ address, family: 4 })).slice(1))
    const server = await welcome()
    const http = theWayOut({ allowPrivateAddresses: false }, { resolve })
    expect(await http.send({ method: 'GET', url: `http://rebind.example:${server.port}/` })).toEqual(blocked)
  })

  it('is told when nobody answers in time', async () => {
    const server = await aServer((_, response) => void response.writeHead(200).write('and then'))
    expect(await theWayOut({}, { timeLimitMs: 60 }).send({ method: 'GET', url: server.url })).toEqual({
      ok: false,
      why: 'timeout',
      reason: 'Connection timed out',
    })
  })

  it('is told when not even the name is found in time', async () => {
    const http = theWayOut({}, { timeLimitMs: 60, resolve: () => new Promise(() => {}) })
    expect(await http.send({ method: 'GET', url: 'http://slow.example/' })).toMatchObject({ why: 'timeout' })
  })

  it('is told at once when the program ends', async () => {
    const http = theWayOut()
    const server = await aServer(() => void http.close())
    const told = { ok: false, why: 'network', reason: 'Connection failed' }
    expect(await http.send({ method: 'GET', url: server.url })).toEqual(told)
    expect(await http.send({ method: 'GET', url: server.url })).toEqual(told)
    expect(server.heard).toHaveLength(1)
  })

  it('is told when a name is unknown', async () => {
    const unknown = Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
    const http = theWayOut({}, { resolve: () => Promise.reject(unknown) })
    expect(await http.send({ method: 'GET', url: 'http://nowhere.example/' })).toMatchObject({
      why: 'network',
      reason: 'Could not resolve host',
    })
  })

  it('is told when nobody is there, or hangs up', async () => {
    const server = await aServer((_, _response, request) => request.socket.destroy())
    const http = theWayOut()
    const told = { ok: false, why: 'network', reason: 'Connection failed' }
    expect(await http.send({ method: 'POST', url: server.url })).toEqual(told)
    await server.close()
    expect(await http.send({ method: 'POST', url: server.url })).toEqual(told)
  })

  it('is told when the other side does not speak TLS, or not HTTP', async () => {
    const babbler = createServer((socket) => socket.on('error', () => {}).end('hello\r\n\r\n'))
    await new Promise<void>((resolve) => babbler.listen(0, '127.0.0.1', resolve))
    const at = `127.0.0.1:${(babbler.address() as AddressInfo).port}`
    const http = theWayOut()
    expect(await http.send({ method: 'GET', url: `https://${at}` })).toMatchObject({
      reason: 'TLS handshake failed',
    })
    const answer = await http.send({ method: 'GET', url: `http://${at}` })
    expect(answer).toMatchObject({ why: 'network', reason: 'HTTP request failed (HTTPParserError)' })
    babbler.close()
  })

  it.each(['', 'not an address', 'ftp://example.org', 'http://'])('is told for "%s"', async (url) => {
    expect(await theWayOut().send({ method: 'GET', url })).toMatchObject({ ok: false, why: 'unusable' })
  })

  it('is told for a header that cannot be sent', async () => {
    const server = await welcome()
    const request = { method: 'GET', url: server.url, headers: { 'X-N': '🔥' } } as const
    expect(await theWayOut().send(request)).toMatchObject({ ok: false, why: 'unusable' })
  })
})

describe('a proxy', () => {
  it('is asked instead, except for what is exempt, and only for addresses we would call', async () => {
    const target = await welcome()
    const proxy = await aServer((_, response) => response.end('by proxy'))
    const through = (none: string): OutgoingHttp =>
      theWayOut({ proxy: { http: proxy.url, https: null, none } })

    await through('').send({ method: 'GET', url: `${target.url}/a` })
    expect(proxy.heard).toMatchObject([{ path: `${target.url}/a` }])
    expect(target.heard).toEqual([])

    await through(`example.org, 127.0.0.1:${target.port}`).send({ method: 'GET', url: target.url })
    expect(target.heard).toHaveLength(1)

    const metadata = await through('').send({ method: 'GET', url: 'http://169.254.169.254/' })
    expect(metadata).toMatchObject({ why: 'blocked' })
    expect(proxy.heard).toHaveLength(1)
  })
})
