import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/core/time'
import { aNewChannel } from '../../support/build'
import { anApiSite } from './site'
import type { ApiSite } from './site'

// What programs in the field send, header by header. Only the base address is ours; none of them follows a
// redirect of a POST, and some send bodies where there should be none.

let site: ApiSite

beforeEach(async () => {
  site = await anApiSite({ SITE_ROOT: 'http://localhost:8000' })
})
afterEach(() => site.close())

interface Sent {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  json: Record<string, unknown>
}

/** Sends just these headers, as the program in question does. */
function send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Sent> {
  const { hostname, port } = new URL(site.url)
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  const options = { method, hostname, port, path, headers: { ...headers, ...length } }
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const isJson = response.headers['content-type'] === 'application/json'
        const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const key = () => ({ 'X-Api-Key': site.key })

/** The path of an address in a document, as clients that keep addresses use it. */
const pathOf = (address: unknown): string => new URL(String(address)).pathname

async function aCheck(fields: object = {}): Promise<Record<string, unknown>> {
  return (await send('POST', '/api/v3/checks/', key(), JSON.stringify(fields))).json
}

describe('curl, as the documentation shows it', () => {
  const CURL = { 'User-Agent': 'curl/8.5.0', Accept: '*/*' }
  const FORM = { ...CURL, 'Content-Type': 'application/x-www-form-urlencoded' }

  it('posts JSON as a form, with the key in the header or in the body', async () => {
    const body = { name: 'Backups', tags: 'prod www', timeout: 3600, grace: 60 }
    const made = await send('POST', '/api/v1/checks/', { ...FORM, ...key() }, JSON.stringify(body))
    expect(made).toMatchObject({ status: 201, json: { ...body, slug: 'backups', status: 'new' } })
    const again = await send('POST', '/api/v1/checks/', FORM, JSON.stringify({ ...body, api_key: site.key }))
    expect(again.status).toBe(201)
    expect(again.text).not.toContain(site.key)
  })

  it('pauses with no data, or with a body of nothing', async () => {
    const { pause_url, resume_url } = await aCheck()
    const paused = await send('POST', pathOf(pause_url), { ...FORM, ...key() }, '')
    expect(paused).toMatchObject({ status: 200, json: { status: 'paused' } })
    expect((await send('POST', pathOf(resume_url), { ...CURL, ...key() })).json).toMatchObject({
      status: 'new',
    })
    expect((await send('POST', pathOf(resume_url), { ...CURL, ...key() })).text).toBe('check is not paused')
  })

  it('follows nothing: paths without their final slash are answered at once, whatever the method', async () => {
    const made = await send('POST', '/api/v2/checks', { ...FORM, ...key() }, '{"name": "No slash"}')
    expect(made).toMatchObject({ status: 201, json: { name: 'No slash' } })
    for (const path of ['checks', 'channels', 'badges', 'status']) {
      expect((await send('GET', `/api/v2/${path}`, { ...CURL, ...key() })).status, path).toBe(200)
    }
  })
})

describe('the collection for Ansible', () => {
  const ANSIBLE = {
    'Content-Type': 'application/json',
    'User-Agent': 'ansible-httpget',
    'Accept-Encoding': 'identity',
  }

  it('brings a check into its state, finds that nothing changed, and removes it', async () => {
    const desired = JSON.stringify({
      name: 'nightly',
      tags: 'prod',
      desc: '',
      timeout: 3600,
      grace: 300,
      channels: '',
      unique: ['name'],
    })
    const headers = { ...ANSIBLE, ...key() }
    const first = await send('POST', '/api/v1/checks', headers, desired)
    const second = await send('POST', '/api/v1/checks', headers, desired)
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.json).toEqual(first.json)
    const uuid = String(first.json['ping_url']).split('/').at(-1)
    expect((await send('DELETE', `/api/v1/checks/${uuid}`, headers, '{}')).status).toBe(200)
    expect((await send('DELETE', `/api/v1/checks/${uuid}`, headers, '{}')).status).toBe(404)
  })

  it('pauses with a body of null', async () => {
    const { uuid } = await aCheck()
    const headers = { ...ANSIBLE, ...key() }
    expect((await send('POST', `/api/v1/checks/${String(uuid)}/pause`, headers, 'null')).status).toBe(200)
    expect((await send('POST', `/api/v1/checks/${String(uuid)}/resume`, headers, 'null')).status).toBe(200)
    expect((await send('DELETE', `/api/v1/checks/${String(uuid)}`, headers, 'null')).status).toBe(200)
  })
})

describe('the provider for Terraform', () => {
  const GO = { 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip' }
  const JSON_TYPE = { 'Content-Type': 'application/json' }

  it('makes, reads, changes and removes a check that it knows by its addresses', async () => {
    const channel = await site.app.store.channels.add(aNewChannel(site.project.id))
    const channels = await send('GET', '/api/v1/channels/', { ...GO, ...key() })
    expect(channels.json['channels']).toContainEqual({ id: channel.code, name: 'Ops', kind: 'webhook' })
    const body = {
      name: 'db',
      tags: 'a b',
      schedule: '0 3 * * *',
      tz: 'Europe/Berlin',
      grace: 600,
      channels: channel.code,
    }
    const made = await send(
      'POST',
      '/api/v1/checks/',
      { ...GO, ...JSON_TYPE, ...key() },
      JSON.stringify(body),
    )
    expect(made).toMatchObject({ status: 201, json: body })
    const id = String(made.json['ping_url']).split('/').at(-1)
    const { json } = await send('GET', '/api/v1/checks/', { ...GO, ...key() })
    const found = (json['checks'] as Record<string, unknown>[]).find((each) =>
      String(each['ping_url']).endsWith(id!),
    )
    expect(found).toMatchObject(body)
    const path = pathOf(found?.['update_url'])
    const changed = await send('POST', path, { ...GO, ...JSON_TYPE, ...key() }, '{"grace":60,"channels":""}')
    expect(changed.json).toMatchObject({ ...body, grace: 60, channels: '' })
    expect((await send('DELETE', path, { ...GO, ...JSON_TYPE, ...key() })).status).toBe(200)
    expect((await send('GET', path, { ...GO, ...key() })).status).toBe(404)
  })
})

describe('Home Assistant and dashboards on a wall', () => {
  it('read the list with a read-only key, every minute', async () => {
    await aCheck({ name: 'Photo sync', tags: 'nas' })
    const reader = await site.reader()
    const headers = {
      'X-Api-Key': reader.key,
      Accept: '*/*',
      'User-Agent': 'HomeAssistant/2026.1 aiohttp/3.11',
    }
    const { status, json } = await send('GET', '/api/v1/checks/', {
      ...headers,
      'Accept-Encoding': 'gzip, deflate, br',
    })
    expect(status).toBe(200)
    const checks = json['checks'] as Record<string, unknown>[]
    expect(checks.find(({ name }) => name === 'Photo sync')).toMatchObject({
      status: 'new',
      last_ping: null,
      unique_key: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    })
    expect(JSON.stringify(checks)).not.toContain('ping_url')
  })

  it('read one check by its alias', async () => {
    await aCheck({ name: 'Photo sync', slug: 'photo-sync' })
    const headers = { 'X-Api-Key': (await site.reader()).key, Accept: 'application/json' }
    const { json } = await send('GET', '/api/v3/checks/?slug=photo-sync', headers)
    const [{ unique_key = '' } = {}] = json['checks'] as Record<string, string>[]
    expect((await send('GET', `/api/v3/checks/${unique_key}`, headers)).json).toMatchObject({
      name: 'Photo sync',
    })
    expect((await send('GET', `/api/v3/checks/${unique_key}/flips/`, headers)).json).toEqual({ flips: [] })
  })
})

describe('the static status dashboard, in a browser', () => {
  const ORIGIN = { Origin: 'https://status.example.org', 'Sec-Fetch-Mode': 'cors' }

  it('asks whether it may, and then may', async () => {
    const ask = {
      ...ORIGIN,
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'x-api-key',
    }
    const may = await send('OPTIONS', '/api/v3/checks/', ask)
    expect(may).toMatchObject({ status: 204, text: '' })
    expect(may.headers['access-control-allow-origin']).toBe('*')
    expect(String(may.headers['access-control-allow-headers']).toLowerCase()).toBe('x-api-key')
    expect(may.headers['access-control-allow-methods']).toContain('GET')
    const { key: reader } = await site.reader()
    const got = await send('GET', '/api/v3/checks/', { ...ORIGIN, 'X-Api-Key': reader })
    expect(got.status).toBe(200)
    expect(got.headers['access-control-allow-origin']).toBe('*')
    // It shows what went wrong, so it must be able to read that too.
    const refused = await send('GET', '/api/v3/checks/', { ...ORIGIN, 'X-Api-Key': 'x'.repeat(32) })
    expect(refused).toMatchObject({ status: 401, json: { error: 'wrong api key' } })
    expect(refused.headers['access-control-allow-origin']).toBe('*')
  })

  it('is sent the whole list with an ETag, and nothing again while it is the same', async () => {
    const first = await send('GET', '/api/v3/checks/', key())
    const tag = String(first.headers['etag'])
    expect((await send('GET', '/api/v3/checks/', { ...key(), 'If-None-Match': tag })).status).toBe(304)
    expect((await send('GET', '/api/v1/checks/', key())).headers['etag']).toBeUndefined()
  })
})

describe('the clients for Node and Python', () => {
  const AXIOS = { Accept: 'application/json, text/plain, */*', 'User-Agent': 'axios/1.7.9' }
  const HTTPX = { Accept: '*/*', 'Accept-Encoding': 'gzip, deflate', 'User-Agent': 'python-httpx/0.27.0' }

  it('send a body of nothing with its length', async () => {
    const { uuid } = await aCheck()
    const path = `/api/v3/checks/${String(uuid)}/pause`
    expect(
      (await send('POST', path, { ...AXIOS, ...key(), 'Content-Type': 'application/json' }, '')).status,
    ).toBe(200)
    expect((await send('GET', `/api/v3/checks/${String(uuid)}`, { ...AXIOS, ...key() }, '{}')).status).toBe(
      200,
    )
  })

  it('ask for checks by several tags, and for the flips of some hours', async () => {
    await aCheck({ name: 'both', tags: 'prod db' })
    const one = await aCheck({ name: 'one', tags: 'prod' })
    const { json } = await send('GET', '/api/v3/checks/?tag=prod&tag=db', { ...HTTPX, ...key() })
    expect((json['checks'] as { name: string }[]).map(({ name }) => name)).toEqual(['both'])
    await fetch(`${site.url}${pathOf(one['ping_url'])}`)
    const flips = await send('GET', `/api/v3/checks/${String(one['uuid'])}/flips/?seconds=3600.0`, {
      ...HTTPX,
      ...key(),
    })
    expect(flips.json).toEqual({ flips: [{ timestamp: expect.stringMatching(/\+00:00$/) as string, up: 1 }] })
    site.pass(2 * HOUR)
    const later = await send('GET', `/api/v3/checks/${String(one['uuid'])}/flips/?seconds=3600`, {
      ...HTTPX,
      ...key(),
    })
    expect(later.json).toEqual({ flips: [] })
  })

  it('read the log of pings and a body from the addresses in it', async () => {
    const { uuid, ping_url } = await aCheck()
    await fetch(`${site.url}${pathOf(ping_url)}`, { method: 'POST', body: 'disk full \u2603' })
    const { json } = await send('GET', `/api/v3/checks/${String(uuid)}/pings/`, { ...HTTPX, ...key() })
    const [{ body_url, ...ping } = { body_url: '' }] = json['pings'] as Record<string, unknown>[]
    expect(ping).toMatchObject({ type: 'success', n: 1, method: 'POST' })
    const body = await send('GET', pathOf(body_url), { ...HTTPX, ...key() })
    expect(body).toMatchObject({ status: 200, text: 'disk full \u2603' })
    expect(body.headers['content-type']).toBe('text/plain')
  })

  it('are told plainly what is not done', async () => {
    const { uuid } = await aCheck()
    for (const method of ['PUT', 'PATCH', 'HEAD']) {
      const answer = await send(method, `/api/v3/checks/${String(uuid)}`, { ...AXIOS, ...key() })
      expect({ method, status: answer.status, text: answer.text }).toEqual({ method, status: 405, text: '' })
    }
  })
})

describe('watchers and load balancers', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])(
    'ask for the status by %s, under any host and without a key',
    async (method) => {
      for (const path of ['/api/v1/status/', '/api/v2/status', '/api/v3/status/']) {
        const answer = await send(method, path, {
          Host: 'lb-7.internal',
          'User-Agent': 'ELB-HealthChecker/2.0',
        })
        expect({ path, status: answer.status }).toEqual({ path, status: 200 })
        expect(answer.text).toBe(method === 'HEAD' ? '' : 'OK')
      }
    },
  )
})
