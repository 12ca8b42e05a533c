import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { argon2Passwords } from '../../src/world/passwords'
import { systemRandom } from '../../src/world/random'
import { digest } from '../../src/world/secrets'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

const LOGIN = '/accounts/login/'

let site: LocalSite
let ada: Person

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
})

afterEach(() => site.close())

function signIn(person: Person, more: Record<string, string> = {}): Promise<Answer> {
  return person.submit(LOGIN, { action: 'login', email: ADA.email, password: ADA.password, ...more })
}

const isIn = async (person: Person): Promise<boolean> =>
  (await person.get('/')).location !== '/accounts/login/?next=%2F'

describe('signing in', () => {
  it('leads to the start page, or back to the page that asked for it', async () => {
    const person = aPerson(site.url)
    const asked = await person.get('/docs/../projects/00000000-0000-4000-8000-000000000000/checks/?tag=a')
    expect(asked.status).toBe(303)
    const next = new URLSearchParams(asked.location.split('?')[1]).get('next') ?? ''
    expect(next).toBe('/projects/00000000-0000-4000-8000-000000000000/checks/?tag=a')
    expect(await signIn(person, { next })).toMatchObject({ status: 303, location: next })
    expect(await signIn(aPerson(site.url))).toMatchObject({ status: 303, location: '/' })
    expect(await isIn(person)).toBe(true)
  })

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example/', '/accounts/logout/'])(
    'never leads to %s',
    async (next) => {
      expect((await signIn(aPerson(site.url), { next })).location).toBe('/')
      expect((await ada.get(`${LOGIN}?next=${encodeURIComponent(next)}`)).location).toBe('/')
    },
  )

  it('takes the address in any case, with blanks around it', async () => {
    expect((await signIn(aPerson(site.url), { email: '  Ada@Example.ORG ' })).status).toBe(303)
  })

  it('says the same of an unknown address, a wrong password and an account without password', async () => {
    const answers = await Promise.all([
      signIn(aPerson(site.url), { password: 'not her password' }),
      signIn(aPerson(site.url), { email: 'eve@example.org' }),
      signIn(aPerson(site.url), { password: '' }),
    ])
    for (const { status, text, headers } of answers) {
      expect(status).toBe(422)
      expect(text).toContain('E-mail and password do not match.')
      expect(text).not.toContain('not her password')
      expect(headers.getSetCookie()).toEqual([])
    }
  })

  it('gives the browser a secret of which only a digest is kept, and a new one each time', async () => {
    const before = ada.cookies.get('sid') ?? ''
    expect(Buffer.from(before, 'base64url')).toHaveLength(32)
    const { signIns } = site.appliance.app.store
    expect(await signIns.find(digest(before), site.appliance.app.clock())).not.toBeNull()

    await ada.post('/accounts/logout/', {})
    const again = aPerson(site.url)
    await signIn(again)
    expect(again.cookies.get('sid')).not.toBe(before)
  })

  it('ends the sign-in that the browser had before', async () => {
    const before = ada.cookies.get('sid') ?? ''
    const page = await ada.get('/docs/')
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const done = await ada.post(LOGIN, { csrf, email: ADA.email, password: ADA.password })
    expect(done.status).toBe(303)
    const thief = aPerson(site.url)
    thief.cookies.set('sid', before)
    expect(await isIn(thief)).toBe(false)
    expect(await isIn(ada)).toBe(true)
  })

  it('rehashes a password that was hashed with less work than today', async () => {
    const { users } = site.appliance.app.store
    const user = await users.findByEmail(ADA.email)
    const before = argon2Passwords({ random: systemRandom, cost: { memoryKib: 32, passes: 1 } })
    await users.setPassword(user?.id ?? 0, await before.hash(ADA.password))

    expect((await signIn(aPerson(site.url))).status).toBe(303)
    expect((await users.findByEmail(ADA.email))?.passwordHash).toContain('$m=64,t=1,')
    expect((await signIn(aPerson(site.url))).status).toBe(303)
  })
})

describe('the cookie', () => {
  it('is out of reach of scripts and other sites, and goes with the browser', async () => {
    const [cookie = ''] = (await signIn(aPerson(site.url))).headers.getSetCookie()
    expect(cookie).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  it('stays for thirty days when that is asked for', async () => {
    const [cookie = ''] = (await signIn(aPerson(site.url), { keep: '1' })).headers.getSetCookie()
    expect(cookie).toMatch(/; Max-Age=2592000; /)
  })

  it('is good for a day without use, and every use of an hour later gives another day', async () => {
    site.pass(20 * HOUR)
    expect(await isIn(ada)).toBe(true)
    site.pass(20 * HOUR)
    expect(await isIn(ada)).toBe(true)
    site.pass(DAY)
    expect(await isIn(ada)).toBe(false)
    expect((await ada.get(LOGIN)).text).toContain('Your session has ended. Sign in to go on.')
  })

  it('of a browser that stays signed in is good for thirty days, renewed by use, half a year at most', async () => {
    const person = aPerson(site.url)
    await signIn(person, { keep: '1' })
    for (let month = 0; month < 6; month++) {
      site.pass(29 * DAY)
      expect(await isIn(person)).toBe(true)
    }
    site.pass(7 * DAY)
    expect(await isIn(person)).toBe(false)
  })
})

describe('signing out', () => {
  it('ends the sign-in for good, and makes the browser forget the pages', async () => {
    const cookie = ada.cookies.get('sid') ?? ''
    const out = await ada.submit('/docs/', {}, '/accounts/logout/')
    expect(out).toMatchObject({ status: 303, location: '/accounts/signed_out/' })
    expect(out.headers.get('clear-site-data')).toBe('"cache"')
    expect((await ada.get('/accounts/signed_out/')).status).toBe(200)

    const thief = aPerson(site.url)
    thief.cookies.set('sid', cookie)
    expect(await isIn(thief)).toBe(false)
  })

  it('is never done by opening an address', async () => {
    const tried = await ada.get('/accounts/logout/')
    expect(tried.status).toBe(405)
    expect(tried.headers.get('allow')).toBe('POST')
    expect(await isIn(ada)).toBe(true)
  })
})

describe('guessing', () => {
  it('is over after ten tries in a quarter of an hour, for this account from this network', async () => {
    const eve = aPerson(site.url)
    for (let guess = 0; guess < 10; guess++) await signIn(eve, { password: `guess number ${guess}` })
    const refused = await signIn(eve)
    expect(refused.status).toBe(429)
    expect(refused.text).toContain('Too many tries. Try again in 2 minutes.')
    expect(refused.headers.get('retry-after')).toBe('90')

    site.pass(2 * MINUTE)
    expect((await signIn(eve)).status).toBe(303)
  })

  it('stops neither the owner elsewhere nor a link by mail', async () => {
    await site.close()
    site = await localSite({ TRUSTED_PROXIES: '127.0.0.1' })
    ada = await anAdministrator(site)
    const from = async (address: string, password: string): Promise<Answer> => {
      const person = aPerson(site.url)
      const csrf = csrfIn((await person.get(LOGIN)).text)
      const form = { csrf, action: 'login', email: ADA.email, password }
      return person.post(LOGIN, form, { 'x-forwarded-for': address })
    }
    for (let guess = 0; guess < 10; guess++) await from('203.0.113.7', `guess number ${guess}`)
    expect((await from('203.0.113.7', ADA.password)).status).toBe(429)
    expect((await from('198.51.100.9', ADA.password)).status).toBe(303)
    const link = await aPerson(site.url).submit(LOGIN, { action: 'link', identity: ADA.email })
    expect(link.location).toBe('/accounts/login_link_sent/')
  })

  it.each([
    ['from somebody who is no proxy', 'none', (guess: number) => `198.51.100.${guess}`],
    ['before what a proxy adds', '127.0.0.1', (guess: number) => `198.51.100.${guess}, 203.0.113.7`],
  ])('counts as one whatever address is made up, %s', async (_, proxies, forged) => {
    await site.close()
    site = await localSite({ TRUSTED_PROXIES: proxies })
    await anAdministrator(site)
    const eve = aPerson(site.url)
    const csrf = csrfIn((await eve.get(LOGIN)).text)
    const statuses = new Map<number, number>()
    for (let guess = 0; guess < 30; guess++) {
      const form = { csrf, action: 'login', email: ADA.email, password: `guess number ${guess}` }
      const { status } = await eve.post(LOGIN, form, { 'x-forwarded-for': forged(guess) })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect(Object.fromEntries(statuses)).toEqual({ 422: 10, 429: 20 })
  })

  it('is not what somebody does who knows the password: that clears the count', async () => {
    const person = aPerson(site.url)
    for (let round = 0; round < 3; round++) {
      for (let slip = 0; slip < 9; slip++) await signIn(person, { password: 'slipped again' })
      const token = await signIn(person)
      expect(token.status).toBe(303)
      person.cookies.delete('sid')
    }
  })

  it('at fifty accounts in an hour is over too', async () => {
    const eve = aPerson(site.url)
    for (let guess = 0; guess < 50; guess++) await signIn(eve, { email: `person${guess}@example.org` })
    expect((await signIn(eve)).status).toBe(429)
  })
})
