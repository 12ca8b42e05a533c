import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR } from '../../src/core/time'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'

let site: LocalSite

beforeEach(async () => {
  site = await localSite()
})

afterEach(() => site.close())

const form = () => ({ code: site.setupCode(), ...ADA, repeat: ADA.password })

describe('the first visit', () => {
  it('leads to the set-up, from the start page and from the sign-in', async () => {
    const visitor = aPerson(site.url)
    expect(await visitor.get('/')).toMatchObject({ status: 303, location: '/setup/' })
    expect(await visitor.get('/accounts/login/')).toMatchObject({ status: 303, location: '/setup/' })
  })

  it('finds the address and a code of four groups in the log, and only a digest of it is kept', async () => {
    expect(site.setupCode()).toMatch(/^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/)
    expect(await site.appliance.app.store.facts.get('setup_code')).toMatch(/^[0-9a-f]{64}$/)
  })

  it('makes an account, a project, a check and an e-mail channel, signs in and leads through the rest', async () => {
    const ada = aPerson(site.url)
    const done = await ada.submit('/setup/', form())
    expect(done.status).toBe(303)
    expect(done.location).toBe('/setup/site/')
    const steps = ['site', 'mail', 'people']
    for (const [i, step] of steps.entries()) {
      const skipped = await ada.submit(`/setup/${step}/`, { do: 'skip' })
      const next = steps[i + 1]
      if (next) expect(skipped.location).toBe(`/setup/${next}/`)
      else done.location = skipped.location
    }
    expect(done.location).toMatch(/^\/checks\/[0-9a-f-]{36}\/details\/$/)
    expect(await site.appliance.app.store.savedSettings.version()).toBe(0)

    const { store } = site.appliance.app
    const user = await store.users.findByEmail(ADA.email)
    expect(user).toMatchObject({ isAdmin: true, tz: 'Europe/Berlin' })
    const [project] = await store.projects.ofUser(user?.id ?? 0)
    expect(project).toMatchObject({ name: 'My project', pingKey: null })
    expect(await store.checks.ofProject(project?.id ?? 0)).toMatchObject([
      { name: 'My first check', slug: 'my-first-check', status: 'new' },
    ])
    expect(await store.channels.ofProject(project?.id ?? 0)).toMatchObject([
      { kind: 'email', verified: true, tellsDown: true, tellsUp: true },
    ])

    const page = await ada.get(done.location)
    expect(page.status).toBe(200)
    expect(page.text).toContain('My first check')
  })

  it('is over for everybody afterwards', async () => {
    await anAdministrator(site)
    const late = aPerson(site.url)
    expect((await late.get('/setup/')).status).toBe(404)
    expect((await late.submit('/accounts/login/', form(), '/setup/')).status).toBe(404)
    expect(await site.appliance.app.actions.setup.issueCode()).toBeNull()
  })

  it('is won by one of two who come at the same time', async () => {
    const people = [aPerson(site.url), aPerson(site.url)]
    const answers = await Promise.all(
      people.map((person, i) => person.submit('/setup/', { ...form(), email: `person${i}@example.org` })),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(await site.appliance.app.store.users.count()).toBe(1)
  })
})

describe('the set-up form', () => {
  it('takes the code in any case, without its hyphens', async () => {
    const code = site.setupCode().toLowerCase().replaceAll('-', ' ')
    expect((await aPerson(site.url).submit('/setup/', { ...form(), code })).status).toBe(303)
  })

  it('does nothing without the code, and says where it is', async () => {
    const wrong = await aPerson(site.url).submit('/setup/', { ...form(), code: 'AAAA-BBBB-CCCC-DDDD' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('It is printed in the server log at start-up.')
    expect(await site.appliance.app.store.users.count()).toBe(0)
  })

  it.each([
    [{ email: 'nobody' }, 'Enter an e-mail address like name@example.org.'],
    [{ password: 'short', repeat: 'short' }, 'Use at least 10 characters.'],
    [{ password: 'password1234', repeat: 'password1234' }, 'lists of leaked passwords'],
    [{ repeat: 'another password' }, 'The two entries differ.'],
    [{ tz: 'Mars/Olympus' }, 'Choose a time zone from the list.'],
  ])('says what is wrong with %j and keeps the rest', async (fields, said) => {
    const wrong = await aPerson(site.url).submit('/setup/', { ...form(), ...fields })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain(said)
    expect(wrong.text).not.toContain(ADA.password)
    expect(await site.appliance.app.store.users.count()).toBe(0)
  })

  it('lets nobody guess: ten codes an hour, then even the right one has to wait', async () => {
    const guesser = aPerson(site.url)
    for (let guess = 0; guess < 10; guess++) await guesser.submit('/setup/', { ...form(), code: `${guess}` })
    const eleventh = await guesser.submit('/setup/', form())
    expect(eleventh.status).toBe(429)
    expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(0)

    site.pass(HOUR)
    expect((await guesser.submit('/setup/', form())).status).toBe(303)
  })

  it('counts no one who has the code but types something else wrong', async () => {
    const person = aPerson(site.url)
    for (let slip = 0; slip < 15; slip++) await person.submit('/setup/', { ...form(), email: 'oops' })
    expect((await person.submit('/setup/', form())).status).toBe(303)
  })
})
