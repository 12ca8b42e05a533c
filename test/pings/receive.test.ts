import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { pingDoors } from '../../src/pings/doors'
import { PingIntake } from '../../src/pings/intake'
import { pingHandler } from '../../src/pings/receive'
import type { ReceiveOptions } from '../../src/pings/receive'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import { StoreUnavailable } from '../../src/store/problems'
import { openLog } from '../../src/world/log'
import { trustOf } from '../../src/world/peer'
import { aBeginning, NOON } from '../support/build'
import { freshSqlite } from '../support/databases'

const RUN = 'AAAAAAAA-0000-4000-8000-00000000000b'

let store: Store
let check: Check
let server: Server
let base: string

beforeEach(async () => {
  store = await openStore(freshSqlite(), { newCode: randomUUID })
  check = (await store.users.addFirst(aBeginning()))!.check
  await serve()
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await store.close()
})

async function serve(options: Partial<ReceiveOptions> = {}) {
  const clock = () => NOON
  const handler = pingHandler({
    doors: pingDoors({ siteRoot: 'http://localhost', pingEndpoint: 'http://localhost/ping/' }),
    bodyLimitBytes: 1000,
    trust: trustOf(['127.0.0.0/8']),
    intake: new PingIntake({ ...store, onFlips: () => undefined }),
    ...store,
    countries: null,
    limit: null,
    clock,
    log: openLog({ level: 'error', format: 'text', clock, write: () => true }),
    ...options,
  })
  server?.close()
  server = createServer({ requireHostHeader: false }, (request, response) => {
    if (!handler(request, response)) response.writeHead(418).end('not a ping')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ping = (path: string, init?: RequestInit) => fetch(`${base}/ping/${path}`, init)
const last = async () => {
  const pings = await store.pings.latest(check.id, { afterN: 0, limit: 1 })
  return pings[0] ?? null
}

/** Sends bytes as they are, and gives all that comes back until the other side hangs up. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => socket.write(text, 'latin1'))
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

describe('an accepted ping', () => {
  it('is answered OK, with the body limit, for every browser and for no cache', async () => {
    const response = await ping(check.code)
    expect([response.status, await response.text()]).toEqual([200, 'OK'])
    const headers = Object.fromEntries(response.headers)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': '2',
      'access-control-allow-origin': '*',
      'ping-body-limit': '1000',
      'cache-control': 'max-age=0, no-cache, no-store, must-revalidate, private',
      expires: new Date(NOON).toUTCString(),
    })
    expect(headers['set-cookie'] ?? headers['etag']).toBeUndefined()
  })

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'UNSUBSCRIBE'])(
    'may be sent by %s',
    async (method) => {
      const response = await ping(check.code, { method })
      expect(response.status).toBe(200)
      expect(response.headers.get('ping-body-limit')).toBe('1000')
      expect(await response.text()).toBe(method === 'HEAD' ? '' : 'OK')
      expect(await last()).toMatchObject({ kind: 'success', method: method.slice(0, 10) })
    },
  )

  it('is kept with what it said and where it came from', async () => {
    await ping(`${check.code}/7?rid=${RUN}`, { headers: { 'user-agent': `${'ä'.repeat(250)}` } })
    expect(await last()).toMatchObject({
      n: 1,
      kind: 'fail',
      exitStatus: 7,
      runId: RUN.toLowerCase(),
      scheme: 'http',
      remoteAddress: '127.0.0.1',
      userAgent: 'ä'.repeat(200),
      at: NOON,
    })
  })

  it('knows its client and scheme behind a proxy that is trusted', async () => {
    await ping(check.code, {
      headers: { 'x-forwarded-for': '9.9.9.9, 1.1.1.1', 'x-forwarded-proto': 'https' },
    })
    expect(await last()).toMatchObject({ remoteAddress: '1.1.1.1', scheme: 'https' })
  })

  it('may come by HTTP/1.0 without Host and without User-Agent', async () => {
    expect(await raw(`GET /ping/${check.code} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await last()).toMatchObject({ userAgent: '', method: 'GET' })
  })

  it('may name the whole address, as clients of proxies do', async () => {
    const answer = await raw(`GET http://example.org/ping/${check.code}/start HTTP/1.0\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(await last()).toMatchObject({ kind: 'start' })
  })

  it('is told to go on when it asks before sending its body', async () => {
    const answer = await raw(
      `POST /ping/${check.code} HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
    expect(await last()).toMatchObject({ bodyBytes: 2 })
  })
})

describe('the body of a ping', () => {
  const body = async () => store.pings.body(check.id, (await last())?.n ?? 0)

  it('is kept byte for byte, whatever the method', async () => {
    const bytes = Buffer.from([0, 255, 254, 10, 65])
    await ping(check.code, { method: 'POST', body: bytes })
    expect(await body()).toEqual(bytes)
  })

  it('is cut at the limit, in the middle of a letter if need be', async () => {
    await ping(check.code, { method: 'POST', body: `${'a'.repeat(999)}ž and more` })
    expect(await body()).toEqual(Buffer.concat([Buffer.from('a'.repeat(999)), Buffer.from([0xc5])]))
  })

  it('may be sent in chunks', async () => {
    await raw(
      `POST /ping/${check.code} HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`,
    )
    expect(await body()).toEqual(Buffer.from('abcde'))
  })

  it('is none when it is empty, and none of it is kept when the limit is 0', async () => {
    await ping(check.code, { method: 'POST', body: '' })
    expect(await body()).toBeNull()
    await serve({ bodyLimitBytes: 0 })
    const response = await ping(check.code, { method: 'POST', body: 'something' })
    expect([response.status, response.headers.get('ping-body-limit')]).toEqual([200, '0'])
    expect(await body()).toBeNull()
  })

  it('is kept up to the technical limit, which is not announced, when the operator sets none', async () => {
    await serve({ bodyLimitBytes: null })
    const response = await ping(check.code, { method: 'POST', body: Buffer.alloc(3_000_000, 'x') })
    expect([response.status, response.headers.get('ping-body-limit')]).toEqual([200, null])
    expect(await last()).toMatchObject({ bodyBytes: 2_621_440 })
  })

  it('that never ends is cut off, and the ping counts', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(base).port), '127.0.0.1')
      socket.write(`POST /ping/${check.code} HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n`)
      const block = Buffer.alloc(65536, 'x')
      const pour = () => void (socket.destroyed || socket.write(block, pour))
      pour()
      let answer = ''
      socket.on('data', (chunk) => {
        answer += chunk.toString()
        socket.destroy()
        resolve(answer)
      })
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).toMatch(/Connection: close/i)
    expect(await last()).toMatchObject({ bodyBytes: 1000 })
  })

  it('that breaks off records nothing', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(base).port), '127.0.0.1', () => {
        socket.write(`POST /ping/${check.code} HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf`, () =>
          socket.destroy(),
        )
        socket.on('close', () => resolve())
      })
    })
    await ping(check.code)
    expect(await last()).toMatchObject({ n: 1, method: 'GET' })
  })
})

describe('a ping that is not accepted', () => {
  const unknown = '00000000-0000-4000-8000-000000000000'
  it.each([
    [() => `${unknown}`, 404, 'not found'],
    [() => `${unknown}/256?rid=x`, 404, 'not found'],
    [() => `${check.code}/256`, 400, 'invalid url format'],
    [() => `${check.code}/256?rid=x`, 400, 'invalid url format'],
    [() => `${check.code}?rid=x`, 400, 'invalid uuid format'],
    [() => `${check.code}/fail/`, 404, 'not found'],
    [() => check.code.toUpperCase(), 404, 'not found'],
    [() => '', 404, 'not found'],
  ])('%s', async (path, status, text) => {
    const response = await ping(path())
    expect([response.status, await response.text()]).toEqual([status, text])
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(response.headers.get('ping-body-limit')).toBeNull()
    expect(await last()).toBeNull()
  })

  it('is asked to come back while the database cannot keep it', async () => {
    const recordPings = () => Promise.reject(new StoreUnavailable('disk full', null))
    await serve({
      intake: new PingIntake({ checks: { recordPings }, onFlips: () => undefined, commitsAtOnce: 1 }),
    })
    const response = await ping(check.code)
    expect([response.status, await response.text()]).toEqual([503, 'try again later'])
    expect(response.headers.get('retry-after')).toBe('60')
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('is asked to come back when too many wait', async () => {
    await serve({ intake: { submit: () => Promise.resolve('overloaded' as const) } })
    const response = await ping(check.code)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  })
})

it('leaves to others what is not below the ping address', async () => {
  expect((await fetch(`${base}/pingx/${check.code}`)).status).toBe(418)
  expect((await fetch(`${base}/p%69ng/${check.code}`)).status).toBe(200)
  expect((await fetch(`${base}/ping/%ff`)).status).toBe(418)
})
