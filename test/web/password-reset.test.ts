import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR } from '../../src/core/time'
import { addTotp, isIn, linkIn, LOGIN, mailed, signIn } from '../support/account'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

const ASK = '/accounts/password_reset/'
const NEW = { password: 'quite another password', repeat: 'quite another password' }

let site: LocalSite
let ada: Person

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
})

afterEach(() => site.close())

async function aLink(): Promise<string> {
  expect((await aPerson(site.url).submit(ASK, { identity: ADA.email })).status).toBe(200)
  const [mail] = await mailed(site)
  return linkIn(mail ?? { text: '' }, site)
}

describe('a link to set a new password', () => {
  it('works once, and ends every session and every other link of the account', async () => {
    await aPerson(site.url).submit(LOGIN, { action: 'link', identity: ADA.email })
    const [signInMail] = await mailed(site)
    const link = await aLink()
    const person = aPerson(site.url)
    expect((await person.get(link)).headers.get('cache-control')).toBe('no-store')
    const done = await person.submit(link, NEW)
    expect(done).toMatchObject({ status: 303, location: `${LOGIN}?notice=password` })
    expect((await person.get(done.location)).text).toContain('Password changed. Sign in with it.')
    expect(await isIn(ada)).toBe(false)
    expect((await ada.get(LOGIN)).text).toContain('Your session has ended.')
    expect((await signIn(aPerson(site.url))).status).toBe(422)
    expect((await signIn(aPerson(site.url), { password: NEW.password })).status).toBe(303)

    expect((await aPerson(site.url).get(link)).status).toBe(404)
    const old = linkIn(signInMail ?? { text: '' }, site)
    expect((await aPerson(site.url).get(old)).location).toBe(`${LOGIN}?notice=link`)
  })

  it('is not used up by a password that is refused', async () => {
    const link = await aLink()
    const person = aPerson(site.url)
    expect((await person.submit(link, { password: 'short', repeat: 'short' })).status).toBe(422)
    expect((await person.submit(link, { ...NEW, repeat: 'else' })).text).toContain('The two entries differ.')
    expect((await person.submit(link, NEW)).status).toBe(303)
  })

  it('is no way around the second step', async () => {
    await addTotp(site, ada)
    const link = await aLink()
    await aPerson(site.url).submit(link, NEW)
    const entered = await signIn(aPerson(site.url), { password: NEW.password })
    expect(entered.location).toBe('/accounts/login/two_factor/totp/')
  })

  it('is too old after an hour', async () => {
    const link = await aLink()
    site.pass(HOUR)
    const page = await aPerson(site.url).get(link)
    expect(page.status).toBe(404)
    expect(page.text).toContain('This link does not work')
  })

  it('says the same of an address that nobody has', async () => {
    const known = await aPerson(site.url).submit(ASK, { identity: ADA.email })
    const unknown = await aPerson(site.url).submit(ASK, { identity: 'nobody@example.org' })
    const plain = (text: string) => text.replaceAll(/name="csrf" value="[^"]*"/g, '')
    expect([unknown.status, plain(unknown.text)]).toEqual([known.status, plain(known.text)])
    expect(await mailed(site)).toHaveLength(1)
  })
})

it('without a mail server says who can help', async () => {
  await site.close()
  site = await localSite({ EMAIL_HOST: '' })
  await anAdministrator(site)
  expect((await aPerson(site.url).get(ASK)).text).toContain('An administrator can make a link for you')
})
