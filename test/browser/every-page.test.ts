import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pagesOf } from '../../src/web/server'
import { routeTable } from '../../src/web/routes'
import { openBrowser } from '../support/browser'
import { aHousehold } from '../support/household'
import type { Household } from '../support/household'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { flaws, overhang } from './look'

/** Every page that can be opened, looked at on a desk by day and on a phone at night. */

let browser: Browser
let site: LocalSite
let household: Household
let paths: string[]

/** Answers that are no pages, or that lead away. */
const NO_PAGES = /\/status\/|\/log_events\/|\/body\/|\/html\/|\/menu\/|\/last_ping\/|\/cloaked\/|\.csv|export/

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite({ REGISTRATION_OPEN: 'True' })
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

async function openAs(options: Parameters<Browser['newContext']>[0], isSignedIn: boolean): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', ...options })
  const cookies: Parameters<BrowserContext['addCookies']>[0] = [...household.ada.cookies].map(
    ([name, value]) => ({ name, value, url: site.url }),
  )
  if (isSignedIn) await context.addCookies(cookies)
  return context.newPage()
}

/** What is wrong with a page, in words; nothing for one that is as it should be. */
async function faults(page: Page, path: string, seen: Set<string>): Promise<string[]> {
  const answer = await page.goto(site.url + path)
  const status = answer?.status() ?? 0
  // Several addresses lead to the same page.
  if (seen.has(page.url())) return []
  seen.add(page.url())
  const found: string[] = status >= 500 ? [`answers ${status}`] : []
  for (const [width, colorScheme] of [
    [320, 'dark'],
    [1440, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    const wide = await overhang(page)
    const flawed = await flaws(page)
    found.push(
      ...(wide > 0 ? [`is ${wide} px too wide at ${width} px`] : []),
      ...flawed.map((flaw) => `${width} px, ${colorScheme}: ${flaw}`),
    )
  }
  return found.map((fault) => `${path} ${fault}`)
}

describe('every page', () => {
  it(
    'has no flaw that axe finds and is not too wide, for who is signed in',
    { timeout: 240_000 },
    async () => {
      const page = await openAs({}, true)
      const found: string[] = []
      const seen = new Set<string>()
      for (const path of paths) found.push(...(await faults(page, path, seen)))
      expect(paths.length).toBeGreaterThan(60)
      expect(found).toEqual([])
      await page.context().close()
    },
  )

  it('the same for strangers', { timeout: 120_000 }, async () => {
    const page = await openAs({}, false)
    const found: string[] = []
    const seen = new Set<string>()
    for (const path of paths.filter((each) =>
      /^\/(accounts\/(login|signup|password_reset|signed_out)|tv|docs\/cron)/.test(each),
    )) {
      found.push(...(await faults(page, path, seen)))
    }
    expect(found).toEqual([])
    await page.context().close()
  })
})
