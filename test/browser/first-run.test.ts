import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA } from '../support/person'
import { smtpRelay } from '../world/smtp-relay'
import type { Relay } from '../world/smtp-relay'
import { flaws, overhang } from './look'

let browser: Browser
let site: LocalSite
let relay: Relay
let context: BrowserContext

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  relay = await smtpRelay()
  site = await localSite({ EMAIL_HOST: '' }, {}, { realMail: true })
})

afterEach(async () => {
  await context.close()
  await relay.close()
  await site.close()
})

const press = (page: Page, hook: string) => page.locator(`[data-t=${hook}]`).click()

async function fillAccount(page: Page, code: string): Promise<void> {
  await page.getByLabel('Set-up code').fill(code)
  await page.getByLabel('E-mail').fill(ADA.email)
  await page.getByLabel('Password required').fill(ADA.password)
  await page.getByLabel('The same password again').fill(ADA.password)
  await press(page, 'submit')
}

/** Scenario 1 of web-ui.md. */
describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('the first run %s', (_how, javaScriptEnabled) => {
  it('leads from an empty database to the first check, and to the first alert by mail', async () => {
    context = await browser.newContext({
      javaScriptEnabled,
      bypassCSP: true,
      viewport: { width: 360, height: 760 },
    })
    const page = await context.newPage()
    const looksWell = async () => {
      expect(await overhang(page)).toBeLessThanOrEqual(0)
      if (javaScriptEnabled) expect(await flaws(page)).toEqual([])
    }
    await page.goto(`${site.url}/`)
    expect(new URL(page.url()).pathname).toBe('/setup/')
    const other = await (await browser.newContext({ javaScriptEnabled })).newPage()
    await other.goto(`${site.url}/setup/`)

    await fillAccount(page, '')
    expect(await page.locator('[data-t=error-summary]').textContent()).toContain('printed in the server log')
    await fillAccount(page, site.setupCode())

    await page.getByLabel('Name of the site').fill('Home watch')
    expect(await page.getByLabel('Public address').inputValue()).toBe(site.url)
    await looksWell()
    await press(page, 'submit')

    await page.getByLabel('Mail server', { exact: true }).fill('127.0.0.1')
    await page.getByLabel('Port').fill(String(relay.port))
    await page.getByLabel('TLS').selectOption('none')
    await page.getByLabel('Mails come from').fill('rollcall@example.org')
    await press(page, 'try')
    await expect.poll(() => page.locator('[data-t=lines]').count()).toBe(1)
    expect(await page.locator('[data-t=lines]').textContent()).toContain('C: EHLO')
    expect(relay.received.map(({ to }) => to)).toEqual([[ADA.email]])
    await looksWell()
    await press(page, 'submit')

    await looksWell()
    await press(page, 'skip')
    await page.waitForURL(/\/checks\/[0-9a-f-]{36}\/details\//)
    expect(await page.locator('h1').textContent()).toContain('My first check')
    expect(await page.title()).toContain('Home watch')

    expect((await page.request.get(`${site.url}/setup/`)).status()).toBe(404)
    await fillAccount(other, site.setupCode())
    expect(await other.locator('main').textContent()).toContain('Set-up was finished by someone else.')
    await other.context().close()

    const code = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
    await fetch(`${site.url}/ping/${code}`)
    await fetch(`${site.url}/ping/${code}/fail`)
    await site.appliance.turn()
    expect(relay.received.at(-1)?.mail.subject).toContain('My first check')
  })
})
