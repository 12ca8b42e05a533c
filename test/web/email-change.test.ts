import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { confirm, isIn, linkIn, LOGIN, mailed, signIn } from '../support/account'
import { somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

const PAGE = '/accounts/change_email/'
const NEW = 'lovelace@example.org'

let site: LocalSite
let ada: Person

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  await confirm(ada, PAGE)
})

afterEach(() => site.close())

/** Asks for the change; gives the link that goes to the new address, and the one that goes to the old. */
async function ask(): Promise<{ link: string; notMe: string }> {
  const asked = await ada.submit(PAGE, { email: ` ${NEW.toUpperCase()} ` })
  expect(asked.status).toBe(200)
  expect(asked.text).toContain('One more step')
  const mails = await mailed(site)
  const to = (email: string) => linkIn(mails.find((mail) => mail.to === email) ?? { text: '' }, site)
  return { link: to(NEW), notMe: to(ADA.email) }
}

describe('another address', () => {
  it('is that of the account once its link is opened, and not before', async () => {
    const elsewhere = aPerson(site.url)
    await signIn(elsewhere)
    const { link } = await ask()
    expect((await signIn(aPerson(site.url), { email: NEW })).status).toBe(422)
    const before = ada.cookies.get('sid')
    expect(await ada.get(link)).toMatchObject({ status: 303, location: '/accounts/profile/' })
    expect(ada.cookies.get('sid')).not.toBe(before)
    expect(await site.appliance.app.store.users.findByEmail(NEW)).toMatchObject({ emailProven: true })
    const page = await ada.get('/accounts/profile/')
    expect(page.text).toContain('Address changed.')
    expect(page.text).toContain(NEW)
    expect(await isIn(elsewhere)).toBe(false)
    expect((await signIn(aPerson(site.url))).status).toBe(422)
    expect((await signIn(aPerson(site.url), { email: NEW })).status).toBe(303)
    expect((await aPerson(site.url).get(link)).location).toBe(`${LOGIN}?notice=link`)
  })

  it('is told to the old one twice: when it is asked for, and when it is done', async () => {
    await ada.submit(PAGE, { email: NEW })
    const mails = await mailed(site)
    expect(mails.map(({ to }) => to).toSorted()).toEqual([ADA.email, NEW])
    await ada.get(linkIn(mails.find(({ to }) => to === NEW) ?? { text: '' }, site))
    const [done] = await mailed(site)
    expect(done?.to).toBe(ADA.email)
    expect(done?.text).toContain(`changed to ${NEW}`)
    expect(done?.text).toContain('/accounts/not_me/')
  })

  it('is a page with a button for scanners, and in another browser', async () => {
    const { link } = await ask()
    const other = aPerson(site.url)
    expect((await other.get(link)).text).toContain('Use this address?')
    expect((await other.submit(link, {})).location).toBe(`${LOGIN}?notice=email`)
    expect(await isIn(ada)).toBe(false)
  })

  it('has a quarter of an hour, and only the newest link is good', async () => {
    const { link: first } = await ask()
    const { link: second } = await ask()
    expect((await ada.get(first)).location).toBe(`${LOGIN}?notice=link`)
    site.pass(15 * MINUTE)
    expect((await ada.get(second)).location).toBe(`${LOGIN}?notice=link`)
  })

  it.each([
    [ADA.email, 'This is your address already.'],
    ['nobody', 'Enter an e-mail address like name@example.org.'],
    ['wes@example.org', 'wes@example.org already has an account here.'],
  ])('cannot be %s', async (email, said) => {
    await somebody(site, 'wes@example.org')
    const wrong = await ada.submit(PAGE, { email })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain(said)
  })

  it('that somebody took meanwhile stays theirs', async () => {
    const { link } = await ask()
    await somebody(site, NEW)
    expect((await ada.get(link)).location).toBe(`${LOGIN}?notice=link`)
    expect((await ada.get('/accounts/profile/')).text).toContain(ADA.email)
  })

  it('can be asked for five times a day', async () => {
    for (let i = 0; i < 5; i++) await ada.submit(PAGE, { email: `ada${i}@example.org` })
    expect((await ada.submit(PAGE, { email: NEW })).status).toBe(429)
  })

  it('is changed at once where no mail can be sent', async () => {
    await site.close()
    site = await localSite({ EMAIL_HOST: '' })
    ada = await anAdministrator(site)
    await confirm(ada, PAGE)
    const { users } = site.appliance.app.store
    await users.proveEmail((await users.findByEmail(ADA.email))?.id ?? 0, 0)
    expect((await ada.submit(PAGE, { email: NEW })).location).toBe('/accounts/profile/')
    expect(await users.findByEmail(NEW)).toMatchObject({ emailProven: false })
    expect((await signIn(aPerson(site.url), { email: NEW })).status).toBe(303)
  })
})

describe('“It was not me”', () => {
  it('ends all sessions and locks the address, until the password opens it', async () => {
    const { link, notMe } = await ask()
    const owner = aPerson(site.url)
    expect((await owner.get(notMe)).text).toContain('It was not me')
    expect(await isIn(ada)).toBe(true)
    const done = await owner.submit(notMe, {})
    expect(done.location).toBe(`${LOGIN}?notice=not-me`)
    expect((await owner.get(done.location)).text).toContain('All sessions of the account were ended')
    expect(await isIn(ada)).toBe(false)
    expect((await aPerson(site.url).submit(link, {}, link)).status).not.toBe(200)
    expect((await owner.get(notMe)).status).toBe(404)

    await signIn(owner)
    await confirm(owner, PAGE)
    expect((await owner.get(PAGE)).text).toContain('The address is locked')
    expect((await owner.submit(PAGE, { action: 'unlock', password: 'not it' })).status).toBe(422)
    expect((await owner.submit(PAGE, { email: NEW })).text).toContain('The address is locked')
    expect((await owner.submit(PAGE, { action: 'unlock', password: ADA.password })).location).toBe(PAGE)
    expect((await owner.get(PAGE)).text).toContain('New address')
  })

  it('works for a week', async () => {
    const { notMe } = await ask()
    site.pass(7 * DAY - HOUR)
    expect((await aPerson(site.url).get(notMe)).status).toBe(200)
    site.pass(HOUR)
    expect((await aPerson(site.url).get(notMe)).status).toBe(404)
  })
})
