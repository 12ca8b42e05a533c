import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Passkey } from '../../src/store/passkeys'
import { StoreUnavailable } from '../../src/store/problems'
import { pagesOf } from '../../src/web/server'
import { staticFiles } from '../../src/web/static'
import { routeTable } from '../../src/web/routes'
import { openBrowser } from '../support/browser'
import { LOGIN, signIn } from '../support/account'
import { join, somebody } from '../support/cast'
import { aHousehold, confirmed } from '../support/household'
import type { Household } from '../support/household'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, aPerson, csrfIn } from '../support/person'
import type { Answer } from '../support/person'
import { lookAt } from './look'

/** Every page that can be opened, looked at on a phone, a tablet and a desk, by day and at night. */

let browser: Browser
let site: LocalSite
let household: Household
let paths: string[]

/** Answers that are no pages, or that lead away. */
const NO_PAGES = /\/status\/|\/log_events\/|\/body\/|\/html\/|\/menu\/|\/last_ping\/|\/cloaked\/|\.csv|export/

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite({ REGISTRATION_OPEN: 'True', RP_ID: 'localhost' })
  household = await aHousehold(site)
  paths = routeTable(pagesOf(site.appliance.app))
    .all.filter(({ method, path }) => method === 'GET' && !NO_PAGES.test(path))
    .map(({ path }) => path.replaceAll(/:(\w+)/g, (_, name: string) => household.ids[name] ?? 'x'.repeat(20)))
  const { project } = household
  paths.push(
    `/projects/${project}/checks/?search=nothing+like+it`,
    `/projects/${project}/badges/?target=check&format=shields`,
    `/projects/${project}/add_email/`,
    `/docs/search/?q=grace`,
    '/no/such/page/',
  )
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

/** A page of somebody with these cookies. */
async function openAs(cookies: Map<string, string>): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' })
  const url = site.url
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url })))
  return context.newPage()
}

/** What is wrong with these pages, in words; nothing for those that are as they should be. */
async function faults(page: Page, addresses: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const seen = new Set<string>()
  for (const path of addresses) {
    const answer = await page.goto(site.url + path)
    // Several addresses lead to the same page.
    if (seen.has(page.url())) continue
    seen.add(page.url())
    const status = answer?.status() ?? 0
    if (status >= 500) found.push(`${path} answers ${status}`)
    for (const fault of await lookAt(page)) found.push(`${path} ${fault}`)
  }
  await page.context().close()
  return found
}

describe('every page', () => {
  it(
    'has no flaw that axe finds and is not too wide, for who is signed in',
    { timeout: 300_000 },
    async () => {
      expect(paths.length).toBeGreaterThan(60)
      expect(await faults(await openAs(household.ada.cookies), paths)).toEqual([])
    },
  )

  it('the same for strangers', { timeout: 120_000 }, async () => {
    const pages =
      /^\/(accounts\/|invites\/|integrations\/[^/]+\/(verify|unsub)\/|acknowledge\/|tv|docs\/cron)/
    const open = [...new Set(paths.filter((path) => pages.test(path) && !path.includes('/profile/')))]
    expect(await faults(await openAs(new Map()), [...open, '/accounts/login/?notice=link'])).toEqual([])
  })

  it(
    'the same for who is half-way in, and who has to show again who they are',
    { timeout: 60_000 },
    async () => {
      const mia = aPerson(site.url)
      await signIn(mia, { email: 'mia@example.org' })
      const { store, clock } = site.appliance.app
      const { id } = (await store.users.findByEmail('mia@example.org'))!
      await store.passkeys.add(aPasskey(id, clock()))
      await store.secondSteps.setTotp(id, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 0, 0)
      await store.secondSteps.setRecoveryCodes(id, ['x'], clock())
      expect(
        await faults(await openAs(mia.cookies), ['/accounts/reauth/', '/accounts/profile/security/']),
      ).toEqual([])

      const half = aPerson(site.url)
      const begun = await signIn(half, { email: 'mia@example.org' })
      expect(begun.location).toBe(`${STEP}`)
      expect(await faults(await openAs(half.cookies), [STEP, `${STEP}totp/`, `${STEP}recovery/`])).toEqual([])
    },
  )
})

const STEP = '/accounts/login/two_factor/'

function aPasskey(userId: number, createdAt: number): Omit<Passkey, 'lastUsedAt'> {
  return {
    userId,
    code: randomUUID(),
    name: 'The key on my key ring',
    credentialId: randomUUID(),
    publicKey: 'x',
    counter: 0,
    transports: [],
    discoverable: true,
    createdAt,
  }
}

/** Answers that no address leads to: what a form says to what was entered, what is shown once, and errors. */
describe('an answer that cannot be opened again', () => {
  let answers: [string, Answer][]

  beforeAll(async () => {
    const { ada, project, check } = household
    const { store } = site.appliance.app
    const add = `/projects/${project}/checks/add/`
    const team = `/projects/${project}/settings/team/`
    const form = {
      csrf: csrfIn((await ada.get(add)).text),
      name: 'Nightly',
      description: 'All of it, at night',
    }
    const stranger = aPerson(site.url)
    const rita = await somebody(site, 'rita@example.org')
    await join(site, project, rita, 'read-only')
    await confirmed(ada)
    answers = [
      ['422 of a form', await ada.submit(add, { name: '' })],
      ['422 of a password', await ada.submit('/accounts/set_password/', { password: 'a', repeat: 'b' })],
      [
        '422 of a sign-in',
        await stranger.submit(LOGIN, { action: 'login', email: ADA.email, password: 'x' }),
      ],
      ['a link that was sent', await stranger.submit('/accounts/password_reset/', { identity: ADA.email })],
      ['recovery codes', await ada.submit('/accounts/two_factor/recovery/', {})],
      ['a key', await ada.submit(`/projects/${project}/settings/keys/`, { name: 'k', access: 'read-only' })],
      ['E01', await stranger.post(LOGIN, {}, { 'content-type': `${FORM}; charset=nonsense` })],
      ['E03', await rita.get(add)],
      ['E05', await ada.get('/accounts/logout/')],
      ['E06, old', await ada.post(add, { ...form, csrf: 'old' })],
      ['E06, foreign', await ada.post(add, form, { origin: 'https://watch.example.net' })],
      ['E07', await ada.post(add, { ...form, description: 'x'.repeat(600_000) })],
      ['E12', await stranger.get(`/accounts/password_reset/${'x'.repeat(20)}/`)],
    ]
    for (let i = 0; i < 11; i++) await ada.get(`/checks/${check}/log/?export=csv`)
    answers.push(['E09', await ada.get(`/checks/${check}/log/?export=csv`)])
    const find = store.projects.withRole
    store.projects.withRole = () => Promise.reject(new Error('a mistake of ours'))
    answers.push(['E10', await ada.get(team)])
    store.projects.withRole = () => Promise.reject(new StoreUnavailable('unreachable', new Error()))
    answers.push(['E11', await ada.get(`${team}?again`)])
    store.projects.withRole = find
    const about = {
      siteName: 'Rollcall',
      styles: staticFiles('').styles,
      icons: staticFiles('').image('icons.svg'),
    }
    const starting = site.appliance.app.templates.fill('upgrading', about)
    answers.push(['while it starts', { status: 503, headers: new Headers(), text: starting, location: '' }])
  })

  it('is what it is taken for', () => {
    expect(answers.map(([name, { status }]) => [name, status])).toEqual([
      ['422 of a form', 422],
      ['422 of a password', 422],
      ['422 of a sign-in', 422],
      ['a link that was sent', 200],
      ['recovery codes', 200],
      ['a key', 200],
      ['E01', 400],
      ['E03', 403],
      ['E05', 405],
      ['E06, old', 403],
      ['E06, foreign', 403],
      ['E07', 413],
      ['E12', 404],
      ['E09', 429],
      ['E10', 500],
      ['E11', 503],
      ['while it starts', 503],
    ])
  })

  it('says what to do, with a way back and a number to quote, when it is an error', () => {
    for (const [name, { text, headers }] of answers.filter(([each]) => each.startsWith('E'))) {
      expect(text, name).toMatch(/<h1>[^<]+<\/h1>\s*<p>[^<]+<\/p>/)
      expect(text, name).toMatch(/<div class="actions"><a class="button" href="\//)
      expect(text, name).toContain(`data-t="request-id">${headers.get('x-request-id')}<`)
      expect(text, name).not.toMatch(/\bat \S+:\d+:\d+|a mistake of ours/)
    }
  })

  it('has no flaw either', { timeout: 120_000 }, async () => {
    const page = await openAs(household.ada.cookies)
    const found: string[] = []
    for (const [name, { text }] of answers) {
      await page.route('**/shown/', (route) => route.fulfill({ contentType: 'text/html', body: text }))
      await page.goto(`${site.url}/shown/`)
      for (const fault of await lookAt(page)) found.push(`${name} ${fault}`)
      await page.unroute('**/shown/')
    }
    await page.context().close()
    expect(found).toEqual([])
  })
})

const FORM = 'application/x-www-form-urlencoded'
