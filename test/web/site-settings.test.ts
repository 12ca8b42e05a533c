import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { World } from '../../src/compose'
import { databases } from '../support/databases'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, aPerson } from '../support/person'
import type { Answer, Person } from '../support/person'
import { smtpRelay } from '../world/smtp-relay'
import type { Relay } from '../world/smtp-relay'

let site: LocalSite
let ada: Person

const CONFIG = '/admin/config/'

const save = (part: string, fields: Record<string, string>): Promise<Answer> =>
  ada.submit(`${CONFIG}${part}/`, fields)

const entries = async () =>
  (await site.appliance.app.store.audit.list({}, 50)).map(
    ({ action, object, detail }) => `${action} ${object}: ${detail}`,
  )

/** The row of a setting on the page. */
async function row(name: string): Promise<string> {
  const { text } = await ada.get(CONFIG)
  const [, found = ''] = new RegExp(`data-t="setting-${name}">(.*?)</tr>`, 's').exec(text) ?? []
  return found
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

async function begin(
  env: Record<string, string> = { EMAIL_HOST: '' },
  ...more: [Parameters<typeof localSite>[1]?, Partial<Pick<World, 'http'>>?]
): Promise<void> {
  site = await localSite(env, ...more)
  ada = await anAdministrator(site)
}

afterEach(() => site.close())

describe.each(databases)('settings on the pages, on $name', (database) => {
  beforeEach(async () => {
    const config = await database.fresh()
    // An empty variable is a variable that is not set.
    await begin({ EMAIL_HOST: '' }, { database: config })
  })

  it('are saved, used at once, written down, and taken back', async () => {
    const saved = await save('site', { SITE_NAME: 'Home watch', SUPPORT_EMAIL: '' })
    expect(saved).toMatchObject({ status: 303, location: CONFIG })
    const page = await ada.get('/?all=1')
    expect(page.text).toContain('Home watch</title>')
    expect(await row('SITE_NAME')).toBe('SITE_NAME Home watch saved on the pages at once')
    await save('site', { SITE_NAME: '' })
    expect(await row('SITE_NAME')).toBe('SITE_NAME Rollcall default at once')
    expect(await entries()).toEqual([
      `setting-changed SITE_NAME: from 'Home watch' to 'Rollcall'`,
      `setting-changed SITE_NAME: from 'Rollcall' to 'Home watch'`,
    ])
  })
})

describe('settings on the pages', () => {
  it('are refused in the words of the start, with what was entered', async () => {
    await begin()
    const wrong = await save('server', { PING_BODY_LIMIT: 'lots', TRUSTED_PROXIES: '10.0.0.0/8' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Unexpected value PING_BODY_LIMIT=lots, use a whole number from 0 to')
    expect(wrong.text).toContain('value="10.0.0.0/8"')
    expect(await row('TRUSTED_PROXIES')).toContain('default')
    expect(await entries()).toEqual([])
  })

  it('can only be read where the environment has them', async () => {
    await begin({ EMAIL_HOST: '', SITE_NAME: 'Fixed' })
    const { text } = await ada.get(`${CONFIG}site/`)
    expect(text).toContain('data-t="fixed-SITE_NAME">Fixed<')
    expect(text).toContain('Set by environment (SITE_NAME)')
    expect(text).not.toContain('name="SITE_NAME"')
    await save('site', { SITE_NAME: 'Other' })
    expect(await row('SITE_NAME')).toBe('SITE_NAME Fixed environment after a restart')
    expect((await ada.get('/?all=1')).text).toContain('Fixed</title>')
  })

  it('open and close registration, and private networks the other way round', async () => {
    await begin()
    const signUp = () => aPerson(site.url).get('/accounts/signup/')
    expect((await signUp()).status).toBe(403)
    await save('people', { REGISTRATION_OPEN: 'True' })
    expect((await signUp()).status).toBe(200)
    expect(site.appliance.app.config.allowPrivateAddresses).toBe(false)
    await save('people', { REGISTRATION_OPEN: 'False' })
    expect((await signUp()).status).toBe(403)
  })

  it('name the site by another address everywhere, and let people in by the old one', async () => {
    await begin()
    await save('site', { SITE_ROOT: 'https://watch.example.org' })
    const { origin } = new URL(site.url)
    const mend = await ada.submit(`${CONFIG}site/`, { SITE_NAME: 'Still here' })
    expect(mend.status).toBe(303)
    expect((await ada.get(CONFIG, { referer: `${origin}/` })).text).toContain(`SITE_ROOT=${origin}`)
    for (const path of ['/docs/http_api/', '/api/v3/openapi.json', '/docs/api/']) {
      const { text } = await ada.get(path)
      expect(text, path).not.toContain('http://localhost:8000')
      if (path !== '/docs/api/') expect(text, path).toContain('https://watch.example.org')
    }
    const added = await ada.submit('/admin/users/', { email: 'new@example.org' })
    expect(added.text).toContain('>https://watch.example.org/accounts/password_reset/')
    expect((await save('site', { SITE_ROOT: 'https://watch.example.org/hc' })).status).toBe(422)
    expect((await save('site', { SITE_ROOT: 'watch.example.org' })).status).toBe(422)
  })

  it('believe another proxy as soon as it is named', async () => {
    await begin()
    const seen = async () => {
      const { text } = await ada.get(CONFIG, { 'x-forwarded-for': '198.51.100.7' })
      return /As the server sees it<\/dt><dd>\s*([^\s<]+)/.exec(text)?.[1]
    }
    await save('server', { TRUSTED_PROXIES: 'none' })
    expect(await seen()).toBe('127.0.0.1')
    expect((await ada.get(CONFIG, { 'x-forwarded-for': '198.51.100.7' })).text).toContain(
      'TRUSTED_PROXIES=127.0.0.1',
    )
    await save('server', { TRUSTED_PROXIES: '127.0.0.0/8' })
    expect(await seen()).toBe('198.51.100.7')
  })

  it('keep less of the next ping', async () => {
    await begin()
    const { store } = site.appliance.app
    const user = (await store.users.findByEmail('ada@example.org'))!
    const [project] = await store.projects.ofUser(user.id)
    const [check] = await store.checks.ofProject(project!.id)
    const limit = async () => {
      const answer = await fetch(`${site.url}/ping/${check!.code}`, { method: 'POST', body: 'text' })
      return answer.headers.get('ping-body-limit')
    }
    expect(await limit()).toBe('100000')
    await save('server', { PING_BODY_LIMIT: '50' })
    expect(await limit()).toBe('50')
  })
})

describe('the mail server', () => {
  let relay: Relay

  beforeEach(async () => {
    relay = await smtpRelay({
      onAuth: ({ password }, _session, done) =>
        password === 'right-password' ? done(null, { user: 'ada' }) : done(new Error('no')),
    })
    await begin()
  })

  afterEach(() => relay.close())

  const form = (fields: Record<string, string> = {}) => ({
    EMAIL_HOST: '127.0.0.1',
    EMAIL_PORT: String(relay.port),
    tls: 'none',
    EMAIL_HOST_USER: 'ada',
    EMAIL_HOST_PASSWORD: 'right-password',
    DEFAULT_FROM_EMAIL: 'rollcall@example.org',
    ...fields,
  })

  it('is tested before it is saved, and what was typed is not lost nor shown', async () => {
    const tried = await save('mail', { ...form(), do: 'try', to: 'ops@example.org' })
    expect(tried.status).toBe(200)
    expect(tried.text).toContain('The relay has taken the mail to ops@example.org.')
    expect(tried.text).toMatch(/S: 220 .*\n.*C: EHLO/s)
    expect(tried.text).not.toContain('right-password')
    expect(relay.received.map(({ to, from }) => [from, to[0]])).toEqual([
      ['rollcall@example.org', 'ops@example.org'],
    ])
    expect(site.appliance.app.config.mail).toBeNull()

    const sealed = /name="EMAIL_HOST_PASSWORD_sealed" value="([^"]+)"/.exec(tried.text)?.[1] ?? ''
    const saved = await save('mail', form({ EMAIL_HOST_PASSWORD: '', EMAIL_HOST_PASSWORD_sealed: sealed }))
    expect(saved.status).toBe(303)
    expect(site.appliance.app.config.mail).toMatchObject({ port: relay.port, password: 'right-password' })
    expect(await row('EMAIL_HOST_PASSWORD')).toContain('set, ends in rd')
    expect((await ada.get(`${CONFIG}mail/`)).text).not.toContain('right-password')
  })

  it('keeps its password while nothing else is entered, and loses it when asked to', async () => {
    await save('mail', form())
    await save('mail', form({ EMAIL_HOST_PASSWORD: '' }))
    expect(site.appliance.app.config.mail?.password).toBe('right-password')
    await save('mail', form({ EMAIL_HOST_PASSWORD: '', EMAIL_HOST_PASSWORD_remove: 'true' }))
    expect(site.appliance.app.config.mail?.password).toBe('')
    const written = (await entries()).join('\n')
    expect(written).toContain('setting-changed EMAIL_HOST_PASSWORD: set')
    expect(written).toContain('setting-changed EMAIL_HOST_PASSWORD: removed')
    expect(written).not.toContain('right-password')
  })

  it('tells why a test failed', async () => {
    const tried = await save('mail', { ...form({ EMAIL_HOST_PASSWORD: 'wrong' }), do: 'try' })
    expect(tried.text).toContain('was not sent: SMTP login failed.')
    const wrong = await save('mail', { ...form({ EMAIL_PORT: 'x' }), do: 'try' })
    expect(wrong.text).toContain('Unexpected value EMAIL_PORT=x')
  })

  it('shows sign-in by link as soon as it is there', async () => {
    const signIn = async () => (await aPerson(site.url).get('/accounts/login/')).text
    expect(await signIn()).not.toContain('name="identity"')
    await save('mail', form())
    expect(await signIn()).toContain('name="identity"')
  })
})
