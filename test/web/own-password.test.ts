import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addTotp, confirm, isIn, LOGIN, signIn as enter } from '../support/account'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson, csrfIn } from '../support/person'
import type { Person } from '../support/person'

const PAGE = '/accounts/set_password/'
const NEW = 'quite another password'

let site: LocalSite
let ada: Person

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
})

afterEach(() => site.close())

const signIn = async (password: string): Promise<Person | null> => {
  const person = aPerson(site.url)
  const done = await person.submit(LOGIN, { action: 'login', email: ADA.email, password })
  return done.status === 303 ? person : null
}

describe('a new password', () => {
  it('is the only one from then on, and ends all other sessions but this one', async () => {
    const elsewhere = await signIn(ADA.password)
    await confirm(ada, PAGE)
    const before = ada.cookies.get('sid')
    const done = await ada.submit(PAGE, { password: NEW, repeat: NEW })
    expect(done).toMatchObject({ status: 303, location: '/accounts/profile/security/' })
    expect(ada.cookies.get('sid')).not.toBe(before)

    expect((await ada.get('/docs/')).text).toContain('Password saved. Your other sessions were signed out.')
    expect((await elsewhere?.get('/'))?.location).toBe(`${LOGIN}?next=%2F`)
    expect(await signIn(ADA.password)).toBeNull()
    expect(await signIn(NEW)).not.toBeNull()
  })

  it.each([
    [{ password: 'short', repeat: 'short' }, 'Use at least 10 characters.'],
    [{ password: 'x'.repeat(201), repeat: 'x' }, 'At most 200 characters.'],
    [{ password: 'password1234', repeat: 'password1234' }, 'lists of leaked passwords'],
    [{ password: ADA.email, repeat: ADA.email }, 'must not be your e-mail address'],
    [{ password: NEW, repeat: `${NEW}!` }, 'The two entries differ.'],
  ])('is refused as %j, and never shown again', async (fields, said) => {
    await confirm(ada, PAGE)
    const wrong = await ada.submit(PAGE, fields)
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain(said)
    expect(wrong.text).not.toContain(NEW)
    expect(await signIn(ADA.password)).not.toBeNull()
  })

  it('wants the current one, too, of whoever confirmed otherwise', async () => {
    await confirm(ada, PAGE)
    const { signIns, users } = site.appliance.app.store
    const user = await users.findByEmail(ADA.email)
    const [own] = await signIns.ofUser(user?.id ?? 0, 0)
    await signIns.rotate(own?.key ?? '', own?.key ?? '', {
      sudo: { untilAt: site.appliance.app.clock() + 1, by: 'code' },
    })
    expect((await ada.get(PAGE)).text).toContain('Current password')
    const wrong = await ada.submit(PAGE, { password: NEW, repeat: NEW, current: 'not it' })
    expect(wrong.text).toContain('That password is not right.')
    expect((await ada.submit(PAGE, { password: NEW, repeat: NEW, current: ADA.password })).status).toBe(303)
  })
})

it('the current password cannot be guessed without end by whoever confirmed otherwise', async () => {
  await confirm(ada, PAGE)
  const { clock, store } = site.appliance.app
  const user = await store.users.findByEmail(ADA.email)
  const [own] = await store.signIns.ofUser(user?.id ?? 0, 0)
  const sudo = { untilAt: clock() + 1, by: 'code' as const }
  await store.signIns.rotate(own?.key ?? '', own?.key ?? '', { sudo })
  const csrf = csrfIn((await ada.get(PAGE)).text)
  const guess = (current: string) => ada.post(PAGE, { csrf, password: NEW, repeat: NEW, current })
  const answers = []
  for (let i = 0; i < 20; i++) answers.push((await guess(`guess ${i}`)).status)
  expect(answers).toContain(422)
  const limited = await guess(ADA.password)
  expect(limited.status).toBe(429)
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
})

it('a password set at the server lets in again whoever has lost everything', async () => {
  await addTotp(site, ada)
  const { store, actions } = site.appliance.app
  const user = (await store.users.findByEmail(ADA.email))!
  const { ownPassword } = actions
  expect(await ownPassword.setForSomebody(user, 'short', { resetsSecondSteps: true })).toMatchObject({
    ok: false,
  })
  await ownPassword.setForSomebody(user, NEW, { resetsSecondSteps: false })
  expect(await isIn(ada)).toBe(false)
  expect((await enter(aPerson(site.url), { password: NEW })).location).toContain('/two_factor/')
  await ownPassword.setForSomebody(user, NEW, { resetsSecondSteps: true })
  const person = aPerson(site.url)
  await enter(person, { password: NEW })
  expect(await isIn(person)).toBe(true)
})

describe('removing the password', () => {
  it('leaves the other ways to sign in', async () => {
    await confirm(ada, PAGE)
    expect((await ada.submit(`${PAGE}remove/`, {})).status).toBe(303)
    expect(await signIn(ADA.password)).toBeNull()
    expect(await signIn('')).toBeNull()
  })

  it('is not done where there is no other way', async () => {
    await site.close()
    site = await localSite({ EMAIL_HOST: '' })
    ada = await anAdministrator(site)
    await confirm(ada, PAGE)
    await ada.submit(`${PAGE}remove/`, {})
    expect(await signIn(ADA.password)).not.toBeNull()
  })
})
