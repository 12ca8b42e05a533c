import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/core/time'
import { confirm, isIn, signIn } from '../support/account'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson, csrfIn } from '../support/person'
import type { Person } from '../support/person'

const ACCOUNT = '/accounts/profile/'
const SECURITY = '/accounts/profile/security/'
const SESSIONS = '/accounts/profile/sessions/'
const LOOKS = '/accounts/profile/appearance/'

let site: LocalSite
let ada: Person

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
})

afterEach(() => site.close())

it.each([ACCOUNT, SECURITY, SESSIONS, LOOKS])('%s is for those who are signed in', async (path) => {
  expect((await aPerson(site.url).get(path)).location).toBe(
    `/accounts/login/?next=${encodeURIComponent(path)}`,
  )
  expect((await ada.get(path)).status).toBe(200)
})

describe('the account page', () => {
  it('changes the zone that times are shown in', async () => {
    expect((await ada.submit(ACCOUNT, { tz: ' Asia/Tokyo ' })).location).toBe(ACCOUNT)
    const page = await ada.get(ACCOUNT)
    expect(page.text).toContain('Time zone saved.')
    expect(page.text).toContain('value="Asia/Tokyo"')
    const wrong = await ada.submit(ACCOUNT, { tz: 'Mars/Olympus' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Choose a time zone from the list.')
    expect(wrong.text).toContain('value="Mars/Olympus"')
  })

  it('shows the projects and the role in each; one can leave those of others', async () => {
    const wes = await somebody(site, 'wes@example.org')
    await join(site, wes.projectCode, { userId: 1 }, 'manager')
    const { text } = await ada.get(ACCOUNT)
    expect(text).toContain('Owner')
    expect(text).toContain('Manager')
    expect(text).toContain(`/projects/${wes.projectCode}/leave/`)
  })
})

describe('invitations that wait for an answer', () => {
  const invite = async (wes: Person & { projectCode: string }): Promise<string> => {
    const team = `/projects/${wes.projectCode}/settings/team/`
    await wes.submit(team, { email: ADA.email, role: 'member' })
    return /action="([^"]*invitations\/[^"]*)"/.exec((await ada.get(ACCOUNT)).text)?.[1] ?? ''
  }

  it('are accepted or declined on the account page, by whom they are for', async () => {
    const wes = await somebody(site, 'wes@example.org')
    const url = await invite(wes)
    expect((await wes.submit(ACCOUNT, { answer: 'accept' }, url)).status).toBe(404)
    expect((await ada.submit(ACCOUNT, { answer: 'decline' }, url)).location).toBe(ACCOUNT)
    expect((await ada.get(ACCOUNT)).text).toContain('You declined.')
    expect((await ada.submit(ACCOUNT, { answer: 'accept' }, url)).status).toBe(404)

    const list = `/projects/${wes.projectCode}/checks/`
    expect((await ada.submit(ACCOUNT, { answer: 'accept' }, await invite(wes))).location).toBe(list)
    expect((await ada.get(list)).text).toContain('You joined Home as Member.')
  })
})

describe('sessions', () => {
  it('are listed, this one first, and ended one by one: the next click leads to the sign-in', async () => {
    const phone = aPerson(site.url)
    const page = await phone.get('/accounts/login/')
    const agent = { 'user-agent': 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0' }
    await phone.post(
      '/accounts/login/',
      { csrf: csrfIn(page.text), email: ADA.email, password: ADA.password },
      agent,
    )
    const { text } = await ada.get(SESSIONS)
    expect(text).toContain('Firefox on Android')
    expect(text).toContain('127.0.0.1')
    const [own, other] = [...text.matchAll(/data-t="session-([0-9a-f]+)"/g)].map(([, id]) => id)
    expect(text).not.toContain(`data-t="end-${own}"`)
    expect((await ada.submit(SESSIONS, {}, `${SESSIONS}end/${other}/`)).location).toBe(SESSIONS)
    expect((await phone.get('/')).location).toMatch(/^\/accounts\/login\//)
    const poll = await phone.get('/', { 'x-fragment': '1' })
    expect(poll.status).toBe(401)
    expect((await ada.get(SESSIONS)).text).toContain('This is your only session.')
  })

  it('of somebody else cannot be ended', async () => {
    const wes = await somebody(site, 'wes@example.org')
    const { text } = await wes.get(SESSIONS)
    const [, id] = /data-t="session-([0-9a-f]+)"/.exec(text) ?? []
    expect((await ada.submit(SESSIONS, {}, `${SESSIONS}end/${id}/`)).status).toBe(404)
    expect(await isIn(wes)).toBe(true)
  })

  it('are all ended but this one', async () => {
    const others = [aPerson(site.url), aPerson(site.url)]
    for (const other of others) await signIn(other)
    await ada.submit(SESSIONS, {}, `${SESSIONS}end/`)
    expect(await isIn(ada)).toBe(true)
    for (const other of others) expect(await isIn(other)).toBe(false)
  })

  it('are fifty at most: the oldest go', async () => {
    for (let i = 0; i < 50; i++) {
      site.pass(HOUR / 4)
      await signIn(aPerson(site.url))
    }
    expect(await isIn(ada)).toBe(false)
  })
})

describe('security events', () => {
  it('tell of sign-ins, failures and changes, newest first, in the words of people', async () => {
    await signIn(aPerson(site.url), { password: 'not her password' })
    await signIn(aPerson(site.url))
    await confirm(ada, '/accounts/set_password/')
    await ada.submit('/accounts/set_password/', { password: 'another long one', repeat: 'another long one' })
    const { text } = await ada.get(SECURITY)
    const at = (words: string) => text.indexOf(words)
    expect(at('Password set')).toBeGreaterThan(0)
    expect(at('Password set')).toBeLessThan(at('Confirmed who you are'))
    expect(at('Signed in (password)')).toBeLessThan(at('Wrong password'))
    expect(text).not.toContain('another long one')
  })

  it('are kept for some time, and not without bound', async () => {
    const { accountEvents } = site.appliance.app.store
    const at = site.appliance.app.clock()
    for (let i = 0; i < 230; i++) {
      await accountEvents.add({
        userId: 1,
        at: at + i,
        kind: 'sign-in-failed',
        detail: '',
        address: null,
        agent: '',
      })
    }
    const kept = (await accountEvents.ofUser(1, 1000)).length
    expect(kept).toBeGreaterThanOrEqual(200)
    expect(kept).toBeLessThan(220)
    await accountEvents.prune(at + DAY)
    expect(await accountEvents.ofUser(1, 1000)).toEqual([])
  })
})

describe('how pages look', () => {
  it('is kept with the account, and said to styles and scripts by the served page', async () => {
    expect((await ada.get('/docs/')).text).toContain('<html lang="en" data-theme="system"')
    const chosen = { theme: 'dark', density: 'compact', clock: 'local12', shortcuts: 'off', downFirst: 'off' }
    expect((await ada.submit(LOOKS, chosen)).location).toBe(LOOKS)
    const html = /<html[^>]*>/.exec((await ada.get('/docs/')).text)?.[0]
    for (const each of [
      'data-theme="dark"',
      'data-density="compact"',
      'data-clock="local12"',
      'data-shortcuts="off"',
      'data-down-first="off"',
    ]) {
      expect(html).toContain(each)
    }
    expect(html).not.toContain('data-motion')
    const again = aPerson(site.url)
    await signIn(again)
    expect((await again.get('/docs/')).text).toContain('data-theme="dark"')
    expect((await aPerson(site.url).get('/docs/')).text).toContain('data-theme="system"')
  })

  it('says so when something else is asked for', async () => {
    const wrong = await ada.submit(LOOKS, { theme: 'pink' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Choose one of the options.')
  })
})
