import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyAccess } from '../../../src/core/api-key'
import type { MemberRole } from '../../../src/core/role'
import { accountDoor } from '../../../src/web/api/account/door'
import type { AccountRoute } from '../../../src/web/api/account/route'
import { databases } from '../../support/databases'
import { join, somebody } from '../../support/cast'
import { localSite } from '../../support/local-site'
import type { LocalSite } from '../../support/local-site'
import { anAdministrator } from '../../support/person'

// What access tokens of accounts open, over real HTTP and on both databases.

interface Answer {
  status: number
  headers: Headers
  text: string
  json: Record<string, unknown>
}

/** Every answer has just what the description of the API says of it. */
function refuseUndescribed(method: string, path: string, status: number, text: string): void {
  const bare = `${path.split('?')[0] ?? ''}/`.replace(/\/+$/, '/')
  for (const { path: pattern, methods } of routes) {
    const schema = methods[method as 'GET']?.answers?.schema
    if (schema && status < 300 && (pattern.test(bare) || pattern.test(bare.slice(0, -1))))
      schema.parse(JSON.parse(text))
  }
}

let routes: readonly AccountRoute[] = []

const NOBODY = '00000000-0000-4000-8000-000000000000'

describe.each(databases)('with a token on $name', (database) => {
  let site: LocalSite
  let ada: string
  let home: string

  beforeEach(async () => {
    site = await localSite({ API_RATE_LIMIT: '500' }, { database: await database.fresh() })
    routes = accountDoor(site.appliance.app, []).routes
    await anAdministrator(site)
    ada = await tokenOf('ada@example.org')
    const { json } = await call('GET', 'projects/', ada)
    home = (json['projects'] as { id: string }[])[0]?.id ?? ''
  })

  afterEach(() => site.close())

  async function tokenOf(email: string, access: KeyAccess = 'read-write'): Promise<string> {
    const { actions, store } = site.appliance.app
    const user = await store.users.findByEmail(email)
    const added = await actions.accessTokens.add(user!, { name: email, access, expiresInDays: null })
    if (!added.ok) throw new Error(added.problem.message)
    return added.value.secret
  }

  async function call(method: string, path: string, token: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${site.url}/api/v3/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    refuseUndescribed(method, path, response.status, text)
    const isJson = response.headers.get('content-type') === 'application/json'
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    }
  }

  /** Somebody with this role in Ada's first project. */
  async function withRole(role: MemberRole): Promise<string> {
    const person = await somebody(site, `${role}@example.org`)
    await join(site, home, person, role)
    return tokenOf(`${role}@example.org`)
  }

  it('projects can be created, read, renamed and deleted', async () => {
    const made = await call('POST', 'projects', ada, { name: 'Garden' })
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      name: 'Garden',
      owner: 'ada@example.org',
      role: 'owner',
      ping_key: null,
    })
    const path = `projects/${made.json['id'] as string}`
    expect((await call('POST', path, ada, { name: 'Yard' })).json).toMatchObject({ name: 'Yard' })
    expect((await call('GET', path, ada)).json).toMatchObject({ name: 'Yard' })
    const { json } = await call('GET', 'projects/', ada)
    expect((json['projects'] as { name: string }[]).map(({ name }) => name)).toEqual(['My project', 'Yard'])
    expect((await call('DELETE', path, ada)).status).toBe(200)
    expect(await call('GET', path, ada)).toMatchObject({ status: 404 })
  })

  it('mistakes are told with what to do about them', async () => {
    const wrong = async (method: string, path: string, body?: unknown) => {
      const { status, json } = await call(method, path, ada, body)
      return `${status} ${String(json['error'])}`
    }
    expect(await wrong('POST', 'projects/', { name: ' ' })).toBe('400 name: Give the project a name.')
    expect(await wrong('POST', 'projects/', {})).toMatch(/^400 json validation error: name: /)
    expect(await wrong('POST', 'projects/', { name: 'x', nmae: 'y' })).toMatch(/nmae/)
    expect(await wrong('POST', 'projects/', '{')).toMatch(/^400 could not parse/)
    expect(await wrong('POST', 'projects/', { name: 'x', owner: 'no@example.org' })).toMatch(
      /^400 There is no account no@example.org/,
    )
    expect(await wrong('GET', `projects/${NOBODY}`)).toMatch(/^404 There is no such project/)
    expect(await wrong('POST', `projects/${home}/channels/`, { kind: 'pigeon' })).toBe(
      "400 kind: there is no integration 'pigeon'.",
    )
    const channel = { kind: 'webhook', settings: { down: { url: 'nonsense nonsense' } } }
    expect(await wrong('POST', `projects/${home}/channels/`, channel)).toBe(
      '400 down.url: Enter a valid URL.',
    )
    const typo = { kind: 'webhook', settings: { down: { ulr: 'https://a.example' } } }
    expect(await wrong('POST', `projects/${home}/channels/`, typo)).toMatch(
      /down\.ulr: is no setting of Webhook/,
    )
    const often = { kind: 'email', settings: { value: 'a@example.org' }, repeat: 61 }
    expect(await wrong('POST', `projects/${home}/channels/`, often)).toMatch(/^400 repeat: Whole minutes/)
    expect(await wrong('POST', `projects/${home}/ping_key`, { ping_key: 'short' })).toMatch(/^400 ping_key: /)
    expect(await wrong('POST', `projects/${home}/members/`, { email: 'nobody', role: 'member' })).toMatch(
      /^400 email: /,
    )
  })

  it('integrations can be added, read, changed in part, tested and removed', async () => {
    const path = `projects/${home}/channels/`
    const settings = {
      down: { method: 'POST', url: 'https://ops.example.org/x', headers: { 'X-A': 'b: c' } },
    }
    const made = await call('POST', path, ada, { kind: 'webhook', name: 'Ops', settings, repeat: 3600 })
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      name: 'Ops',
      kind: 'webhook',
      repeat: 3600,
      hidden: [],
      settings: { ...settings, up: { url: '' } },
    })
    const one = `${path}${made.json['id'] as string}`
    const changed = await call('POST', one, ada, { settings: { down: { body: '$NAME' } } })
    expect(changed.json).toMatchObject({ name: 'Ops', repeat: 3600, settings: { down: { body: '$NAME' } } })
    expect(changed.json['settings']).toMatchObject(settings)
    expect((await call('POST', one, ada, { name: 'Other', repeat: null })).json).toMatchObject({
      name: 'Other',
      repeat: null,
    })
    const tested = await call('POST', `${one}/test`, ada)
    expect(tested).toMatchObject({ status: 200, json: { delivered: false } })
    expect((await call('DELETE', one, ada)).status).toBe(200)
    expect((await call('GET', one, ada)).status).toBe(404)
  })

  it('an e-mail integration tells of downs and ups unless it is told otherwise', async () => {
    const body = { kind: 'email', settings: { value: 'ops@example.org' } }
    const { json } = await call('POST', `projects/${home}/channels/`, ada, body)
    expect(json).toMatchObject({
      settings: { value: 'ops@example.org', down: true, up: true },
      verified: false,
    })
    expect(site.mails.length + (await site.appliance.app.store.channels.ofProject(1)).length).toBeGreaterThan(
      0,
    )
  })

  it('API keys can be made, listed without the keys themselves, and revoked', async () => {
    const path = `projects/${home}/keys/`
    const made = await call('POST', path, ada, { name: 'Terraform', access: 'read-write' })
    const secret = made.json['secret'] as string
    expect(made.status).toBe(201)
    const checks = (): Promise<Response> =>
      fetch(`${site.url}/api/v3/checks/`, { headers: { 'X-Api-Key': secret } })
    expect((await checks()).status).toBe(200)
    const list = await call('GET', path, ada)
    expect(list.text).not.toContain(secret)
    expect(list.json['keys']).toMatchObject([{ name: 'Terraform', hint: secret.slice(0, 8) }])
    expect((await call('DELETE', path + (made.json['id'] as string), ada)).status).toBe(200)
    expect((await checks()).status).toBe(401)
    const own = await call('POST', path, ada, { name: 'own', access: 'read-only', secret: 'x'.repeat(32) })
    expect(own.json).toMatchObject({ secret: 'x'.repeat(32) })
    expect(
      (await call('POST', path, ada, { name: 'own', access: 'read-only', secret: 'x'.repeat(32) })).status,
    ).toBe(409)
  })

  it('a ping key can be chosen, made and taken away', async () => {
    const path = `projects/${home}/ping_key`
    const chosen = 'abcdefghijklmnopqrstuv'
    expect((await call('POST', path, ada, { ping_key: chosen })).json).toMatchObject({ ping_key: chosen })
    const other = await call('POST', 'projects/', ada, { name: 'Other' })
    const taken = await call('POST', `projects/${other.json['id'] as string}/ping_key`, ada, {
      ping_key: chosen,
    })
    expect(taken.status).toBe(409)
    expect((await call('POST', path, ada)).json['ping_key']).toMatch(/^[a-z0-9]{22}$/)
    expect((await call('DELETE', path, ada)).json['ping_key']).toBeNull()
  })

  it('people can be invited, and invitations taken back', async () => {
    const path = `projects/${home}/members/`
    const made = await call('POST', path, ada, { email: 'Wes@example.org', role: 'read-only' })
    expect(made).toMatchObject({ status: 201, json: { email: 'wes@example.org', since: null } })
    const again = await call('POST', path, ada, { email: 'wes@example.org', role: 'member' })
    expect(again.json['error']).toContain('already has an open invitation')
    expect((await call('GET', path, ada)).json).toEqual({
      members: [{ email: 'wes@example.org', role: 'read-only', since: null }],
    })
    expect((await call('GET', path, await withRole('member'))).text).not.toContain('wes@example.org')
    const one = `${path}wes@example.org`
    expect((await call('POST', one, ada, { role: 'member' })).status).toBe(409)
    expect((await call('DELETE', one, ada)).status).toBe(200)
    expect((await call('GET', path, ada)).text).not.toContain('wes@example.org')
  })

  it('members can be given another role and removed', async () => {
    const wes = await withRole('read-only')
    const path = `projects/${home}/members/`
    const one = `${path}read-only@example.org`
    expect((await call('POST', one, ada, { role: 'manager' })).json).toMatchObject({ role: 'manager' })
    expect((await call('POST', one, wes, { role: 'member' })).status).toBe(400)
    expect((await call('DELETE', `${path}ada@example.org`, wes)).status).toBe(403)
    expect((await call('DELETE', one, ada)).status).toBe(200)
    expect((await call('GET', `projects/${home}`, wes)).status).toBe(404)
    expect((await call('DELETE', one, ada)).status).toBe(404)
  })

  it('checks of a project are there with all that an API key of it can do', async () => {
    const path = `projects/${home}/checks/`
    const made = await call('POST', path, ada, { name: 'Backup', slug: 'backup', timeout: 3600 })
    expect(made).toMatchObject({ status: 201, json: { name: 'Backup', timeout: 3600 } })
    const one = path + (made.json['uuid'] as string)
    expect((await call('POST', `${one}/pause`, ada)).json).toMatchObject({ status: 'paused' })
    expect((await call('GET', `${path}?slug=backup`, ada)).json['checks']).toHaveLength(1)
    expect((await call('GET', `${one}/pings/`, ada)).json).toEqual({ pings: [] })
    const other = await call('POST', 'projects/', ada, { name: 'Other' })
    const elsewhere = `projects/${other.json['id'] as string}/checks/${made.json['uuid'] as string}`
    expect((await call('DELETE', elsewhere, ada)).status).toBe(403)
    expect((await call('POST', path, ada, { timeout: 1 })).json).toEqual({
      error: 'json validation error: timeout is too small',
    })
    expect((await call('DELETE', one, ada)).status).toBe(200)
  })

  it('everybody does what their role allows, and no more', async () => {
    const checks = `projects/${home}/checks/`
    const members = `projects/${home}/members/`
    const statuses = async (token: string): Promise<number[]> => {
      const asked: [string, string, unknown?][] = [
        ['GET', `projects/${home}`],
        ['GET', checks],
        ['GET', `projects/${home}/channels/`],
        ['GET', members],
        ['GET', `projects/${home}/keys/`],
        ['POST', checks, { name: 'x' }],
        ['POST', `projects/${home}/channels/`, { kind: 'email', settings: { value: 'a@example.org' } }],
        ['POST', `projects/${home}`, { name: 'My project' }],
        ['POST', members, { email: 'ada@example.org', role: 'member' }],
        ['DELETE', `projects/${home}`],
      ]
      const all: number[] = []
      for (const [method, path, body] of asked) all.push((await call(method, path, token, body)).status)
      return all
    }
    await somebody(site, 'xena@example.org')
    expect(await statuses(await tokenOf('xena@example.org'))).toEqual(Array(10).fill(404))
    expect(await statuses(await withRole('read-only'))).toEqual([
      200,
      200,
      200,
      200,
      ...Array<number>(6).fill(403),
    ])
    expect(await statuses(await withRole('member'))).toEqual([
      200, 200, 200, 200, 200, 201, 201, 200, 403, 403,
    ])
    expect(await statuses(await withRole('manager'))).toEqual([
      200, 200, 200, 200, 200, 201, 201, 200, 400, 403,
    ])
    const reading = await tokenOf('ada@example.org', 'read-only')
    expect(await statuses(reading)).toEqual([200, 200, 200, 200, 200, ...Array<number>(5).fill(403)])
    await somebody(site, 'root@example.org', { isAdmin: true })
    const admin = await tokenOf('root@example.org')
    expect(await statuses(admin)).toEqual([200, 200, 200, 200, 200, 201, 201, 200, 400, 403])
    expect((await call('GET', 'projects/', admin)).text).not.toContain(home)
    expect((await call('GET', 'projects/?owner=ada@example.org', admin)).text).toContain(home)
    expect(await statuses(ada)).toEqual([200, 200, 200, 200, 200, 201, 201, 200, 400, 200])
  })

  it('only members and tokens that may write are shown secrets', async () => {
    const settings = { down: { url: 'https://hook.example.org/s3cret' } }
    await call('POST', `projects/${home}/channels/`, ada, { kind: 'webhook', settings })
    await call('POST', `projects/${home}/ping_key`, ada, { ping_key: 'abcdefghijklmnopqrstuv' })
    for (const token of [await withRole('read-only'), await tokenOf('ada@example.org', 'read-only')]) {
      const channels = await call('GET', `projects/${home}/channels/`, token)
      expect(channels.text).not.toContain('s3cret')
      expect(channels.text).toContain('down.url')
      expect((await call('GET', `projects/${home}`, token)).text).not.toContain('abcdefghij')
    }
    expect((await call('GET', `projects/${home}/channels/`, await withRole('member'))).text).toContain(
      's3cret',
    )
  })

  it('a key of a project opens nothing here, and a token opens nothing of the reference', async () => {
    const made = await call('POST', `projects/${home}/keys/`, ada, { name: 'k', access: 'read-write' })
    const refused = await call('GET', 'projects/', made.json['secret'] as string)
    expect(refused.status).toBe(401)
    expect(refused.json['error']).toMatch(/^wrong api key: this takes an access token/)
    expect((await fetch(`${site.url}/api/v3/projects/`)).status).toBe(401)
    const reference = await fetch(`${site.url}/api/v3/checks/`, { headers: { 'X-Api-Key': ada } })
    expect(reference.status).toBe(401)
    expect((await fetch(`${site.url}/api/v2/projects/`, { headers: { 'X-Api-Key': ada } })).status).toBe(404)
  })
})

it('a token asks only so often a minute', async () => {
  const site = await localSite({ API_RATE_LIMIT: '2' })
  await anAdministrator(site)
  const { actions, store } = site.appliance.app
  const ada = await store.users.findByEmail('ada@example.org')
  const added = await actions.accessTokens.add(ada!, { name: 'x', access: 'read-only', expiresInDays: null })
  const secret = added.ok ? added.value.secret : ''
  const ask = () => fetch(`${site.url}/api/v3/projects/`, { headers: { 'X-Api-Key': secret } })
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
  const late = await ask()
  expect(late.status).toBe(429)
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
  await site.close()
})
