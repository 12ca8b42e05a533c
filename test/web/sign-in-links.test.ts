import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/core/time'
import { isIn, linkIn, LOGIN, mailed, signIn } from '../support/account'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Answer, Person } from '../support/person'

const SENT = '/accounts/login_link_sent/'
const BAD = `${LOGIN}?notice=link`

let site: LocalSite

beforeEach(async () => {
  site = await localSite()
  await anAdministrator(site)
})

afterEach(() => site.close())

const ask = (person: Person, identity: string = ADA.email, next = ''): Promise<Answer> =>
  person.submit(LOGIN, { action: 'link', identity, next })

async function aLink(person: Person = aPerson(site.url), next = ''): Promise<string> {
  expect(await ask(person, ADA.email, next)).toMatchObject({ status: 303, location: SENT })
  const [mail] = await mailed(site)
  return linkIn(mail ?? { text: '' }, site)
}

describe('a link to sign in', () => {
  it('is mailed, good once, and signs in at once in the browser that asked for it', async () => {
    const person = aPerson(site.url)
    const link = await aLink(person, '/accounts/profile/')
    expect(link).toMatch(/^\/accounts\/check_token\/\d+\/[\w-]{43}\/$/)
    const done = await person.get(link)
    expect(done).toMatchObject({ status: 303, location: '/accounts/profile/' })
    expect(await isIn(person)).toBe(true)

    const again = aPerson(site.url)
    expect((await again.get(link)).location).toBe(BAD)
    expect((await again.get(BAD)).text).toContain('This link is wrong, was already used, or has expired.')
  })

  it('says in its mail how long it is good, where it comes from, and what to do if it was not you', async () => {
    await ask(aPerson(site.url))
    const [mail] = await mailed(site)
    expect(mail).toMatchObject({ to: ADA.email, subject: 'Sign in – Rollcall' })
    for (const text of [mail?.text, mail?.html]) {
      expect(text).toContain('for one hour')
      expect(text).toContain('127.0.0.1')
      expect(text).toContain('If that was not you')
    }
    expect(mail?.html).not.toMatch(/<img|src=/)
  })

  it('is not used up by scanners: without the cookie it is a page with a button', async () => {
    const link = await aLink()
    for (let scan = 0; scan < 3; scan++) {
      const page = await aPerson(site.url).get(link)
      expect(page.status).toBe(200)
      expect(page.text).toContain('Continue to Rollcall')
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(page.headers.get('cache-control')).toBe('no-store')
    }
    const person = aPerson(site.url)
    expect(await person.submit(link, {})).toMatchObject({ status: 303, location: '/' })
    expect(await isIn(person)).toBe(true)
    const late = aPerson(site.url)
    await late.get(LOGIN)
    expect((await late.submit(LOGIN, {}, link)).location).toBe(BAD)
  })

  it('is no trap: the cookie of somebody who asked for another link does not open this one', async () => {
    const victim = aPerson(site.url)
    await ask(victim, 'victim@example.org')
    await mailed(site)
    const link = await aLink()
    expect((await victim.get(link)).status).toBe(200)
    expect(await isIn(victim)).toBe(false)
  })

  it('is void after an hour, and when there is a newer one', async () => {
    const first = await aLink()
    const second = await aLink()
    expect((await aPerson(site.url).get(first)).location).toBe(BAD)
    site.pass(HOUR - 1)
    expect((await aPerson(site.url).get(second)).status).toBe(200)
    site.pass(1)
    expect((await aPerson(site.url).get(second)).location).toBe(BAD)
  })

  it('ends the sign-in that the browser had before', async () => {
    const person = aPerson(site.url)
    await signIn(person)
    const before = person.cookies.get('sid') ?? ''
    const link = await aLink()
    await person.submit(link, {})
    const thief = aPerson(site.url)
    thief.cookies.set('sid', before)
    expect(await isIn(thief)).toBe(false)
    expect(await isIn(person)).toBe(true)
  })

  it('does nothing for an account that was disabled', async () => {
    const link = await aLink()
    const { users } = site.appliance.app.store
    const user = await users.findByEmail(ADA.email)
    await users.setDisabled(user?.id ?? 0, true)
    expect((await aPerson(site.url).submit(link, {})).location).toBe(BAD)
    await ask(aPerson(site.url))
    expect(await mailed(site)).toEqual([])
  })

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/%2f%2fevil.example',
    `/${'x'.repeat(600)}`,
  ])('never leads to %s', async (next) => {
    const person = aPerson(site.url)
    expect((await person.get(await aLink(person, next))).location).toBe('/')
  })
})

describe('for an address without an account', () => {
  it('page, status and cookies are the same, and no mail goes out', async () => {
    const [known, unknown] = [aPerson(site.url), aPerson(site.url)]
    const there = await ask(known)
    const nobody = await ask(unknown, 'nobody@example.org')
    const shape = ({ status, location, headers }: Answer) => ({
      status,
      location,
      names: [...headers.keys()].filter((name) => name !== 'date'),
      cookies: headers
        .getSetCookie()
        .map((each) => each.replace(/=[\w-]{43};/, '=…;').replace(/Expires=[^;]*/, '')),
    })
    expect(shape(nobody)).toEqual(shape(there))
    expect(shape(nobody).cookies[0]).toMatch(/^auto-login=…; Max-Age=300; Path=\/; .*HttpOnly; SameSite=Lax$/)
    expect((await known.get(SENT)).text).toBe((await unknown.get(SENT)).text)
    expect((await mailed(site)).map(({ to }) => to)).toEqual([ADA.email])
  })

  it('as much is written, so that the time tells nothing', async () => {
    const { store } = site.appliance.app
    const written: string[] = []
    const { add } = store.links
    store.links.add = (email, make) => {
      written.push(email)
      return add(email, make)
    }
    await ask(aPerson(site.url))
    await ask(aPerson(site.url), 'nobody@example.org')
    expect(written).toEqual([ADA.email, 'nobody@example.org'])
  })
})

describe('asking', () => {
  it('is over after ten times an hour for one mailbox, dots and plus or not', async () => {
    for (let i = 0; i < 10; i++) {
      expect((await ask(aPerson(site.url), `n.o.body+${i}@example.org`)).status).toBe(303)
    }
    const late = await ask(aPerson(site.url), 'nobody@example.org')
    expect(late.status).toBe(429)
    expect(late.text).toContain('Too many tries.')
    expect((await ask(aPerson(site.url))).status).toBe(303)
    site.pass(6 * MINUTE)
    expect((await ask(aPerson(site.url), 'nobody@example.org')).status).toBe(303)
  })

  it('is over after twenty addresses an hour from one network; a password still does', async () => {
    for (let i = 0; i < 20; i++) await ask(aPerson(site.url), `somebody${i}@example.org`)
    expect((await ask(aPerson(site.url))).status).toBe(429)
    expect((await signIn(aPerson(site.url))).status).toBe(303)
  })

  it('for something that is no address says so', async () => {
    const wrong = await ask(aPerson(site.url), 'nobody')
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Enter an e-mail address like name@example.org.')
  })

  it('is not offered by a site that cannot send mails', async () => {
    await site.close()
    site = await localSite({ EMAIL_HOST: '' })
    await anAdministrator(site)
    expect((await aPerson(site.url).get(LOGIN)).text).not.toContain('data-t="send-link"')
    expect((await ask(aPerson(site.url))).status).toBe(422)
  })
})
