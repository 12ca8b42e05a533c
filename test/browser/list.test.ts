import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aNewCheck } from '../support/build'
import { openBrowser } from '../support/browser'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'
import { flaws, overhang } from './look'

let browser: Browser
let site: LocalSite
let ada: Person
let list: string
let codes: string[]

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  const { projects, checks } = site.appliance.app.store
  const project = await projects.findByCode(list.split('/')[2] ?? '')
  codes = []
  for (const [name, tags] of [
    ['Nightly database', 'db prod'],
    ['Mail queue', 'mail'],
    ['A_very_long_name_without_spaces_that_somebody_made_up_to_see_whether_the_page_holds_or_breaks', 'db'],
  ] as const) {
    codes.push((await checks.add(aNewCheck(project?.id ?? 0, { name, tags, slug: '' }))).code)
  }
})
afterEach(() => site.close())

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext(options)
  await context.addCookies([...ada.cookies].map(([name, value]) => ({ name, value, url: site.url })))
  return context.newPage()
}

/** The page asks again, as it does every few seconds. */
async function askAgain(page: Page): Promise<void> {
  site.pass(1000)
  await page.evaluate(`document.dispatchEvent(new Event('refresh-now'))`)
}

/** Other tests may keep the machine busy. */
const SLOW = { timeout: 10_000 }

const hook = (name: string): string => `[data-t="${name}"]`

describe('the list of checks in a browser', () => {
  it('shows a check that went down without a reload, in its place, and says that the list changed', async () => {
    const page = await open()
    const said: string[] = []
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('console', (message) => said.push(message.text()))
    await page.goto(site.url + list)
    await fetch(`${site.url}/ping/${codes[0]}/fail`)
    await askAgain(page)
    await page.locator(`${hook(`status-${codes[0]}`)}:has-text("Down")`).waitFor()
    expect(await page.title()).toMatch(/^1 down – /)
    expect(await page.locator('link[rel=icon][sizes=any]').getAttribute('href')).toContain('down-1')
    expect(await page.locator('.sums').textContent()).toContain('1 down')
    await page
      .locator('[data-said]:has-text("1 check went down: Nightly database.")')
      .waitFor({ state: 'attached' })
    const order = (): Promise<string | null> => page.locator('tbody tr').first().getAttribute('data-check')
    expect(await order()).not.toBe(codes[0])
    await page.locator(hook('list-changed')).click()
    await expect.poll(order, SLOW).toBe(codes[0])
    expect(said).toEqual([])
    await page.context().close()
  })

  it('says that it is not live when the server is gone, and stops saying so when it is back', async () => {
    const page = await open()
    await page.goto(site.url + list)
    await page.context().setOffline(true)
    await askAgain(page)
    await askAgain(page)
    await page.locator(hook('stale-bar')).waitFor()
    expect(await page.locator(hook('stale-bar')).textContent()).toMatch(/^Not live\. Last update \d\d:\d\d/)
    expect(await page.locator('link[rel=icon][sizes=any]').getAttribute('href')).toContain('unknown')
    await page.context().setOffline(false)
    await page.locator(hook('stale-bar')).waitFor({ state: 'detached' })
    expect(await page.locator('link[rel=icon][sizes=any]').getAttribute('href')).not.toContain('unknown')
    await page.context().close()
  })

  it('filters while one types, and keeps that in the address', async () => {
    const page = await open()
    await page.goto(site.url + list)
    await page.locator(hook('filter-search')).pressSequentially('NIGHT')
    await expect.poll(() => page.locator('tbody tr').count(), SLOW).toBe(1)
    expect(await page.locator(hook('filter-search')).inputValue()).toBe('NIGHT')
    expect(new URL(page.url()).searchParams.get('search')).toBe('NIGHT')
    await page.reload()
    expect(await page.locator('tbody tr').count()).toBe(1)
    await page.locator(hook('filter-clear')).click()
    await page.locator(hook('filter-tag-db')).check()
    await expect.poll(() => page.locator('tbody tr').count(), SLOW).toBe(2)
    await page.context().close()
  })

  it('switches an integration at once, and back when that fails', async () => {
    const page = await open()
    await page.goto(site.url + list)
    const button = page.locator(`[data-t^="chan-${codes[0]}-"]`)
    const answered = page.waitForResponse((answer) => answer.url().endsWith('/enabled'))
    await button.click()
    expect((await answered).status()).toBe(204)
    expect(await button.getAttribute('aria-pressed')).toBe('false')
    await page.route('**/enabled', (route) => route.abort())
    await button.click()
    await page.locator('[data-excuse]').waitFor()
    expect(await button.getAttribute('aria-pressed')).toBe('false')
    await page.context().close()
  })

  it('copies the address, and pauses with the second press', async () => {
    const page = await open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(site.url + list)
    await page.locator(hook(`copy-url-${codes[0]}`)).click()
    await page.locator(`${hook(`copy-url-${codes[0]}`)}:has-text("Copied")`).waitFor()
    await page.locator(hook('filter-search')).press('Control+v')
    expect(await page.locator(hook('filter-search')).inputValue()).toMatch(new RegExp(`/ping/${codes[0]}$`))
    await page.goto(site.url + list)
    await page.locator(hook(`pause-${codes[0]}`)).click()
    expect(await page.locator(hook(`pause-${codes[0]}`)).textContent()).toContain('Press again')
    await page.locator(hook(`pause-${codes[0]}`)).click()
    await page.locator(hook(`resume-${codes[0]}`)).waitFor()
    expect(await page.locator(hook('flash')).textContent()).toContain('Paused.')
    await page.context().close()
  })
})

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  it('pauses several checks at once', async () => {
    const page = await open({ javaScriptEnabled })
    await page.goto(site.url + list)
    await page.locator(hook(`select-${codes[0]}`)).check()
    await page.locator(hook(`select-${codes[1]}`)).check()
    await page.locator(hook('bulk-pause')).click()
    expect(await page.locator('main').textContent()).toContain('Mail queue, Nightly database.')
    await page.locator(hook('submit')).click()
    expect(await page.locator(hook('flash')).textContent()).toContain('Paused 2 checks.')
    await page.context().close()
  })

  it('sorts and filters', async () => {
    const page = await open({ javaScriptEnabled })
    await page.goto(`${site.url}${list}?tag=db`)
    expect(await page.locator('tbody tr').count()).toBe(2)
    await page.locator(hook('sort-name')).click()
    expect(new URL(page.url()).search).toContain('sort=-name')
    expect(await page.locator('tbody tr').first().getAttribute('data-check')).toBe(codes[0])
    await page.context().close()
  })
})

describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
  it.each([1440, 1100, 390, 320])(
    'has no flaw that axe finds, and is not too wide, at %i pixels',
    async (width) => {
      await fetch(`${site.url}/ping/${codes[0]}/fail`)
      await fetch(`${site.url}/ping/${codes[1]}`)
      await fetch(`${site.url}/ping/${codes[1]}/start`)
      const page = await open({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
      for (const path of [list, `${list}?search=nothing`, `/checks/${codes[0]}/channels/`]) {
        await page.goto(site.url + path)
        expect({ path, flaws: await flaws(page), wide: await overhang(page) }).toEqual({
          path,
          flaws: [],
          wide: 0,
        })
      }
      await page.context().close()
    },
  )
})
