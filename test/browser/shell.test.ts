import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import { flaws, overhang } from './look'

let browser: Browser
let site: LocalSite
let list: string
let cookies: Parameters<BrowserContext['addCookies']>[0]

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite()
  const ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  cookies = [...ada.cookies].map(([name, value]) => ({ name, value, url: site.url }))
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  await context.addCookies(cookies)
  const page = await context.newPage()
  await page.goto(site.url + list)
  return page
}

const dialog = (page: Page) => page.locator('[data-t=dialog]')

describe('a dialog', () => {
  it('takes a new check without leaving the list, and the list shows it', async () => {
    const page = await open()
    await page.evaluate('window.stayed = true')
    await page.locator('[data-t=new-check]').click()
    await dialog(page).locator('[name=name]').fill('From a dialog')
    await dialog(page).locator('[name=period]').fill('0')
    await dialog(page).locator('[data-t=submit]').click()
    expect(await dialog(page).locator('[data-t=error-summary]').textContent()).toContain('Between 1 minute')
    expect(await dialog(page).locator('[name=name]').inputValue()).toBe('From a dialog')
    await dialog(page).locator('[name=period]').fill('2')
    await dialog(page).locator('[data-t=submit]').click()
    await dialog(page).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'From a dialog', exact: true }).waitFor()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Check created.')
    expect(await page.evaluate('window.stayed')).toBe(true)
    await page.context().close()
  })

  it('leads to what it made, where that is somewhere else', async () => {
    const page = await open()
    await page.goto(`${site.url}/?all=1`)
    await page.locator('[data-t=new-project]').click()
    await dialog(page).locator('[name=name]').fill('Attic')
    await dialog(page).locator('[data-t=submit]').click()
    await page.waitForURL('**/projects/*/checks/**')
    expect(await page.locator('h1').textContent()).toBe('Attic')
    await page.context().close()
  })

  it('closes with Escape and with Cancel, asks before it drops what was typed, and gives the focus back', async () => {
    const page = await open()
    await page.locator('[data-t=new-check]').click()
    await dialog(page).waitFor()
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.dataset.t')).toBe('new-check')

    const asked: string[] = []
    page.once('dialog', (question) => {
      asked.push(question.message())
      void question.accept()
    })
    await page.locator('[data-t=new-check]').click()
    await dialog(page).locator('[name=name]').fill('Not kept')
    await dialog(page).locator('[data-close]').click()
    await dialog(page).waitFor({ state: 'detached' })
    expect(asked).toEqual(['Discard changes?'])
    await page.context().close()
  })

  it('says so when the server cannot be reached, and keeps what was entered', async () => {
    const page = await open()
    await page.locator('[data-t=new-check]').click()
    await dialog(page).locator('[name=name]').fill('Kept')
    await page.context().setOffline(true)
    await dialog(page).locator('[data-t=submit]').click()
    await dialog(page).locator('[data-excuse]').waitFor()
    expect(await dialog(page).locator('[data-excuse]').textContent()).toBe(
      'That did not reach the server. Nothing was changed.',
    )
    expect(await dialog(page).locator('[name=name]').inputValue()).toBe('Kept')
    expect(await dialog(page).locator('[data-t=submit]').isEnabled()).toBe(true)
    await page.context().close()
  })

  it('does not claim that nothing was saved when the answer was lost, and saves nothing twice', async () => {
    const page = await open()
    await page.locator('[data-t=new-check]').click()
    await dialog(page).locator('[name=name]').fill('Saved once')
    await page.route(/\/checks\/add\//, async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    await dialog(page).locator('[data-t=submit]').click()
    await dialog(page).locator('[data-excuse]').waitFor()
    expect(await dialog(page).locator('[data-excuse]').textContent()).toBe(
      'We do not know whether this was saved. Reload to check.',
    )
    await page.unroute(/\/checks\/add\//)
    await dialog(page).locator('[data-t=submit]').click()
    await dialog(page).waitFor({ state: 'detached' })
    await page.reload()
    expect(await page.getByRole('link', { name: 'Saved once', exact: true }).count()).toBe(1)
    await page.context().close()
  })

  it('offers the sign-in when the session has ended', async () => {
    const page = await open()
    await page.locator('[data-t=new-check]').click()
    await dialog(page).waitFor()
    await page.context().clearCookies()
    await dialog(page).locator('[data-t=submit]').click()
    const link = dialog(page).getByRole('link', { name: 'Sign in again' })
    expect(await link.getAttribute('href')).toBe(`/accounts/login/?next=${encodeURIComponent(list)}`)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('has no flaws in the %s, and fits a phone', async (colorScheme) => {
    const page = await open({ colorScheme, bypassCSP: true, viewport: { width: 390, height: 800 } })
    await page.locator('[data-t=new-check]').click()
    await dialog(page).waitFor()
    expect(await flaws(page)).toEqual([])
    expect(await overhang(page)).toBeLessThanOrEqual(0)
    await page.context().close()
  })
})

describe('single keys', () => {
  it('open, move and search, and are left alone while somebody types', async () => {
    const page = await open()
    await page.keyboard.press('?')
    await dialog(page).getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await page.keyboard.press('j')
    expect(await page.evaluate('document.activeElement.dataset.t')).toMatch(/^open-/)
    await page.keyboard.press('/')
    await page.keyboard.type('n?j')
    expect(await page.locator('[data-t=filter-search]').inputValue()).toBe('n?j')
    expect(await dialog(page).count()).toBe(0)
    await page.context().close()
  })

  it('lead to places in two presses', async () => {
    const page = await open()
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.waitForURL('**/docs/')
    await page.context().close()
  })
})

it('the switcher shows how other projects are when it is opened', async () => {
  const page = await open()
  await page.locator('[data-t=switcher] summary').click()
  await page.locator('[data-t=switcher] [data-named] .icon').first().waitFor()
  expect(await page.locator('[data-t=switcher] [aria-current]').textContent()).toContain('My project')
  await page.context().close()
})
