import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { openBrowser } from '../support/browser'
import { aNewCheck } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'
import { flaws, overhang } from './look'

/** Scenarios 31 to 46 of web-ui.md, as far as they need a browser and are not in list.test.ts. */

let browser: Browser
let site: LocalSite
let ada: Person
let list: string
let projectId: number

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  projectId = (await site.appliance.app.store.projects.findByCode(list.split('/')[2] ?? ''))?.id ?? 0
})
afterEach(() => site.close())

async function open(options: Parameters<Browser['newContext']>[0] = {}, path = list): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ reducedMotion: 'reduce', ...options })
  await context.addCookies([...ada.cookies].map(([name, value]) => ({ name, value, url: site.url })))
  const page = await context.newPage()
  await page.goto(site.url + path)
  return page
}

async function add(...names: string[]): Promise<string[]> {
  const codes = []
  for (const name of names) {
    const check = await site.appliance.app.store.checks.add(
      aNewCheck(projectId, { name, slug: '', tags: 'many' }),
    )
    codes.push(check.code)
  }
  return codes
}

const all = (): Promise<Check[]> => site.appliance.app.store.checks.ofProject(projectId)
const hook = (name: string): string => `[data-t="${name}"]`
const names = (page: Page): Promise<string[]> => page.locator('[data-t^="open-"]').allTextContents()
const SLOW = { timeout: 10_000 }

describe.each([true, false])('31, with JavaScript: %s', (javaScriptEnabled) => {
  it('a check is made on a phone, with a suggested slug and a cron schedule, and the filter is kept', async () => {
    await add('Other')
    const page = await open({ javaScriptEnabled, viewport: { width: 360, height: 740 } }, `${list}?tag=many`)
    await page.locator(hook('new-check')).click()
    await page.locator('[name=name]').fill('Nightly DB')
    if (javaScriptEnabled) await page.locator(hook('use-suggestion')).click()
    else await page.locator('[name=slug]').fill('nightly-db')
    expect(await page.locator('[name=slug]').inputValue()).toBe('nightly-db')
    await page.locator(hook('kind-cron')).check()
    await page.locator('[name=cron]').fill('0 3 * * *')
    await page.locator('[name=tz]').fill('Europe/Riga')
    await page.locator(hook('submit')).click()
    await page.getByRole('link', { name: 'Nightly DB', exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('tag')).toBe('many')
    const made = (await all()).find(({ slug }) => slug === 'nightly-db')
    expect(made?.schedule).toEqual({ kind: 'cron', expression: '0 3 * * *', tz: 'Europe/Riga' })
    const on = await site.appliance.app.store.switches.ofChecks([made?.id ?? 0])
    expect(on.get(made?.id ?? 0)?.size).toBe(1)
    await page.context().close()
  })
})

it('33: filters are in the address, for a reload, another tab, and back', async () => {
  await add('Night one', 'Night two', 'Day')
  const page = await open()
  await page.locator(hook('filter-search')).pressSequentially('night')
  await expect.poll(() => names(page), SLOW).toEqual(['Night one', 'Night two'])
  await page.locator(hook('filter-tag-many')).check()
  await page.waitForURL('**tag=many**')
  const url = page.url()
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ tag: 'many', search: 'night' })
  const tab = await page.context().newPage()
  await tab.goto(url)
  expect(await names(tab)).toEqual(['Night one', 'Night two'])
  await page.getByRole('link', { name: 'Night one', exact: true }).click()
  await page.goBack()
  expect(await names(page)).toEqual(['Night one', 'Night two'])
  await page.goto(`${site.url}${list}?status=foo`)
  expect(await page.locator('tbody tr').count()).toBe(4)
  await page.context().close()
})

it('36: each status has a shape of its own and a word, also where colours are forced', async () => {
  const [up, down, late, paused, running] = await add('Up', 'Down', 'Late', 'Paused', 'Running')
  const { checks } = site.appliance.app.store
  await fetch(`${site.url}/ping/${late}`)
  const found = await checks.findByCode(late ?? '')
  await checks.change(found!.id, (check) => ({
    check: { ...check, schedule: { kind: 'period', periodMs: 60_000 } },
    flip: null,
  }))
  site.pass(120_000)
  await fetch(`${site.url}/ping/${up}`)
  await fetch(`${site.url}/ping/${down}/fail`)
  await fetch(`${site.url}/ping/${running}/start`)
  await site.appliance.app.actions.checks.pause((await checks.findByCode(paused ?? ''))!)
  const page = await open({ forcedColors: 'active' })
  const rows = await page.locator('.row-status').evaluateAll((cells: { textContent: string }[]) =>
    cells.map((cell) => {
      const within = cell as unknown as { querySelectorAll(s: string): { getAttribute(n: string): string }[] }
      const uses = [...within.querySelectorAll('use')].map((use) => use.getAttribute('href').split('#')[1])
      return `${cell.textContent.replaceAll(/\s+/g, ' ').trim()}: ${uses.join(' ')}`
    }),
  )
  expect(rows.toSorted()).toEqual([
    'Down: down',
    'Late: late',
    'New Running: new ring wedge',
    'New: new',
    'Paused: paused',
    'Up: up',
  ])
  const ink = await page
    .locator('.row-status .shape')
    .first()
    .evaluate((shape) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle(of: unknown): { color: string; display: string }
      }
      const { color, display } = getComputedStyle(shape)
      return { color, display }
    })
  expect(ink.color).toMatch(/^rgb\((0, 0, 0|255, 255, 255)\)$/)
  await page.context().close()
})

it('40: the address follows the style of the project', async () => {
  const [code] = await add('Without a slug')
  const { store } = site.appliance.app
  await store.projects.setPingKey(projectId, 'abcdefghijklmnopqrst12')
  const page = await open()
  await page.locator(hook('address-style')).click()
  await page.locator(`${hook(`row-${code}`)} .no-address:has-text("set a slug first")`).waitFor()
  await page.goto(`${site.url}${list}?urls=uuid`)
  await page.locator(hook(`copy-url-${code}`)).waitFor()
  await page.context().close()
})

it('42: a pause that is not pressed again is none', async () => {
  const [code] = await add('Mail')
  const page = await open()
  await page.clock.install()
  await page.reload()
  const pause = page.locator(hook(`pause-${code}`))
  await pause.click()
  expect(await pause.textContent()).toContain('Press again')
  await page.clock.runFor(5000)
  expect(await pause.textContent()).not.toContain('Press again')
  expect((await all()).find((check) => check.code === code)?.status).toBe('new')
  await page.context().close()
})

describe('43: many checks', () => {
  it('are selected by a range, get a tag, and are paused, but for those that are', async () => {
    const codes = await add(...Array.from({ length: 12 }, (_, i) => `Job ${i + 1}`))
    await site.appliance.app.actions.checks.pause((await all()).find(({ name }) => name === 'Job 3')!)
    const page = await open()
    await page.locator(hook(`select-${codes[0]}`)).click()
    await page.locator(hook(`select-${codes[11]}`)).click({ modifiers: ['Shift'] })
    expect(await page.locator('[data-picked]').textContent()).toBe('12 selected')
    await page.locator(hook('bulk-add_tag')).click()
    await page.locator('[name=tag]').fill('old')
    await page.locator(hook('submit')).click()
    expect(await page.locator(hook('flash')).textContent()).toContain('Tagged 12 checks.')
    // What was done was done; the next selection begins anew.
    expect(await page.locator('[data-picked]').textContent()).toBe('0 selected')
    await page.locator(hook('filter-tag-old')).check()
    await page.waitForURL('**tag=old**')
    await page.locator(hook('select-page')).check()
    await page.locator(hook('bulk-pause')).click()
    expect(await page.locator('main').textContent()).toContain('Job 1, Job 2, Job 3')
    await page.locator(hook('submit')).click()
    expect(await page.locator(hook('flash')).textContent()).toContain(
      'Paused 11 checks. 1 was already paused.',
    )
    expect(new URL(page.url()).searchParams.get('tag')).toBe('old')
    await page.context().close()
  })

  it('stay selected from page to page, until somebody lets go of them', async () => {
    await add(...Array.from({ length: 60 }, (_, i) => `Job ${i + 1}`))
    const page = await open({}, `${list}?per_page=50`)
    await page.locator(hook('select-page')).check()
    await page.locator('a[rel=next]').click()
    await page.waitForURL('**page=2**')
    await page.locator('[name=check]').first().check()
    expect(await page.locator('[data-picked]').textContent()).toBe('51 selected on 2 pages')
    await page.locator('a[rel=prev]').click()
    await page.waitForURL((url) => !url.search.includes('page=2'))
    expect(await page.locator('[name=check]:checked').count()).toBe(50)
    await page.locator(hook('bulk-pause')).click()
    expect(await page.locator('h1').textContent()).toBe('Pause 51 checks')
    await page.goBack()
    await page.locator('h1').click()
    await page.keyboard.press('Escape')
    expect(await page.locator('[name=check]:checked').count()).toBe(0)
    expect(await page.locator('#bulk').isVisible()).toBe(false)
    await page.context().close()
  })

  it('can be all that a filter finds, and only those go', async () => {
    await add(...Array.from({ length: 60 }, (_, i) => `Job ${i + 1}`))
    const page = await open({}, `${list}?per_page=50&tag=many`)
    await page.locator('[name=check]').first().check()
    await page.locator(hook('bulk-matching')).check()
    await page.locator(hook('bulk-remove')).click()
    await page.locator('[name=typed]').fill('60')
    await page.locator(hook('submit')).click()
    expect(await page.locator(hook('flash')).textContent()).toContain('Removed 60 checks.')
    expect((await all()).map(({ name }) => name)).toEqual(['My first check'])
    await page.context().close()
  })

  it('are marked as read without a question', async () => {
    const [code] = await add('Failing')
    await ada.get(list)
    await fetch(`${site.url}/ping/${code}/fail`)
    const page = await open()
    await page.locator(hook(`unread-${code}`)).waitFor()
    await page.locator(hook(`select-${code}`)).check()
    await page.locator(hook('bulk-read')).click()
    expect(await page.locator(hook('flash')).textContent()).toContain('Marked 1 check as read.')
    expect(await page.locator(hook(`unread-${code}`)).count()).toBe(0)
    await page.context().close()
  })
})

describe('46: by the keyboard', () => {
  it('one searches, goes down, selects, copies and opens', async () => {
    const codes = await add('Alpha', 'Beta', 'Gamma')
    const page = await open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.keyboard.press('/')
    await page.keyboard.type('a')
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.type')).not.toBe('search')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    expect(await page.locator(hook(`select-${codes[1]}`)).isChecked()).toBe(true)
    await page.keyboard.press('y')
    await page.locator(`${hook(`copy-url-${codes[1]}`)}:has-text("Copied")`).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/checks/${codes[1]}/details/**`)
    await page.context().close()
  })

  it('nothing happens where somebody has switched the keys off', async () => {
    await add('Alpha')
    await ada.submit('/accounts/profile/appearance/', { shortcuts: 'off' })
    const page = await open()
    for (const key of ['j', 'x', 'n', '?']) await page.keyboard.press(key)
    expect(await page.locator('[name=check]:checked').count()).toBe(0)
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY')
    await page.context().close()
  })
})

it('the legend stays open for whoever wants to see it', async () => {
  const page = await open()
  await page.locator(`${hook('legend')} summary`).click()
  await page.reload()
  expect(await page.locator(hook('legend')).getAttribute('open')).not.toBeNull()
  await page.context().close()
})

it('a page that is asked to wait does so, and is none the less live', async () => {
  const page = await open()
  let asked = 0
  await page.route('**/checks/status/**', (route) => {
    asked++
    return route.fulfill({
      status: 429,
      headers: { 'Retry-After': '60' },
      body: '{"error":"too many requests"}',
    })
  })
  await page.clock.install()
  await page.reload()
  const answered = page.waitForResponse('**/checks/status/**')
  await page.evaluate(`document.dispatchEvent(new Event('refresh-now'))`)
  expect((await answered).status()).toBe(429)
  await page.clock.runFor(50_000)
  expect(asked).toBe(1)
  expect(await page.locator(hook('stale-bar')).count()).toBe(0)
  // Without an answer for longer than that, what is shown cannot be trusted.
  await page.clock.runFor(50_000)
  await page.locator(hook('stale-bar')).waitFor()
  await page.context().close()
})

it.each([1280, 360])(
  'the page of what is done with very many checks has no flaw at %i pixels',
  async (width) => {
    const { bulkJobs, users } = site.appliance.app.store
    const me = await users.findByEmail('ada@example.org')
    const code = 'f3b1c9f0-0000-4000-8000-000000000003'
    const checkIds = Array.from({ length: 3200 }, (_, i) => i + 1)
    const job = { code, userId: me!.id, back: list, checkIds, wanted: '{"do":"pause"}', createdAt: 0 }
    await bulkJobs.add(job, 0)
    // Somebody else is at it.
    await bulkJobs.advance(code, { count: 1300, done: 1200, already: 100, failed: 0 })
    const nowAt = site.appliance.app.clock()
    await bulkJobs.claim(code, { nowAt, untilAt: nowAt + 60_000, most: 100 })
    const page = await open({ viewport: { width, height: 740 }, bypassCSP: true }, `/checks/bulk/${code}/`)
    expect(await page.title()).toBe('40 % – Pausing 3200 checks – Rollcall')
    expect(await page.locator(hook('progress')).getAttribute('value')).toBe('40')
    expect({ flaws: await flaws(page), wide: await overhang(page) }).toEqual({ flaws: [], wide: 0 })
    await page.context().close()
  },
)
