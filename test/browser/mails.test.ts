import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/core/time'
import { intervals } from '../../src/core/uptime'
import { summaryMailPage } from '../../src/integrations/email/summary'
import { flappingPage } from '../../src/tasks/flapping'
import { outagePage } from '../../src/tasks/outages'
import { reminderPage } from '../../src/tasks/remind'
import { reportPage } from '../../src/tasks/report-mail'
import { templates } from '../../src/world/templates'
import { aCheck, NOON } from '../support/build'
import { openBrowser } from '../support/browser'
import { flaws, overhang } from './look'

const views = templates()
const settings = { siteRoot: 'https://rollcall.example.org', siteName: 'Rollcall' }
const foot = {
  siteName: 'Rollcall',
  settingsUrl: 'https://rollcall.example.org/settings/',
  unsubscribeUrl: 'https://rollcall.example.org/unsubscribe/',
}
const NAMES = [
  'db',
  '',
  `${'long'.repeat(30)}`,
  'Copy the photo archive of the whole family to the second disk',
]

/** Checks of two projects, some of which were down for a day. */
const checks = Array.from({ length: 40 }, (_, i) => ({
  check: aCheck({
    id: i + 1,
    name: NAMES[i % NAMES.length]!,
    tags: i % 3 === 0 ? 'prod db' : '',
    status: i % 2 === 0 ? 'down' : 'up',
    createdAt: NOON - 100 * DAY,
  }),
  project: { id: i % 2, name: i % 2 === 0 ? 'Home' : 'The servers of the railway museum' },
  flips: i % 5 === 0 ? [{ at: NOON - 9 * DAY, from: 'down' as const }] : [],
}))
const [, last, before] = intervals('week', 3, NOON, 'UTC')
const mails = {
  reminder: { ...reminderPage({ periodMs: HOUR }, checks, settings, NOON), ...foot },
  report: {
    ...reportPage({ kind: 'weekly', tz: 'UTC' }, checks, [before!, last!], { settings, nowAt: NOON }),
    ...foot,
  },
  outage: {
    ...outagePage({ id: 1, fromAt: NOON - 3 * HOUR, untilAt: NOON, deadlines: 1200, downs: 300 }, settings),
  },
  summary: {
    ...summaryMailPage(
      {
        outage: { fromAt: NOON - 3 * HOUR, untilAt: NOON },
        checks: checks.map(({ check, project }) => ({
          ...check,
          projectName: project.name,
          at: NOON - 2 * HOUR,
        })),
        nowAt: NOON,
        tz: 'Europe/Riga',
        notificationCode: '',
      },
      { ...settings, unsubscribeUrl: foot.unsubscribeUrl },
    ),
  },
  flapping: flappingPage({ ...checks[2]!, projectName: 'Home', flips: 201 }, settings),
}

describe('a mail about checks', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it.each(Object.entries(mails))('fits and can be read: %s', async (name, model) => {
    const html = views.fill(`email/${name}.html`, model)
    for (const width of [600, 390])
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
        await page.setContent(html)
        expect([width, colorScheme, await overhang(page)]).toEqual([width, colorScheme, 0])
        // A mail has no landmarks and no headings: programs that show mails frame it.
        const found = await flaws(page)
        expect(
          found.filter((flaw) => !/^(region|landmark-one-main|page-has-heading-one)/.test(flaw)),
        ).toEqual([])
        await page.close()
      }
  })
})
