import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { openBrowser } from '../support/browser'
import { aNewCheck, aPing, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import { flaws, overhang } from './look'

const EVIL = `"><img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>'{{7*7}}\u202e`
const A = 'aaaaaaaa-0000-4000-8000-000000000000'

let browser: Browser
let site: LocalSite
let cookies: Parameters<BrowserContext['addCookies']>[0]
let check: Check
let hostile: Check

beforeAll(async () => {
  browser = await openBrowser()
  site = await localSite()
  const person = await anAdministrator(site)
  cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: site.url }))
  const { store } = site.appliance.app
  const project = await store.projects.findByCode((await person.get('/')).location.split('/')[2] ?? '')
  check = await store.checks.add(aNewCheck(project!.id, { name: 'Nightly', createdAt: NOON - 100 * DAY }))
  hostile = await store.checks.add(
    aNewCheck(project!.id, {
      name: EVIL.slice(0, 100),
      tags: EVIL.replaceAll(' ', '_'),
      description: EVIL,
      createdAt: NOON - DAY,
    }),
  )
  const send = (code: string, pings: Partial<ArrivingPing>[]) =>
    store.checks.recordPings(pings.map((facts) => ({ code, ping: aPing(facts) })))
  await send(
    check.code,
    Array.from({ length: 30 }, (_, i) => i).flatMap((i): Partial<ArrivingPing>[] => [
      { at: NOON - (30 - i) * DAY, signal: 'start' },
      {
        at: NOON - (30 - i) * DAY + (3 + (i % 5)) * MINUTE,
        signal: i === 20 ? 'fail' : 'success',
        body: Buffer.from('\u001b[31mred\u001b[0m {"a":1}'),
      },
    ]),
  )
  await send(hostile.code, [
    { userAgent: EVIL, body: Buffer.from(EVIL), runId: A, signal: 'start', at: NOON - HOUR },
    { userAgent: EVIL, body: Buffer.from(`<!DOCTYPE html>${EVIL}`), runId: A },
    {
      scheme: 'email',
      method: '',
      userAgent: EVIL,
      body: Buffer.from(
        `From: "${EVIL.replaceAll('"', '')}" <a@b.c>\r\nSubject: ${EVIL}\r\nContent-Type: text/html\r\n\r\n` +
          `<meta http-equiv=refresh content="0;url=//evil.example"><form action=//evil.example><img src=//evil.example/x>${EVIL}`,
      ),
    },
  ])
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  await context.clock.setFixedTime(NOON)
  await context.addCookies(cookies)
  return context.newPage()
}

/** What a page says when nobody should say anything, and whom it asks besides us. */
function listenTo(page: Page): string[] {
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url)) said.push(request.url())
  })
  return said
}

const path = (part: string, of = check) => `${site.url}/checks/${of.code}/${part}`

describe('a person with scripts', () => {
  it('goes through the runs of a chart by arrow keys, and opens one', async () => {
    const page = await open()
    const said = listenTo(page)
    await page.goto(path('details/'))
    const marks = page.locator('[data-chart] [data-mark]')
    expect(await marks.count()).toBe(30)
    expect(await page.locator('[data-chart] [data-mark][tabindex="0"]').count()).toBe(1)
    await marks.last().focus()
    await page.keyboard.press('ArrowLeft')
    const label = await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')
    expect(label).toBe('2026-01-13 13:06, 6 min, success')
    expect(await page.locator('[data-readout]').textContent()).toBe(label)
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/pings\/2\/$/)
    expect(said).toEqual([])
    await page.context().close()
  })

  it('opens the ping that its address names, as alerts do', async () => {
    const page = await open()
    await page.goto(`${site.url}/checks/${check.code}/details/#ping-42`)
    await page.locator('dialog h1').getByText('#42').waitFor()
    await page.context().close()
  })

  it('switches an integration where it stands, and keeps the focus there', async () => {
    const page = await open()
    await page.goto(`${site.url}/checks/${check.code}/details/`)
    const button = page.locator('[data-switch]').first()
    await button.click()
    await page.getByText('No integration is on for this check').waitFor()
    expect(await button.textContent()).toBe('Off')
    expect(await page.locator('[data-switch]:focus').count()).toBe(1)
    await button.click()
    await page.getByText('No integration is on for this check').waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('sends a ping from the page, and sees it there', async () => {
    const page = await open()
    const said = listenTo(page)
    await page.goto(path('details/'))
    await page.locator('[data-t=ping-now]').click()
    const dialog = page.locator('[data-t=dialog]')
    await dialog.locator('[name=signal]').selectOption('log')
    await dialog.locator('[name=message]').fill('by hand')
    await dialog.locator('[data-t=submit]').click()
    await page.getByText('Ping recorded.').waitFor()
    await page.getByText('Web UI by ada@example.org').first().waitFor()
    expect(said).toEqual([])
    await page.context().close()
  })
})

describe('the events of a check', () => {
  const numbers = async (page: Page) => {
    const rows = await page.locator('[data-t=events] tbody tr[id^=ping-]').all()
    const ids = await Promise.all(rows.map((row) => row.getAttribute('id')))
    return ids.map((id) => Number(id?.slice('ping-'.length)))
  }
  const log = (...pings: Partial<ArrivingPing>[]) =>
    site.appliance.app.store.checks.recordPings(
      pings.map((facts) => ({ code: check.code, ping: aPing({ signal: 'log', ...facts }) })),
    )

  it('grow at their end without leaving the page, and stay so when something comes in', async () => {
    const page = await open()
    const said = listenTo(page)
    await page.goto(path('details/'))
    const before = await numbers(page)
    await page.locator('[data-t=load-older]').click()
    await page.locator('#ping-1').waitFor()
    expect(await page.locator('[data-t=load-older]').count()).toBe(0)
    const all = await numbers(page)
    expect(all).toEqual(Array.from({ length: before[0] ?? 0 }, (_, i) => (before[0] ?? 0) - i))
    await log({ userAgent: 'while it is long' })
    await page.evaluate('rollcall.live.now()')
    await page.getByText('while it is long').waitFor()
    expect(await numbers(page)).toEqual([(before[0] ?? 0) + 1, ...all])
    expect(said).toEqual([])
    await page.context().close()
  })

  it('come on top of an open log, but not under the hands of who selects text', async () => {
    const page = await open()
    const said = listenTo(page)
    await page.goto(path('log/?log=on'))
    const shown = Number(await page.locator('[data-shown]').textContent())
    await log({ userAgent: 'on top' }, { signal: 'success', userAgent: 'not asked for' })
    await page.evaluate('rollcall.live.now()')
    await page.getByText('on top').waitFor()
    expect(await page.locator('[data-shown]').textContent()).toBe(String(shown + 1))
    expect(await page.getByText('not asked for').count()).toBe(0)

    await page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    await log({ userAgent: 'while selecting' })
    const polled = page.waitForResponse(
      (answer) => answer.url().includes('log_events') && answer.status() === 200,
    )
    await page.evaluate('rollcall.live.now()')
    await polled
    expect(await page.getByText('while selecting').count()).toBe(0)
    await page.evaluate('getSelection().removeAllRanges()')
    await page.getByText('while selecting').waitFor()
    expect(said).toEqual([])
    await page.context().close()
  })

  it('open over the page, and keys lead from one to the next and through the views of a body', async () => {
    const page = await open()
    const said = listenTo(page)
    await page.goto(path('log/?start=on&success=on'))
    await page.locator('[data-t=open-ping-2]').click()
    const dialog = page.locator('[data-t=dialog]')
    await dialog.getByRole('heading', { name: 'Ping #2' }).waitFor()
    await page.keyboard.press(']')
    await dialog.getByRole('heading', { name: 'Ping #3' }).waitFor()
    await page.keyboard.press('[')
    await dialog.getByRole('heading', { name: 'Ping #2' }).waitFor()
    await page.keyboard.press('2')
    await dialog.locator('[data-t=body-tab-hex][aria-current]').waitFor()
    expect(await dialog.locator('.body-view').textContent()).toContain('1b 5b 33 31 6d')
    await dialog.locator('[data-t=body-tab-text]').click()
    await dialog.locator('[data-t=body-numbers]').click()
    await dialog.locator('.body-view.numbered').waitFor()
    // What was chosen once is chosen for the next one, too.
    await page.keyboard.press(']')
    await dialog.getByRole('heading', { name: 'Ping #3' }).waitFor()
    await page.keyboard.press(']')
    await dialog.getByRole('heading', { name: 'Ping #4' }).waitFor()
    await dialog.locator('.body-view.numbered').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(page.url()).toBe(path('log/?start=on&success=on'))
    expect(await page.locator('[data-t=open-ping-2]:focus').count()).toBe(1)
    expect(said).toEqual([])
    await page.context().close()
  })
})

it('is shown the same sort of examples as the last time', async () => {
  const page = await open()
  const said = listenTo(page)
  await page.goto(path('usage/'))
  await page.locator('[data-t=variant-rid]').click()
  await page.locator('[data-t=variant-rid][aria-current]').waitFor()
  await page.goto(path('details/'))
  await page.locator('[data-t=usage]').click()
  await page.locator('[data-t=dialog] [data-t=variant-rid][aria-current]').waitFor()
  // What somebody likes stays in their browser.
  const names = (await page.context().cookies()).map(({ name }) => name)
  expect(names.filter((name) => !['pre', 'sid'].includes(name))).toEqual([])
  expect(said).toEqual([])
  await page.context().close()
})

it('changes the zone and the range of the chart where one is, and keeps both in the address', async () => {
  const page = await open()
  const said = listenTo(page)
  await page.goto(path('details/'))
  await page.locator('[data-t=zone-UTC]').click()
  await page.locator('[data-t=events] caption').filter({ hasText: 'Times in UTC' }).waitFor()
  await page.locator('[data-t=chart-90d]').click()
  await page.locator('[data-t=chart-90d][aria-current]:focus').waitFor()
  expect(new URL(page.url()).search).toBe('?tz=UTC&chart=90d')
  expect(said).toEqual([])
  await page.context().close()
})

it('turns the wait for a first ping into what to do next, without a reload', async () => {
  const { store } = site.appliance.app
  const fresh = await store.checks.add(aNewCheck(check.projectId, { name: 'Fresh', createdAt: NOON }))
  const page = await open()
  const said = listenTo(page)
  await page.goto(path('details/', fresh))
  await page.getByRole('heading', { name: 'Waiting for the first ping' }).waitFor()
  await store.checks.recordPings([{ code: fresh.code, ping: aPing({ at: NOON }) }])
  await page.evaluate('rollcall.live.now()')
  await page.getByRole('heading', { name: 'First ping received' }).waitFor()
  expect(await page.locator('#ping-1').textContent()).toContain('OK')
  expect(await page.locator('link[rel=icon][type="image/svg+xml"]').getAttribute('href')).toContain(
    '/static/fav/ok-0.svg',
  )
  await page.locator('[data-t=first-schedule]').click()
  await page.locator('[data-t=dialog] [data-t=kind-cron]').waitFor()
  expect(said).toEqual([])
  await page.context().close()
})

it('shows a ping that comes while the page is open', async () => {
  const page = await open()
  const said = listenTo(page)
  await page.goto(path('details/'))
  const { store } = site.appliance.app
  await store.checks.recordPings([
    { code: check.code, ping: aPing({ signal: 'log', userAgent: 'just now' }) },
  ])
  await page.evaluate('rollcall.live.now()')
  await page.getByText('just now').first().waitFor()
  expect(said).toEqual([])
  await page.context().close()
})

describe('a person without scripts', () => {
  it('reads the table of the chart, the log and a body, and takes another look at it', async () => {
    const page = await open({ javaScriptEnabled: false })
    await page.goto(path('details/'))
    await page.locator('[data-t=chart-table] summary').click()
    expect(await page.locator('[data-t=chart-table] tbody tr').count()).toBe(30)
    expect(await page.locator('[data-t=chart-summary]').textContent()).toContain('30 runs: median 5 min')
    await page.locator('[data-t=full-log]').click()
    await page.locator('[data-t=filter-search]').fill('{"a":1}')
    await page.locator('[data-t=apply]').click()
    await page.locator('[data-t^=open-ping-]').first().click()
    expect(await page.locator('.body-view .fg-red').textContent()).toBe('red')
    await page.locator('[data-t=body-tab-hex]').click()
    expect(await page.locator('.body-view').textContent()).toContain('1b 5b 33 31 6d')
    await page.context().close()
  })

  it('copies a check and removes the copy', async () => {
    const page = await open({ javaScriptEnabled: false })
    await page.goto(path('copy/'))
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('h1').textContent()).toBe('Nightly (copy)')
    await page.locator('[data-t=remove]').click()
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Nightly (copy) removed.')
    await page.context().close()
  })
})

it.each([
  'details/',
  'log/',
  'log/?view=runs',
  'downtimes/',
  'usage/',
  'ping_now/',
  'copy/',
  'transfer/',
  'clear_events/',
  'pings/1/?numbers=on',
  'pings/2/',
  'pings/2/?view=html',
  'pings/3/',
  'pings/3/?view=source',
  'pings/3/?view=hex',
])('nothing that jobs or people write runs on %s', async (part) => {
  const page = await open()
  const said = listenTo(page)
  await page.goto(path(part, hostile))
  // A frame may report that its sandbox held.
  const broken = said.filter((text) => !/sandboxed/.test(text))
  expect(broken).toEqual([])
  expect(await page.title()).not.toBe('pwned')
  expect(await page.locator('body img').count()).toBe(0)
  expect(await overhang(page)).toBeLessThanOrEqual(0)
  await page.context().close()
})

describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
  it.each([
    'details/',
    'details/?chart=90d',
    'log/',
    'log/?view=runs',
    'downtimes/',
    'usage/?lang=shell&variant=log',
    'pings/4/?numbers=on',
  ])('the page %s has no flaws, wide or narrow', async (part) => {
    for (const width of [1440, 360]) {
      const page = await open({ colorScheme, bypassCSP: true, viewport: { width, height: 900 } })
      await page.goto(path(part))
      expect(await flaws(page), `${width}`).toEqual([])
      expect(await overhang(page), `${width}`).toBeLessThanOrEqual(0)
      await page.context().close()
    }
  })
})
