import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../support/browser'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import { flaws, overhang } from './look'

let browser: Browser
let site: LocalSite
let address: string

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite()
  const ada = await anAdministrator(site)
  const keys = `/projects/${(await ada.get('/')).location.split('/')[2]}/settings/keys/`
  const made = await ada.submit(keys, { name: 'Wall', access: 'read-only' })
  address = /\/tv\/#hcr_\w+=[\w%]+/.exec(made.text)?.[0] ?? ''
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

it('the wallboard shows checks with nothing but a key behind the address, which is never sent with it', async () => {
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 390, height: 800 } })
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${site.url}${address}&theme=dark`)
  const tile = page.locator('[data-tv-tiles] li')
  await tile.waitFor()
  expect(await tile.textContent()).toContain('My first check')
  expect(await tile.textContent()).toContain('New')
  expect(asked.some((url) => url.includes('hcr_'))).toBe(false)
  expect(await flaws(page)).toEqual([])
  expect(await overhang(page)).toBeLessThanOrEqual(0)
  await context.close()
})

it('the wallboard says so when a key is refused, and when nothing comes any more', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${site.url}/tv/#${'x'.repeat(32)}=Other`)
  await page.locator('[data-tv-notes] .error').waitFor()
  expect(await page.locator('[data-tv-notes]').textContent()).toContain('Other: the key was refused.')
  await page.route('**/api/**', (route) => route.abort())
  await page.goto('about:blank')
  await page.goto(`${site.url}${address}`)
  await page.locator('[data-tv-notes] .warning').waitFor()
  expect(await page.locator('[data-tv-notes]').textContent()).toContain('Not live.')
  await context.close()
})
