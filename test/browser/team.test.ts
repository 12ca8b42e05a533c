import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirm } from '../support/account'
import { openBrowser } from '../support/browser'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'
import { flaws, overhang } from './look'

let browser: Browser
let site: LocalSite
let ada: Person
let olga: Awaited<ReturnType<typeof somebody>>
let wes: Awaited<ReturnType<typeof somebody>>

beforeAll(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  olga = await somebody(site, 'olga@example.org')
  wes = await somebody(site, 'wes-with-a-long-name-that-goes-on@monitoring.example.org')
  await join(site, olga.projectCode, wes, 'member')
  const team = `/projects/${olga.projectCode}/settings/team/`
  await olga.submit(team, { email: 'new@example.org', role: 'manager' })
  await confirm(olga, `/projects/${olga.projectCode}/transfer/`)
  await confirm(ada, '/admin/projects/')
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

/** The browser of somebody who is signed in. */
async function browserOf(person: Person, options: object): Promise<BrowserContext> {
  const context = await browser.newContext({ bypassCSP: true, ...options })
  await context.addCookies([...person.cookies].map(([name, value]) => ({ name, value, url: site.url })))
  return context
}

describe.each([
  { width: 1440, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  const options = { viewport: { width, height: 900 }, colorScheme }
  const own = ['settings/', 'settings/keys/', 'settings/team/', 'transfer/', 'remove/', 'leave/']
  const admin = ['', 'users/', 'projects/', 'deliveries/', 'storage/', 'config/', 'audit/']

  it.each(own)('the page %s of a project can be used by everybody', async (part) => {
    const context = await browserOf(part === 'leave/' ? wes : olga, options)
    const page = await context.newPage()
    const answer = await page.goto(`${site.url}/projects/${olga.projectCode}/${part}`)
    expect(answer?.status()).toBe(200)
    expect(await flaws(page)).toEqual([])
    expect(await overhang(page)).toBeLessThanOrEqual(0)
    await context.close()
  })

  it.each(admin)('the page /admin/%s can be used by everybody', async (part) => {
    const context = await browserOf(ada, options)
    const page = await context.newPage()
    const answer = await page.goto(`${site.url}/admin/${part}`)
    expect(answer?.status()).toBe(200)
    expect(await flaws(page)).toEqual([])
    expect(await overhang(page)).toBeLessThanOrEqual(0)
    await context.close()
  })
})

it('lets an owner change a role and invite somebody, with scripts and without', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browserOf(olga, { javaScriptEnabled })
    const page = await context.newPage()
    await page.goto(`${site.url}/projects/${olga.projectCode}/settings/team/`)
    const row = page.locator('[data-t^="member-wes"]')
    await row.locator('select').selectOption(javaScriptEnabled ? 'read-only' : 'member')
    await row.locator('button').click()
    await page.locator('[data-t=flash]').waitFor()
    expect(await page.locator('[data-t=flash]').textContent()).toContain(
      javaScriptEnabled ? 'is now Read-only.' : 'is now Member.',
    )
    await page.fill('#f-email', `guest-${javaScriptEnabled}@example.org`)
    await page.click('[data-t=submit]')
    await page.locator(`[data-t="invitation-guest-${javaScriptEnabled}@example.org"]`).waitFor()
    await context.close()
  }
})
