import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import { flaws, overhang } from './look'

let browser: Browser
let site: LocalSite
let cookies: Parameters<BrowserContext['addCookies']>[0]
let list: string
/** The path of the first check, up to what is done with it. */
let check: string

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite()
  const person = await anAdministrator(site)
  cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: site.url }))
  list = (await person.get('/')).location
  check = /href="(\/checks\/[^/]+\/)details/.exec((await person.get(list)).text)?.[1] ?? ''
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

/** What a page says when nobody should say anything. */
function listenTo(page: Page): string[] {
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  return said
}

const words = (page: Page) => page.locator('[data-t=schedule-words]')

describe('a person with scripts', () => {
  it('sees what a schedule does while writing it, and saves it', async () => {
    const page = await open()
    const said = listenTo(page)
    await page.goto(`${site.url}${check}timeout/`)
    expect(await page.locator('[data-t=show-preview]').isVisible()).toBe(false)
    expect(await page.locator('[name=cron]').isVisible()).toBe(false)

    await page.locator('[data-t=kind-cron]').check()
    expect(await page.locator('[name=period]').isVisible()).toBe(false)
    await page.locator('[name=tz]').fill('Europe/Riga')
    await page.locator('[name=cron]').fill('30 3 29 3 *')
    await words(page).filter({ hasText: 'At 03:30 on March 29' }).waitFor()
    expect(await page.locator('[data-t=preview-runs] tbody').count()).toBe(6)
    expect(await page.locator('[data-t=preview]').textContent()).toContain('Moved from 03:30')

    await page.locator('[name=cron]').fill('30 33 * * *')
    await page.locator('[data-t=preview-problem]').filter({ hasText: 'bad hour' }).waitFor()
    await page.locator('[data-t=kind-oncalendar]').check()
    await page.locator('[name=oncalendar]').fill('Mon..Fri 09:00')
    await words(page).filter({ hasText: 'Monday through Friday' }).waitFor()
    await page.locator('[name=oncalendar]').press('Tab')
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Schedule saved.')
    expect(await words(page).textContent()).toContain('Monday through Friday')
    expect(said).toEqual([])
    await page.context().close()
  })

  it('moves a slider, and the exact fields follow, and the other way round', async () => {
    const page = await open()
    await page.goto(`${site.url}${check}timeout/`)
    await page.locator('[data-t=kind-simple]').check()
    const [number, unit] = [page.locator('[name=period]'), page.locator('[name=period_unit]')]
    const range = page.getByLabel('Expected every, roughly')
    await number.fill('60')
    await unit.selectOption('minutes')
    await range.press('ArrowRight')
    expect([await number.inputValue(), await unit.inputValue()]).toEqual(['2', 'hours'])
    await range.press('End')
    expect([await number.inputValue(), await unit.inputValue()]).toEqual(['365', 'days'])
    await number.fill('1')
    await unit.selectOption('weeks')
    expect(await range.getAttribute('aria-valuetext')).toBe('1 weeks')
    await words(page).filter({ hasText: 'Every week' }).waitFor()
    await page.context().close()
  })

  it('pastes a line of a crontab and takes the name that its command offers', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto(`${site.url}${list}add/`)
    await page.locator('[data-t=kind-cron]').check()
    await page.locator('[name=cron]').fill('')
    await page.evaluate("navigator.clipboard.writeText('15 4 * * * /usr/local/bin/offsite-copy -q 2>&1')")
    await page.locator('[name=cron]').press('Control+V')
    await words(page).filter({ hasText: 'At 04:15 every day' }).waitFor()
    expect(await page.locator('[name=cron]').inputValue()).toBe('15 4 * * *')
    await page.getByRole('button', { name: 'Call the check “offsite-copy”' }).click()
    expect(await page.locator('[name=name]').inputValue()).toBe('offsite-copy')
    await page.locator('[data-t=submit]').click()
    expect(await page.getByRole('link', { name: 'offsite-copy', exact: true }).count()).toBe(1)
    await page.context().close()
  })

  it('is told when the preview does not answer, and can save all the same', async () => {
    const page = await open()
    await page.goto(`${site.url}${check}timeout/`)
    await page.route('**/timeout/', (route) =>
      route.request().headers()['x-fragment'] ? route.abort() : route.continue(),
    )
    await page.locator('[data-t=kind-cron]').check()
    await page.locator('[name=cron]').fill('0 4 * * *')
    await page.locator('[data-preview]').filter({ hasText: 'Saving works without it' }).waitFor()
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Schedule saved')
    await page.context().close()
  })
})

it('works without scripts: the chosen way alone is shown, and a button shows the preview', async () => {
  const page = await open({ javaScriptEnabled: false })
  await page.goto(`${site.url}${check}timeout/`)
  await page.locator('[data-t=kind-cron]').check()
  expect(await page.locator('[name=oncalendar]').isVisible()).toBe(false)
  await page.locator('[name=cron]').fill('0 3 * * * /usr/local/bin/backup >/dev/null')
  await page.locator('[data-t=show-preview]').click()
  expect(await words(page).textContent()).toBe('At 03:00 every day')
  expect(await page.locator('[name=cron]').inputValue()).toBe('0 3 * * *')
  expect(await page.locator('[data-t=pasted]').textContent()).toContain('/usr/local/bin/backup >/dev/null')
  await page.locator('[name=cron]').fill('0 5 * * *')
  // Enter saves; it does not press the button of the preview, which comes first on the page.
  await page.locator('[name=cron]').press('Enter')
  expect(await page.locator('[data-t=flash]').textContent()).toContain('Schedule saved.')
  expect(await words(page).textContent()).toBe('At 05:00 every day')
  await page.context().close()
})

describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
  it.each([1440, 320])('no form has a flaw that axe finds, or is too wide, at %i pixels', async (width) => {
    const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true })
    for (const path of [`${check}timeout/`, `${list}add/`]) {
      for (const [kind, name, text] of [
        ['simple', 'period', '2'],
        ['cron', 'cron', '30 2 1 * SUN /bin/a-command-with-a-rather-long-name --and=arguments'],
        ['oncalendar', 'oncalendar', 'Mon..Fri 09:00\n2:30 America/Argentina/ComodRivadavia'],
        ['oncalendar', 'oncalendar', 'Mon..Fri 02:30 America/Argentina/Buenos_Aires'],
      ] as const) {
        await page.goto(site.url + path)
        await page.locator(`[data-t=kind-${kind}]`).check()
        await page.locator('[name=tz]').evaluate("node => (node.value = 'America/New_York')")
        await page.locator('[data-preview]').evaluate('node => (node.textContent = "waiting")')
        await page.locator(`[name=${name}]`).fill(text)
        await page.locator('[data-preview]').filter({ hasNotText: 'waiting' }).waitFor()
        expect({ path, kind, flaws: await flaws(page), wide: await overhang(page) }).toEqual({
          path,
          kind,
          flaws: [],
          wide: 0,
        })
      }
    }
    await page.context().close()
    // A minute later there are previews again.
    site.pass(60_000)
  })
})
