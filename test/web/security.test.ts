import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/store/problems'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson, csrfIn, withoutRequestId } from '../support/person'

const LOGIN = '/accounts/login/'

let site: LocalSite

afterEach(() => site.close())

/** A request as it is on the wire, with headers and paths that fetch would mend. */
function raw(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; location: string; text: string }> {
  const { hostname, port } = new URL(site.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '', text }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('every answer', () => {
  it('forbids all that a page does not need', async () => {
    site = await localSite()
    for (const path of ['/setup/', '/docs/', '/nowhere/', '/api/v3/status/']) {
      const { headers } = await aPerson(site.url).get(path)
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
          "font-src 'none'; frame-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; " +
          "frame-ancestors 'none'; manifest-src 'self'; require-trusted-types-for 'script'; trusted-types rollcall",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('permissions-policy')).toContain('camera=()')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('server')).toBeNull()
      expect(headers.get('strict-transport-security')).toBeNull()
    }
  })

  it('has nothing inline, on no page', async () => {
    site = await localSite()
    const ada = await anAdministrator(site)
    const { location } = await ada.get('/')
    for (const path of [location, `${location}add/`, '/docs/', '/accounts/signed_out/', '/nowhere/']) {
      const { text } = await ada.get(path)
      expect(text).not.toMatch(/<style|<script(?![^>]* src=)|\sstyle="|\son\w+="|javascript:/i)
    }
  })

  it('lets the logo of the operator in, and nothing else', async () => {
    site = await localSite({ SITE_LOGO_URL: 'https://img.example.org/logo.png' })
    const { headers } = await aPerson(site.url).get('/setup/')
    expect(headers.get('content-security-policy')).toContain("img-src 'self' https://img.example.org;")
  })

  it('asks for https from now on only where it came by https', async () => {
    site = await localSite({ SECURE_HSTS_SECONDS: '600', TRUSTED_PROXIES: 'private' })
    const person = aPerson(site.url)
    expect((await person.get('/setup/')).headers.get('strict-transport-security')).toBeNull()
    const secure = await person.get('/setup/', { 'x-forwarded-proto': 'https' })
    expect(secure.headers.get('strict-transport-security')).toBe('max-age=600')
    expect(secure.headers.getSetCookie()).toEqual([])
  })

  it('may not be kept by anybody but the browser, which asks first', async () => {
    site = await localSite()
    const { headers } = await aPerson(site.url).get('/setup/')
    expect(headers.get('cache-control')).toBe('private, no-cache')
  })
})

describe('cookies', () => {
  it('are locked to the host when the site has https and no path', async () => {
    site = await localSite({ SITE_ROOT: 'https://hc.example.org', ALLOWED_HOSTS: '*' })
    const person = await anAdministrator(site)
    expect([...person.cookies.keys()].toSorted()).toEqual(['__Host-sid', 'pre'])
    const [cookie = ''] = (
      await person.submit('/docs/', { email: ADA.email, password: ADA.password }, LOGIN)
    ).headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-sid=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  })

  it('are for the path of the site only, where it has one', async () => {
    site = await localSite({ SITE_ROOT: 'http://127.0.0.1/hc' })
    const person = await anAdministrator(site, '/hc')
    expect([...person.cookies.keys()].toSorted()).toEqual(['pre', 'sid'])
    const out = await person.submit('/hc/docs/', {}, '/hc/accounts/logout/')
    expect(out).toMatchObject({ status: 303, location: '/hc/accounts/signed_out/' })
    expect(out.headers.getSetCookie().join()).toContain('Path=/hc;')
  })
})

describe('a form', () => {
  const body = { email: ADA.email, password: ADA.password }

  it('of another browser does nothing, before a sign-in and after it', async () => {
    site = await localSite()
    const ada = await anAdministrator(site)
    const theirs = csrfIn((await aPerson(site.url).get(LOGIN)).text)
    const mine = aPerson(site.url)
    await mine.get(LOGIN)
    for (const csrf of ['', 'x', theirs]) {
      const refused = await mine.post(LOGIN, { csrf, ...body })
      expect(refused.status).toBe(403)
      expect(refused.text).toContain('Go back, reload the page and try again.')
      expect((await ada.post('/accounts/logout/', { csrf })).status).toBe(403)
    }
    expect((await ada.get('/')).status).toBe(303)
  })

  it('cannot bring its own cookie: the cookie is signed', async () => {
    site = await localSite()
    await anAdministrator(site)
    const forger = aPerson(site.url)
    forger.cookies.set('pre', 'abc.def')
    expect((await forger.post(LOGIN, { csrf: 'abc.def', ...body })).status).toBe(403)
  })

  it('from another site does nothing, even with the right token', async () => {
    site = await localSite({ SITE_ROOT: 'https://hc.example.org', ALLOWED_HOSTS: '*' })
    await anAdministrator(site)
    const person = aPerson(site.url)
    const csrf = csrfIn((await person.get(LOGIN)).text)
    const post = async (headers: Record<string, string>): Promise<number> =>
      (await person.post(LOGIN, { csrf, ...body, password: 'wrong on purpose' }, headers)).status

    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await post({ origin: 'https://evil.example' })).toBe(403)
    expect(await post({ origin: 'http://hc.example.org' })).toBe(403)
    expect(await post({ origin: 'https://hc.example.org' })).toBe(422)
    expect(await post({ 'sec-fetch-site': 'same-origin', origin: 'https://hc.example.org' })).toBe(422)

    const refused = await person.post(LOGIN, { csrf, ...body }, { origin: 'https://evil.example' })
    expect(refused.text).toContain('https://evil.example')
    expect(refused.text).toContain('https://hc.example.org')
    expect(refused.text).not.toContain('TRUSTED_PROXIES')
  })

  it('from an address that a proxy gives the site tells administrators which settings mend that', async () => {
    site = await localSite({ SITE_ROOT: 'http://watch.example.org', ALLOWED_HOSTS: '*' })
    const owner = await anAdministrator(site)
    const csrf = csrfIn((await owner.get('/accounts/profile/')).text)
    const sent = await owner.post(
      '/accounts/profile/',
      { csrf, tz: 'UTC' },
      { origin: 'https://hc.example.net' },
    )
    expect(sent.status).toBe(403)
    expect(sent.text).toContain(
      'Your browser sent https://hc.example.net, this instance is configured as http://watch.example.org.',
    )
    expect(sent.text).toMatch(/Set SITE_ROOT .* TRUSTED_PROXIES/)
  })

  it('works at whatever address is in use, while nobody has said which one is right', async () => {
    site = await localSite()
    const person = aPerson(site.url)
    const csrf = csrfIn((await person.get('/setup/')).text)
    expect((await person.post('/setup/', { csrf }, { origin: site.url })).status).toBe(422)
    expect((await person.post('/setup/', { csrf }, { origin: 'http://evil.example' })).status).toBe(403)
  })

  it('that is too big is refused with the limit, not read', async () => {
    site = await localSite()
    const person = aPerson(site.url)
    const csrf = csrfIn((await person.get('/setup/')).text)
    expect((await person.post('/setup/', { csrf, email: 'x'.repeat(600_000) })).status).toBe(413)
    const many = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`f${i}`, '1']))
    expect((await person.post('/setup/', { csrf, ...many })).status).toBe(413)
  })

  it('of the one-click kind needs no token: mail programs post it', async () => {
    site = await localSite()
    const ada = await anAdministrator(site)
    const { store, signer, clock } = site.appliance.app
    const user = await store.users.findByEmail(ADA.email)
    const [project] = await store.projects.ofUser(user?.id ?? 0)
    const [channel] = await store.channels.ofProject(project?.id ?? 0)
    const code = channel?.code ?? ''
    const link = `/integrations/${code}/unsub/${signer.stamp('alerts', code, clock())}/`
    const done = await aPerson(site.url).post(link, { 'List-Unsubscribe': 'One-Click' })
    expect(done.status).toBe(200)
    expect(done.headers.get('referrer-policy')).toBe('no-referrer')
    expect(done.headers.get('cache-control')).toBe('no-store')
    expect(await store.channels.find(code)).toMatchObject({ disabled: true })
    expect((await ada.get('/')).status).toBe(303)
  })
})

describe('pages whose address is a secret', () => {
  it.each([
    '/acknowledge/6b1ecafe-0000-4000-8000-0123456789ab/0123abcd/',
    '/accounts/unsubscribe_reports/7.65a5.0123abcd/',
    '/accounts/password_reset/0123abcd/',
    '/Accounts/Password_Reset/0123abcd/',
    '/invites/0123abcd/',
  ])('tell nobody where somebody came from, and are not kept: %s', async (path) => {
    site = await localSite()
    await anAdministrator(site)
    const page = await aPerson(site.url).get(path)
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })
})

describe('addresses', () => {
  it('end with a slash: a page without it leads there, with its query', async () => {
    site = await localSite()
    expect(await raw('/docs?a=1&b=2', {})).toMatchObject({ status: 308, location: '/docs/?a=1&b=2' })
    expect(await raw('//evil.example', {})).toMatchObject({ status: 404 })
    expect(await raw('/\\evil.example', {})).toMatchObject({ status: 404 })
    expect(await raw('//docs', {})).toMatchObject({ status: 404 })
  })

  it('of forms are taken either way', async () => {
    site = await localSite()
    await anAdministrator(site)
    const answer = await aPerson(site.url).submit(LOGIN, { email: 'x', password: 'y' }, '/accounts/login')
    expect(answer.status).toBe(422)
  })

  it('that do not exist, are malformed, or belong to nobody, look the same', async () => {
    site = await localSite()
    const ada = await anAdministrator(site)
    const texts = []
    for (const path of ['/nowhere/', '/checks/1/details/', `/checks/${crypto.randomUUID()}/details/`]) {
      const { status, text } = await ada.get(path)
      expect(status).toBe(404)
      texts.push(withoutRequestId(text))
    }
    expect(new Set(texts).size).toBe(1)
    expect((await raw('/checks/%E0%A4%A/details/', {})).status).toBe(404)
  })

  it('say so when they take another method', async () => {
    site = await localSite()
    const person = aPerson(site.url)
    const csrf = csrfIn((await person.get('/setup/')).text)
    const wrong = await person.post('/docs/', { csrf })
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('HEAD, GET')
  })

  it('need a sign-in: pages lead to it, background requests are told', async () => {
    site = await localSite()
    await anAdministrator(site)
    const path = `/projects/${crypto.randomUUID()}/checks/`
    const stranger = aPerson(site.url)
    expect((await stranger.get(path)).location).toBe(`${LOGIN}?next=${encodeURIComponent(path)}`)
    const told = await stranger.get(path, { 'x-fragment': '1' })
    expect([told.status, JSON.parse(told.text)]).toMatchObject([401, { error: 'signed_out' }])
  })
})

it('the sign-in page warns where what is typed can be read on the way', async () => {
  site = await localSite({ ALLOWED_HOSTS: '*', TRUSTED_PROXIES: '127.0.0.1' })
  await anAdministrator(site)
  const warns = async (headers: Record<string, string>): Promise<boolean> =>
    (await raw(LOGIN, headers)).text.includes('This page came without https.')
  expect(await warns({ host: '192.168.1.20:8000' })).toBe(true)
  expect(await warns({ host: 'hc.example.org', 'x-forwarded-proto': 'https' })).toBe(false)
  for (const host of ['localhost:8000', '127.0.0.1', '[::1]:8000']) expect(await warns({ host })).toBe(false)
})

describe('the Host', () => {
  it('has to be one of ours, and the log says once an hour how to add it', async () => {
    site = await localSite({
      SITE_ROOT: 'http://hc.example.org',
      ALLOWED_HOSTS: 'hc.example.org,.example.net',
    })
    expect((await raw('/docs/', { host: 'HC.example.org:81' })).status).toBe(200)
    expect((await raw('/docs/', { host: 'a.example.net' })).status).toBe(200)
    expect((await raw('/docs/', { host: 'example.net' })).status).toBe(200)
    for (const host of [
      'evil.example',
      'evil.example',
      'notexample.net',
      'hc.example.org.evil.example',
      'a b',
    ]) {
      expect((await raw('/docs/', { host })).status).toBe(400)
    }
    const lines = site.logged.filter(({ message }) => message.includes("'evil.example'"))
    expect(lines).toHaveLength(1)
    expect(lines[0]?.message).toContain('ALLOWED_HOSTS')
  })
})

describe('when something breaks', () => {
  it('the page gives a number and no more; the log has the number and the cause', async () => {
    site = await localSite()
    const ada = await anAdministrator(site)
    site.appliance.app.store.projects.withRoles = () => Promise.reject(new Error('a secret detail'))
    const { status, text } = await ada.get('/')
    expect(status).toBe(500)
    expect(text).not.toContain('secret detail')
    expect(text).not.toContain('.ts')
    const line = site.logged.find(({ message }) => message === 'a request failed')
    expect(String(line?.fields.cause)).toContain('a secret detail')
    expect(text).toContain(String(line?.fields['request']))
  })

  it('and the database is away, the page says so and when to come back', async () => {
    site = await localSite()
    const ada = await anAdministrator(site)
    site.appliance.app.store.signIns.find = () =>
      Promise.reject(new StoreUnavailable('unreachable', new Error('down')))
    const { status, text, headers } = await ada.get('/')
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('5')
    expect(text).toContain('<main')
  })

  it('and the disk is full, pages can still be read, and say what is wrong', async () => {
    site = await localSite()
    const ada = await anAdministrator(site)
    const { app } = site.appliance
    const full = () => Promise.reject(new StoreUnavailable('disk full', new Error('ENOSPC')))
    app.store.signIns.touch = full
    app.store.signIns.setFlash = full
    app.store.checks.add = full
    app.health.diskFull = () => true
    site.pass(3 * 60 * 60 * 1000)

    const { location } = await ada.get('/')
    const page = await ada.get(location)
    expect(page.status).toBe(200)
    expect(page.text).toContain('The disk of the server is full')

    const refused = await ada.submit(`${location}add/`, {
      name: 'One more',
      period: '1',
      period_unit: 'days',
      grace: '1',
      grace_unit: 'hours',
    })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(refused.text).toContain('until there is room again')
  })
})

describe('the top of the page', () => {
  it('warns when alerts are late, everybody', async () => {
    site = await localSite()
    site.appliance.app.health.alertsLateSince = () => Date.UTC(2026, 0, 15, 9, 30)
    const { text } = await aPerson(site.url).get('/setup/')
    expect(text).toContain('the scheduler has not run since 2026-01-15 09:30:00.')
  })

  it('tells administrators that no mail can be sent', async () => {
    site = await localSite({ EMAIL_HOST: '' })
    const ada = await anAdministrator(site)
    const { location } = await ada.get('/')
    expect((await ada.get(location)).text).toContain('No mail server is configured')
    expect((await aPerson(site.url).get('/docs/')).text).not.toContain('No mail server is configured')
  })
})
