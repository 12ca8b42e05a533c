import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { uniqueKey } from '../../../src/core/check-document'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time'
import { StoreUnavailable } from '../../../src/store/problems'
import { aNewChannel, aPing } from '../../support/build'
import { anApiSite } from './site'
import type { ApiSite } from './site'

let site: ApiSite

afterEach(() => site.close())

describe('a key', () => {
  it('is noted when it is used, once a minute', async () => {
    site = await anApiSite()
    const uses = async (): Promise<unknown> => {
      const [key] = await site.app.store.apiKeys.ofProject(site.project.id)
      return key?.lastUsedAt
    }
    const first = site.app.clock()
    await site.call('GET', '/api/v3/checks/')
    await expect.poll(uses).toBe(first)
    site.pass(MINUTE - 1)
    await site.call('GET', '/api/v3/checks/')
    site.pass(1)
    await site.call('GET', '/api/v3/checks/')
    await expect.poll(uses).toBe(first + MINUTE)
  })

  it('opens nothing any more once it has expired or was revoked', async () => {
    site = await anApiSite()
    const { actions } = site.app
    const input = { name: 'short', access: 'read-write' as const, expiresInDays: 30 }
    const added = await actions.apiKeys.add(site.project, { email: 'ada@example.org' }, input)
    if (!added.ok) throw new Error(added.problem.message)
    const asked = () => site.call('GET', '/api/v3/checks/', { key: added.value.secret })
    site.pass(30 * DAY - 1)
    expect((await asked()).status).toBe(200)
    site.pass(1)
    expect(await asked()).toMatchObject({ status: 401, json: { error: 'wrong api key' } })
    const [first] = await site.app.store.apiKeys.ofProject(site.project.id)
    await actions.apiKeys.revoke(first!)
    expect((await site.call('GET', '/api/v3/checks/')).status).toBe(401)
  })

  it('for reading is never told the UUID of a check', async () => {
    site = await anApiSite()
    const made = await site.call('POST', '/api/v3/checks/', { body: { name: 'secret', slug: 'secret' } })
    const { uuid } = made.json as { uuid: string }
    const { key } = await site.reader()
    const unique = uniqueKey(uuid)
    const paths = [
      'checks/',
      `checks/${uuid}`,
      `checks/${unique}`,
      `checks/${unique}/flips/`,
      `checks/${uuid}/pings/`,
    ]
    for (const path of paths) {
      const answer = await site.call('GET', `/api/v3/${path}`, { key })
      expect(answer.text).not.toContain(uuid)
      expect(answer.text).not.toContain(uuid.replaceAll('-', ''))
    }
  })
})

describe('the limits', () => {
  it('let a project ask so often a minute, and then tell it to wait', async () => {
    site = await anApiSite({ API_RATE_LIMIT: '2' })
    expect((await site.call('GET', '/api/v3/checks/')).status).toBe(200)
    expect((await site.call('GET', '/api/v3/checks/', { key: 'x'.repeat(32) })).status).toBe(401)
    expect((await site.call('POST', '/api/v3/checks/', { body: {} })).status).toBe(201)
    const late = await site.call('POST', '/api/v3/checks/', { body: { name: 'late' } })
    expect(late).toMatchObject({ status: 429, json: { error: 'too many requests' } })
    expect(late.headers.get('retry-after')).toBe('30')
    expect(late.headers.get('access-control-allow-origin')).toBe('*')
    site.pass(30 * SECOND)
    const { json } = await site.call('GET', '/api/v3/checks/')
    expect(JSON.stringify(json)).not.toContain('late')
  })

  it('take a body up to its limit, and go on with the connection after a longer one', async () => {
    site = await anApiSite()
    const body = (bytes: number): string => `{"x":"${'y'.repeat(bytes - 8)}"}`
    expect((await site.call('POST', '/api/v3/checks/', { raw: body(2_621_440) })).status).toBe(201)
    const long = await site.call('POST', '/api/v3/checks/', { raw: body(2_621_441), key: '' })
    expect(long).toMatchObject({ status: 400, json: { error: 'request body is too large' } })
    expect(long.headers.has('access-control-allow-origin')).toBe(false)
    expect(long.headers.get('connection')).toBe('keep-alive')
  })

  it('do not care how deep a body is', async () => {
    site = await anApiSite()
    const raw = `{"deep":${'['.repeat(200_000)}${']'.repeat(200_000)},"name":"n"}`
    expect(await site.call('POST', '/api/v3/checks/', { raw })).toMatchObject({
      status: 201,
      json: { name: 'n' },
    })
  })
})

describe('a fault of ours', () => {
  it('is told in a way that scripts understand, and found again in the log', async () => {
    site = await anApiSite({ SITE_ROOT: 'http://localhost:8000/hc' })
    const { checkSearch } = site.app.store
    checkSearch.withChannels = () => Promise.reject(new StoreUnavailable('unreachable', null))
    const answer = await site.call('GET', '/hc/api/v3/checks/')
    expect(answer).toMatchObject({ status: 503, json: { error: 'try again later' } })
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const request = answer.headers.get('x-request-id')
    expect(site.logged).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'a request failed',
        fields: expect.objectContaining({ request, path: '/hc/api/v3/checks/' }) as unknown,
      }),
    )
  })

  it('or an ordinary request leaves a line with its number, its status and no secret', async () => {
    site = await anApiSite({ LOG_REQUESTS: 'True' })
    const { json } = await site.call('POST', '/api/v3/checks/', { body: { name: 'a' } })
    const { uuid = '' } = json as { uuid?: string }
    const answer = await site.call('GET', `/api/v3/checks/${uuid}?api_key=secret`)
    const request = answer.headers.get('x-request-id') ?? ''
    expect(request).toMatch(/^[0-9a-f]{8}$/)
    await expect
      .poll(() => site.logged.find(({ fields }) => fields['request'] === request)?.message)
      .toMatch(/^GET \/api\/v3\/checks\/\S* 200$/)
    const lines = JSON.stringify(site.logged)
    expect(lines).not.toContain(site.key)
    expect(lines).not.toContain('secret')
  })
})

describe('the site around it', () => {
  it('may have a path of its own', async () => {
    site = await anApiSite({ SITE_ROOT: 'http://localhost:8000/hc' })
    const made = await site.call('POST', '/hc/api/v2/checks', { body: { name: 'Below' } })
    const { update_url, slug } = made.json as Record<string, string>
    expect(slug).toBe('below')
    expect(update_url).toMatch(/^http:\/\/localhost:8000\/hc\/api\/v2\/checks\//)
    const path = new URL(update_url ?? '').pathname
    expect((await site.call('GET', path)).json).toMatchObject({ name: 'Below' })
    expect((await site.call('GET', '/api/v3/checks/')).status).toBe(404)
  })

  it('has no route for odd paths, and never fails because of them', async () => {
    site = await anApiSite()
    const odd = [
      '/api/v3/%zz',
      '/api/v3/checks/%',
      '/api/V3/checks/',
      '/api/v3/CHECKS/',
      '/api/v3/checks//',
      '/api',
    ]
    for (const path of odd) expect((await raw(path)).status, path).toBe(404)
  })
})

describe('writes at the same time', () => {
  it('find one check, or make one', async () => {
    site = await anApiSite()
    const body = { name: 'Once', slug: 'once', unique: ['slug'] }
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => site.call('POST', '/api/v3/checks/', { body })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const { json } = await site.call('GET', '/api/v3/checks/?slug=once')
    expect((json as { checks: unknown[] }).checks).toHaveLength(1)
  })

  it('lose neither each other nor a ping', async () => {
    site = await anApiSite()
    const { json } = await site.call('POST', '/api/v3/checks/', { body: {} })
    const { uuid } = json as { uuid: string }
    const fields = ['name', 'desc', 'tags', 'slug', 'start_kw', 'success_kw']
    await Promise.all([
      ...fields.map((field) => site.call('POST', `/api/v3/checks/${uuid}`, { body: { [field]: 'x' } })),
      ...Array.from({ length: 50 }, () => fetch(`${site.url}/ping/${uuid}`)),
    ])
    const after = await site.call('GET', `/api/v3/checks/${uuid}`)
    expect(after.json).toMatchObject({
      ...Object.fromEntries(fields.map((field) => [field, 'x'])),
      n_pings: 50,
    })
  })
})

describe('a change of the schedule', () => {
  it('flips nothing by itself, and the alarm rings when it is due', async () => {
    site = await anApiSite()
    const { store, clock } = site.app
    const channel = await store.channels.add(aNewChannel(site.project.id))
    const made = await site.call('POST', '/api/v3/checks/', { body: { channels: '*' } })
    const { uuid, channels } = made.json as Record<string, string>
    expect(channels).toContain(channel.code)
    await store.checks.recordPings([{ code: uuid ?? '', ping: aPing({ at: clock() }) }])
    site.pass(HOUR)
    const changed = await site.call('POST', `/api/v3/checks/${uuid}`, { body: { timeout: 60, grace: 60 } })
    expect(changed.json).toMatchObject({ status: 'down' })
    const check = await store.checks.findByCode(uuid ?? '')
    expect(check).toMatchObject({ status: 'up', alertAfterAt: clock() - HOUR + 2 * MINUTE })
    expect(await store.flips.between(check?.id ?? 0, { fromAt: 0, untilAt: Infinity })).toHaveLength(1)
  })
})

describe('the list of pings', () => {
  it('tells how long runs took, even of those that began before the oldest ping shown', async () => {
    site = await anApiSite({ DEFAULT_PING_LOG_LIMIT: '100' })
    const { store, clock } = site.app
    const made = await site.call('POST', '/api/v3/checks/', { body: {} })
    const { uuid: code = '' } = made.json as Record<string, string>
    const record = (signal: 'start' | 'success' | 'log') =>
      store.checks.recordPings([{ code, ping: aPing({ at: clock(), signal }) }])
    await record('start')
    for (let i = 0; i < 99; i++) await record('log')
    site.pass(1500)
    await record('success')
    const { json } = await site.call('GET', `/api/v3/checks/${code}/pings/`)
    const { pings } = json as { pings: { n: number; type: string; duration?: number }[] }
    expect(pings).toHaveLength(100)
    expect(pings[0]).toMatchObject({ n: 101, type: 'success', duration: 1.5 })
  })
})

/** Without a client that tidies the path. */
function raw(path: string): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(site.url)
    const sent = request({ hostname, port, path, headers: { 'X-Api-Key': site.key } }, (response) => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode ?? 0 }))
    })
    sent.on('error', reject)
    sent.end()
  })
}
