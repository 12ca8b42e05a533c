import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA } from '../support/person'

let browser: Browser
let site: LocalSite
/** The sign-in of the first account, for all contexts. */
let cookies: Awaited<ReturnType<BrowserContext['cookies']>>
let list: string
let details: string

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite()
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${site.url}/setup/`)
  await page.getByLabel('Set-up code').fill(site.setupCode())
  await page.getByLabel('E-mail').fill(ADA.email)
  await page.getByLabel('Password required').fill(ADA.password)
  await page.getByLabel('The same password again').fill(ADA.password)
  await page.locator('[data-t=submit]').click()
  // What is asked beyond the account is for another test.
  for (let part = 0; part < 3; part++) await page.locator('[data-t=skip]').click()
  details = new URL(page.url()).pathname
  await page.goto(`${site.url}/`)
  list = new URL(page.url()).pathname
  cookies = await context.cookies()
  await context.close()
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  await context.addCookies(cookies)
  return context.newPage()
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('a person %s', (_how, javaScriptEnabled) => {
  it('adds a check, sees its first ping, pauses, resumes and removes it', async () => {
    const page = await open({ javaScriptEnabled })
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    await page.goto(site.url + list)
    await page.locator('[data-t=new-check]').click()
    await page.getByLabel('Name').fill('Nightly backup')
    await page.locator('[name=period]').fill('0')
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=error-summary]').textContent()).toContain(
      'Between 1 minute and 365 days.',
    )
    await page.locator('[name=period]').fill('12')
    await page.locator('[name=period_unit]').selectOption('hours')
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Check created.')

    await page.getByRole('link', { name: 'Nightly backup', exact: true }).click()
    expect(await page.locator('[data-t=first-ping]').count()).toBe(1)
    const code = /checks\/([^/]+)/.exec(page.url())?.[1] ?? ''
    await fetch(`${site.url}/ping/${code}/start?rid=1f0a8a51-0b6f-4a3c-8e11-6d0d7e3f1c9b`)
    await fetch(`${site.url}/ping/${code}/3`, { method: 'POST', body: 'disk full <b>' })
    await page.reload()
    expect(await page.locator(`[data-t=status-${code}]`).textContent()).toContain(
      'The job reported failure (exit status 3).',
    )
    expect(await page.locator('[data-t=events]').textContent()).toContain('disk full <b>')
    expect(await page.locator('[data-t=events]').textContent()).toContain('1f0a8')

    await page.locator('[data-t=open-ping-2]').click()
    expect(await page.getByRole('region', { name: 'Body as text' }).textContent()).toBe('disk full <b>')
    const body = await page.request.get(`${site.url}/checks/${code}/pings/2/body/`)
    expect(body.headers()['content-disposition']).toContain('attachment')
    // With scripts it is a dialog over the page.
    if (javaScriptEnabled) await page.keyboard.press('Escape')
    else await page.goBack()

    if (javaScriptEnabled) {
      await page.locator(`[data-t=pause-${code}]`).click()
      expect(await page.locator(`[data-t=pause-${code}]`).textContent()).toContain('Press again')
      await page.locator(`[data-t=pause-${code}]`).click()
    } else {
      await page.locator(`[data-t=pause-link-${code}]`).click()
      await page.locator('[data-t=submit]').click()
    }
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Paused.')
    await page.locator(`[data-t=resume-${code}]`).click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Resumed.')

    await page.locator('[data-t=remove]').click()
    await page.locator('[data-t=submit]').click()
    await page.locator('[data-t=flash]', { hasText: 'Nightly backup removed.' }).waitFor()
    // The browser tells of the form that was refused, too.
    expect(said.filter((each) => !each.includes('422'))).toEqual([])
    await page.context().close()
  })

  it('adds a webhook, edits it and removes it', async () => {
    const page = await open({ javaScriptEnabled })
    await page.goto(site.url + list)
    await page.getByRole('link', { name: 'Integrations' }).click()
    await page.locator('[data-t=add-channel]').click()
    await page.locator('[data-t=kind-webhook]').click()
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=error-summary]').count()).toBe(1)
    await page.locator('input[type=url]').first().fill('https://hook.example.org/down')
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Webhook added.')
    await page.locator('tr', { hasText: 'hook.example.org' }).getByRole('link', { name: 'Edit' }).click()
    await page.getByLabel('Name').fill('My hook')
    await page.locator('[data-t=submit]').click()
    await page.locator('tr', { hasText: 'My hook' }).getByRole('link', { name: 'Remove' }).click()
    await page.locator('[data-t=submit]').click()
    await page.locator('[data-t=flash]', { hasText: 'My hook removed.' }).waitFor()
    await page.context().close()
  })
})

it('obeys a strict policy: nothing on a page is refused by the browser', async () => {
  const page = await open()
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('requestfailed', (request) => said.push(request.url()))
  for (const path of [list, details, `${list}add/`, '/docs/']) await page.goto(site.url + path)
  expect(said).toEqual([])
  await page.context().close()
})
