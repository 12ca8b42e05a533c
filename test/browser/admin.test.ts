import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MINUTE } from '../../src/core/time'
import { aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { openBrowser } from '../support/browser'
import { somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

/** Scenario 76 of web-ui.md §19. */

const ALERTS = 100

let browser: Browser
let site: LocalSite
let ada: Person
let olga: Awaited<ReturnType<typeof somebody>>
/** By which loops are found to stand still. */
let elapsedMs = 0

beforeAll(async () => {
  site = await localSite(
    {},
    { roles: ['web', 'alerts'] },
    { elapsed: () => elapsedMs, wait: () => Promise.resolve() },
  )
  ada = await anAdministrator(site)
  olga = await somebody(site, 'olga@example.org')
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
  await site.close()
})

async function pageOf(person: Person): Promise<Page> {
  const context = await browser.newContext()
  await context.addCookies([...person.cookies].map(([name, value]) => ({ name, value, url: site.url })))
  return context.newPage()
}

/** A webhook whose receiver can be switched on later. */
async function aDeadReceiver() {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(request.url ?? '')
    response.end()
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  const close = () => new Promise((resolve) => server.close(resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  await close()
  return { url: `http://127.0.0.1:${port}/`, heard, comesBack: () => listen(port), close }
}

it('shows alerts that a dead receiver does not take, and lets them be tried again or dropped', async () => {
  const { store } = site.appliance.app
  const receiver = await aDeadReceiver()
  const project = (await store.projects.findByCode(olga.projectCode))!
  const channel = aNewChannel(project.id, { name: 'Pager', kind: 'webhook', value: webhookTo(receiver.url) })
  const codes: string[] = []
  for (let i = 0; i < ALERTS; i++) {
    codes.push((await store.checks.add(aNewCheck(project.id, { name: `Job ${i}` }))).code)
  }
  for (const old of await store.channels.ofProject(project.id)) await store.channels.remove(old.id)
  const hook = await store.channels.add(channel)
  expect(await store.channels.setChecks(hook, codes)).toBe(true)
  await store.checks.recordPings(codes.map((code) => ({ code, ping: aPing({ signal: 'fail', at: NOON }) })))

  const page = await pageOf(ada)
  const open = () => page.goto(`${site.url}/admin/deliveries/?state=retrying`)
  const rows = page.locator('[data-t^="alert-"]')
  await expect
    .poll(
      async () => {
        await site.appliance.turn()
        await open()
        return rows.count()
      },
      { timeout: 20_000 },
    )
    .toBe(ALERTS)
  expect(await rows.first().textContent()).toMatch(/retrying after one try\s*Connection failed/)
  expect(await rows.first().textContent()).toContain('2026-01-15 13:01:00')
  const group = page.locator('[data-t="failure-0"]')
  expect(await group.locator('[data-label="Tried again"]').textContent()).toContain(String(ALERTS))

  await receiver.comesBack()
  await page.locator('[data-t^="retry-"]:not([data-t*="group"])').first().click()
  expect(await page.locator('[data-t=flash]').textContent()).toContain('It is tried again now.')
  await expect.poll(() => receiver.heard.length).toBe(1)
  await open()
  expect(await rows.count()).toBe(ALERTS - 1)
  await page.locator('[data-t^="drop-"]:not([data-t*="group"])').first().click()
  expect(await page.locator('[data-t=flash]').textContent()).toContain('It is not told to anybody.')
  await page.locator('[data-t="drop-group-0"]').click()
  expect(await page.locator('[data-t=flash]').textContent()).toContain(`${ALERTS - 2} alerts are not told`)
  await open()
  expect(await rows.count()).toBe(0)
  expect(receiver.heard).toHaveLength(1)
  await receiver.close()
  await page.context().close()
}, 60_000)

it('warns everybody within two minutes when the scheduler stands still, and its page turns red', async () => {
  const [hers, his] = [await pageOf(ada), await pageOf(olga)]
  const banners = (page: Page) => page.locator('[data-t=banner]').allTextContents()
  await his.goto(`${site.url}/projects/${olga.projectCode}/checks/`)
  expect((await banners(his)).join()).not.toContain('Alerts may be delayed')

  const { checks } = site.appliance.app.store
  const { changeDue } = checks
  const stopped = Promise.withResolvers<Awaited<ReturnType<typeof changeDue>>>()
  const stands = Promise.withResolvers<void>()
  checks.changeDue = () => {
    stands.resolve()
    return stopped.promise
  }
  await stands.promise
  elapsedMs += 2 * MINUTE
  await his.reload()
  expect((await banners(his)).join()).toContain('Alerts may be delayed: the scheduler has not run since')
  await hers.goto(`${site.url}/admin/`)
  expect((await banners(hers)).join()).toContain('Alerts may be delayed')
  const scheduler = hers.locator('dt', { hasText: /^Scheduler$/ }).locator('xpath=following-sibling::dd[1]')
  expect(await scheduler.textContent()).toMatch(/Bad\s*has not run since 2026-01-15 13:00:00/)
  expect(await hers.locator('[data-t=section-all] dd').textContent()).toMatch(/Bad\s*Scheduler/)

  checks.changeDue = changeDue
  stopped.resolve({ found: 0, flips: 0, unusable: [], isAfterOutage: false, nextAt: null })
  await expect
    .poll(async () => {
      await his.reload()
      return banners(his)
    })
    .toEqual([])
  for (const page of [hers, his]) await page.context().close()
})

/** What the kind keeps of such an address. */
function webhookTo(url: string): string {
  return JSON.stringify({ url_down: url, url_up: url })
}
