import { afterEach, describe, expect, it } from 'vitest'
import { HOUR, SECOND } from '../../src/core/time'
import { isIn, linkIn, LOGIN, mailed } from '../support/account'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

const PAGE = '/accounts/signup/'
const BOB = 'bob@example.org'

let site: LocalSite

afterEach(() => site.close())

async function begin(env: Record<string, string> = {}): Promise<void> {
  site = await localSite({ REGISTRATION_OPEN: 'True', ...env })
  await anAdministrator(site)
}

/** Fills in the form, as slowly as a person. */
async function register(
  person: Person,
  fields: Record<string, string>,
  tookMs = 3 * SECOND,
): Promise<Answer> {
  const { text } = await person.get(PAGE)
  const began = /name="began" value="([^"]*)"/.exec(text)?.[1] ?? ''
  site.pass(tookMs)
  return person.post(PAGE, { csrf: csrfIn(text), began, ...fields })
}

describe('registration', () => {
  it('is closed unless the operator opens it', async () => {
    site = await localSite()
    await anAdministrator(site)
    const person = aPerson(site.url)
    expect((await person.get(LOGIN)).text).not.toContain('data-t="sign-up"')
    const page = await person.get(PAGE)
    expect(page.status).toBe(403)
    expect(page.text).toContain(
      'Registration is closed. Ask the administrator of this instance for an invitation.',
    )
    const tried = await person.submit(LOGIN, { identity: BOB }, PAGE)
    expect(tried.status).toBe(403)
    expect(await mailed(site)).toEqual([])
  })

  it('makes an account once the link in the mail is opened, with what every account begins with', async () => {
    await begin()
    const { users, projects, checks } = site.appliance.app.store
    const person = aPerson(site.url)
    const asked = await register(person, { identity: ` ${BOB.toUpperCase()}`, tz: 'Asia/Tokyo' })
    expect(asked.text).toContain('Check your e-mail')
    expect(await users.findByEmail(BOB)).toBeNull()
    const [mail] = await mailed(site)
    const done = await person.get(linkIn(mail ?? { text: '' }, site))
    expect(done.location).toBe('/')
    expect(await isIn(person)).toBe(true)
    const user = await users.findByEmail(BOB)
    expect(user).toMatchObject({ isAdmin: false, tz: 'Asia/Tokyo', passwordHash: null })
    const [project] = await projects.ofUser(user?.id ?? 0)
    expect(await checks.ofProject(project?.id ?? 0)).toMatchObject([{ name: 'My first check' }])
  })

  it('answers the same to somebody who has an account, who gets a link to sign in', async () => {
    await begin()
    const known = await register(aPerson(site.url), { identity: ADA.email })
    const unknown = await register(aPerson(site.url), { identity: BOB })
    const plain = ({ status, text, headers }: Answer) => [
      status,
      text.replaceAll(/name="(csrf|once)" value="[^"]*"/g, ''),
      headers.getSetCookie().map((each) => each.replace(/=[\w-]{43};/, '').replace(/Expires=[^;]*/, '')),
    ]
    expect(plain(known)).toEqual(plain(unknown))
    const mails = await mailed(site)
    expect(mails.map(({ to, subject }) => `${to}: ${subject}`)).toEqual([
      `${ADA.email}: Sign in – Rollcall`,
      `${BOB}: Finish your registration – Rollcall`,
    ])
  })

  it('has a link that is good for an hour, once, and only while registration is open', async () => {
    await begin()
    await register(aPerson(site.url), { identity: BOB })
    const [mail] = await mailed(site)
    const link = linkIn(mail ?? { text: '' }, site)
    site.appliance.app.config.registrationOpen = false
    expect((await aPerson(site.url).submit(link, {})).location).toBe(`${LOGIN}?notice=link`)
    site.appliance.app.config.registrationOpen = true
    await register(aPerson(site.url), { identity: BOB })
    const [again] = await mailed(site)
    site.pass(HOUR)
    expect((await aPerson(site.url).get(linkIn(again ?? { text: '' }, site))).location).toBe(
      `${LOGIN}?notice=link`,
    )
    expect(await site.appliance.app.store.users.findByEmail(BOB)).toBeNull()
  })

  it('does nothing for programs, and says nothing of it', async () => {
    await begin()
    const asked = [
      await register(aPerson(site.url), { identity: BOB, website: 'https://spam.example' }),
      await register(aPerson(site.url), { identity: BOB }, SECOND),
      await register(aPerson(site.url), { identity: BOB, began: 'forged' }),
    ]
    for (const { status, text } of asked) {
      expect(status).toBe(200)
      expect(text).toContain('Check your e-mail')
    }
    expect(await mailed(site)).toEqual([])
  })

  it.each([
    ['nobody', 'Enter an e-mail address like name@example.org.'],
    [`${'x'.repeat(250)}@example.org`, 'The address is too long (254 characters at most).'],
  ])('says what is wrong with an address', async (identity, said) => {
    await begin()
    const wrong = await register(aPerson(site.url), { identity })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain(said)
  })

  it('without a mail server asks for a password, and signs in at once', async () => {
    await begin({ EMAIL_HOST: '' })
    const password = 'bobs own long password'
    const person = aPerson(site.url)
    const taken = await register(person, { email: ADA.email, password, repeat: password })
    expect(taken.status).toBe(422)
    expect(taken.text).toContain('An account with this address exists. Sign in instead.')
    const weak = await register(person, { email: BOB, password: 'short', repeat: 'short' })
    expect(weak.text).toContain('Use at least 10 characters.')
    const done = await register(person, { email: BOB, password, repeat: password, tz: 'Mars/Olympus' })
    expect(done.location).toBe('/')
    expect(await isIn(person)).toBe(true)
    expect(await site.appliance.app.store.users.findByEmail(BOB)).toMatchObject({ tz: 'UTC' })
  })
})
