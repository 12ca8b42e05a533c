import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser'
import { aNewCheck } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'
import { flaws, overhang } from './look'

/** Scenario 23 of web-ui.md: three projects, one of them with a check that is down. */

let browser: Browser
let site: LocalSite
let ada: Person
let code: string

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  const { projects, checks } = site.appliance.app.store
  for (const name of ['Attic', 'Zoo']) {
    const added = (await ada.submit('/projects/add/', { name })).location.split('/')[2] ?? ''
    const project = await projects.findByCode(added)
    code = (await checks.add(aNewCheck(project!.id, { name: `Job of ${name}`, slug: '' }))).code
  }
  await ada.get('/?all=1')
  await fetch(`${site.url}/ping/${code}/fail`)
})
afterEach(() => site.close())

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext(options)
  await context.addCookies([...ada.cookies].map(([name, value]) => ({ name, value, url: site.url })))
  const page = await context.newPage()
  await page.goto(`${site.url}/`)
  return page
}

const first = (page: Page) => page.locator('[data-project]').first()

describe.each([1280, 360])('the projects at %i pixels', (width) => {
  it('have the one that is down first, and follow it when it recovers', async () => {
    const page = await open({ viewport: { width, height: 800 } })
    expect(await first(page).textContent()).toContain('Zoo')
    expect(await first(page).textContent()).toContain('1 down')
    const picture = (): Promise<string | null> =>
      page.locator('link[rel=icon][sizes=any]').getAttribute('href')
    expect(await picture()).toContain('down-1')
    await page.evaluate(
      `new MutationObserver(() => { if (said.textContent) (window.heard ??= []).push(said.textContent) })
         .observe(window.said = document.querySelector('[data-said]'), { childList: true })`,
    )
    await fetch(`${site.url}/ping/${code}`)
    site.pass(1000)
    await page.evaluate(`document.dispatchEvent(new Event('refresh-now'))`)
    await first(page).locator('[data-sums]:has-text("1 up")').waitFor()
    expect(await first(page).textContent()).toContain('Zoo')
    expect(await picture()).toContain('ok-0')
    await expect.poll(() => page.evaluate('window.heard?.length'), { timeout: 10_000 }).toBe(1)
    site.pass(1000)
    const answered = page.waitForResponse((answer) => answer.url().includes('refresh=1'))
    await page.evaluate(`document.dispatchEvent(new Event('refresh-now'))`)
    expect((await answered).status()).toBe(304)
    expect(await page.evaluate('window.heard')).toEqual(['Zoo: 1 up.'])
    // It stands elsewhere in the list now, and goes there when somebody says so.
    await page.locator('[data-t=list-changed]').click()
    await first(page).locator(':scope:has-text("Attic")').waitFor()
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('have no flaw in the %s, and are not too wide', async (colorScheme) => {
    const page = await open({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
    for (const path of ['/', '/checks/']) {
      await page.goto(site.url + path)
      expect({ path, flaws: await flaws(page), wide: await overhang(page) }).toEqual({
        path,
        flaws: [],
        wide: 0,
      })
    }
    await page.context().close()
  })
})

it('finds a project while one types, and keeps that in the address', async () => {
  const page = await open()
  await page.locator('[data-t=home-search]').pressSequentially('ATT')
  await page.locator('[data-project]:visible').first().locator(':scope:has-text("Attic")').waitFor()
  expect(await page.locator('[data-project]:visible').count()).toBe(1)
  await page.reload()
  expect(await page.locator('[data-project]').count()).toBe(1)
  await page.context().close()
})

it('finds one without JavaScript, too', async () => {
  const page = await open({ javaScriptEnabled: false })
  await page.locator('[data-t=home-search]').fill('zoo')
  await page.locator('[data-apply]').click()
  expect(await page.locator('[data-project]').count()).toBe(1)
  await page.context().close()
})
