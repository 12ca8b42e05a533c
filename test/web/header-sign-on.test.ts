import { afterEach, describe, expect, it } from 'vitest'
import { isIn, LOGIN } from '../support/account'
import { somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import { problemsOf, warningsOf } from '../support/settings'

let site: LocalSite

afterEach(() => site.close())

const HERE = { REMOTE_USER_HEADER: 'HTTP_REMOTE_EMAIL', TRUSTED_PROXIES: '127.0.0.1' }
const as = (email: string) => ({ 'remote-email': email })

async function begin(env: Record<string, string> = HERE): Promise<void> {
  site = await localSite(env)
  await anAdministrator(site)
}

describe('the header of a trusted proxy', () => {
  it('signs in, in any case, and nothing else does', async () => {
    await begin()
    const person = aPerson(site.url)
    expect((await person.get('/accounts/profile/', as('ADA@example.org'))).text).toContain(ADA.email)
    const { location } = await person.get(LOGIN, as(ADA.email))
    expect(location).toBe('/')
    const security = await person.get('/accounts/profile/security/', as(ADA.email))
    expect(security.text).toContain('Sign-in is managed by your single sign-on.')
    expect(security.text).not.toContain('data-t="add-totp"')
    expect(security.text).toContain('data-t="sessions"')
  })

  it('that names somebody else changes who is signed in; the session from before ends', async () => {
    await begin()
    const person = aPerson(site.url)
    await person.get('/', as(ADA.email))
    const before = person.cookies.get('sid') ?? ''
    const wes = await person.get('/accounts/profile/', as('wes@example.org'))
    expect(wes.text).toContain('wes@example.org')
    expect(wes.text).not.toContain(ADA.email)
    expect(person.cookies.get('sid')).not.toBe(before)
    const { signIns, users, projects } = site.appliance.app.store
    const ada = await users.findByEmail(ADA.email)
    expect((await signIns.ofUser(ada?.id ?? 0, 0)).some(({ method }) => method === 'single sign-on')).toBe(
      false,
    )
    // Whoever comes for the first time gets what every account begins with.
    const user = await users.findByEmail('wes@example.org')
    expect(user).toMatchObject({ isAdmin: false, passwordHash: null })
    expect(await projects.ofUser(user?.id ?? 0)).toMatchObject([{ name: 'My project' }])
  })

  it('that is missing ends the session, and the page says which it is', async () => {
    await begin()
    const person = aPerson(site.url)
    await person.get('/', as(ADA.email))
    const lost = await person.get('/accounts/profile/')
    expect(lost.location).toMatch(/^\/accounts\/login\//)
    const page = await person.get(lost.location)
    expect(page.status).toBe(401)
    expect(page.text).toContain('Your proxy did not send the header remote-email.')
    expect(page.text).not.toContain('name="password"')
    expect(person.cookies.has('sid')).toBe(false)
  })

  it('offers no sign-out, which would last until the next click', async () => {
    await begin()
    const page = await aPerson(site.url).get('/accounts/profile/', as(ADA.email))
    expect(page.text).toContain('Signed in as')
    expect(page.text).not.toContain('data-t="sign-out"')
  })

  it('leaves no other way in', async () => {
    await begin()
    const person = aPerson(site.url)
    const tried = await person.submit('/docs/', { action: 'login', ...ADA }, LOGIN)
    expect(tried.status).toBe(401)
    const inCapitals = await person.submit('/docs/', { action: 'login', ...ADA }, '/Accounts/Login/')
    expect(inCapitals.status).toBe(401)
    for (const path of ['/accounts/signup/', '/accounts/password_reset/', '/accounts/check_token/1/x/']) {
      expect((await person.get(path)).status).toBe(401)
    }
  })

  it('does not open an account that was disabled', async () => {
    await begin()
    const person = aPerson(site.url)
    await person.get('/', as('wes@example.org'))
    const { users } = site.appliance.app.store
    await users.setDisabled((await users.findByEmail('wes@example.org'))?.id ?? 0, true)
    expect((await person.get('/', as('wes@example.org'))).status).toBe(403)
  })

  it.each(['nobody', 'a@b@c', 'x'.repeat(300)])('that says %s makes no account', async (said) => {
    await begin()
    expect((await aPerson(site.url).get('/', as(said))).status).toBe(403)
  })
})

describe('the header of anybody else', () => {
  it('says nothing', async () => {
    await begin({ ...HERE, TRUSTED_PROXIES: '10.0.0.0/8' })
    const person = aPerson(site.url)
    expect((await person.get('/accounts/profile/', as(ADA.email))).status).toBe(303)
    expect((await person.get(LOGIN, as(ADA.email))).status).toBe(401)
  })

  it('says nothing where no header is set up', async () => {
    await begin({})
    const wes = await somebody(site, 'wes@example.org')
    expect((await wes.get('/accounts/profile/', as(ADA.email))).text).toContain('wes@example.org')
    expect(await isIn(wes)).toBe(true)
    expect((await aPerson(site.url).get('/accounts/profile/', as(ADA.email))).status).toBe(303)
  })
})

describe('the setting', () => {
  it.each(['HTTP_REMOTE_EMAIL', 'Remote-Email', 'remote-email'])('takes %s', async (name) => {
    await begin({ ...HERE, REMOTE_USER_HEADER: name })
    expect((await aPerson(site.url).get('/accounts/profile/', as(ADA.email))).status).toBe(200)
  })

  it('is refused where anybody could send it, or nobody is trusted to', async () => {
    await begin()
    const with_ = (env: Record<string, string>) => problemsOf({ ...HERE, ...env }).join()
    expect(with_({ TRUSTED_PROXIES: '*' })).toContain('lets anybody be anybody')
    expect(with_({ TRUSTED_PROXIES: 'none' })).toContain('no proxy is trusted to send it')
    // Those that are trusted by default to say where a request is from are too many to say who it is from.
    const byDefault = { SITE_ROOT: 'https://rollcall.example.org', TRUSTED_PROXIES: '' }
    expect(with_(byDefault)).toContain('no proxy is trusted to send it')
    expect(with_({ ...byDefault, LISTEN: 'unix:/run/rollcall.sock' })).toBe('')
    expect(with_({ REMOTE_USER_HEADER: 'REMOTE_USER' })).toContain('REMOTE_USER_HEADER')
    expect(with_({})).toBe('')
    const warned = (proxies: string) => warningsOf({ ...HERE, TRUSTED_PROXIES: proxies }).join()
    expect(warned('private')).toContain('lets every machine nearby be anybody')
    expect(warned('10.0.0.5, 172.16.0.0/12')).not.toContain('anybody')
  })
})
