import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOON } from '../support/build'
import { openBrowser } from '../support/browser'
import { aHousehold } from '../support/household'
import type { Household } from '../support/household'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { flaws, overhang } from './look'

/** Where it is opened, and by what. */
const DIALOGS: [name: string, page: 'list' | 'check', opener: string, then?: string][] = [
  ['a new check', 'list', '[data-t=new-check]'],
  ['name and tags', 'check', '[data-t=edit]'],
  ['a simple schedule', 'check', '[data-t=change-schedule]'],
  ['a cron schedule', 'check', '[data-t=change-schedule]', '[data-t=kind-cron]'],
  ['an OnCalendar schedule', 'check', '[data-t=change-schedule]', '[data-t=kind-oncalendar]'],
  ['filtering rules', 'check', '[data-t=filtering-rules]'],
  ['a mail', 'check', '[data-t^=open-ping]'],
  ['the bytes of a mail', 'check', '[data-t^=open-ping]', '[data-t=body-tab-hex]'],
  ['ping now', 'check', '[data-t=ping-now]'],
  ['a copy', 'check', '[data-t=copy]'],
  ['a transfer', 'check', '[data-t=transfer]'],
  ['clearing the events', 'check', '[data-t=clear]'],
  ['removing', 'check', '[data-t=remove]'],
  ['who is told', 'check', '[data-t=channels]'],
  ['usage examples', 'check', '[data-t=usage]', '[data-t=lang-python]'],
  ['shortcuts', 'check', '.foot a[data-dialog]'],
]

/** By how many pixels what is in a dialog is wider than it. */
const WIDER =
  "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('dialog'))"

let browser: Browser
let site: LocalSite
let house: Household

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite()
  house = await aHousehold(site, { checks: 2 })
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

// spec/web-ui.md §2.3, §14.7
describe.each([
  ['light', 1440],
  ['dark', 390],
] as const)('in the %s, %i pixels wide', (colorScheme, width) => {
  it('no dialog about a check has a flaw that axe finds', { timeout: 120_000 }, async () => {
    const context = await browser.newContext({
      colorScheme,
      bypassCSP: true,
      // Half faded in, nothing has its contrast.
      reducedMotion: 'reduce',
      viewport: { width, height: 900 },
    })
    await context.clock.setFixedTime(NOON)
    await context.addCookies([...house.ada.cookies].map(([name, value]) => ({ name, value, url: site.url })))
    const page = await context.newPage()
    page.on('dialog', (question) => void question.accept())
    const pages = { list: `/projects/${house.project}/checks/`, check: `/checks/${house.check}/details/` }
    const found: string[] = []
    for (const [name, where, opener, then] of DIALOGS) {
      if (page.url() !== site.url + pages[where]) await page.goto(site.url + pages[where])
      await page.locator(opener).first().click()
      const dialog = page.locator('dialog[open]')
      await dialog.locator('h1').waitFor()
      if (then !== undefined) await dialog.locator(then).click()
      if (then?.includes('tab') || then?.includes('lang'))
        await dialog.locator(`${then}[aria-current]`).waitFor()
      found.push(...(await flaws(page, { within: 'dialog' })).map((flaw) => `${name}: ${flaw}`))
      const wide = await page.evaluate<number>(WIDER)
      if (wide > 0 || (await overhang(page)) > 0) found.push(`${name}: too wide`)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
    expect(found).toEqual([])
    await context.close()
  })
})
