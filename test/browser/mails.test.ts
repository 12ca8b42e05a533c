import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { intervals } from '../../src/core/uptime'
import { summaryMailPage } from '../../src/integrations/email/summary'
import { flappingPage } from '../../src/tasks/flapping'
import { outagePage } from '../../src/tasks/outages'
import { reminderPage } from '../../src/tasks/remind'
import { reportPage } from '../../src/tasks/report-mail'
import { templates } from '../../src/world/templates'
import { aCheck, NOON } from '../support/build'
import { confirm, linkIn, LOGIN, mailed, REAUTH } from '../support/account'
import { openBrowser } from '../support/browser'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, aPerson, csrfIn } from '../support/person'
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

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** What is wrong with how a mail looks, on a desk and on a phone, by day and at night. */
async function looks(html: string): Promise<string[]> {
  const found: string[] = []
  const page = await browser.newPage()
  await page.setContent(html)
  for (const width of [600, 390])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      const wide = await overhang(page)
      if (wide > 0) found.push(`${width} px: too wide by ${wide}`)
      // A mail has no landmarks and no headings: programs that show mails frame it.
      const flawed = (await flaws(page)).filter(
        (flaw) => !/^(region|landmark-one-main|page-has-heading-one)/.test(flaw),
      )
      found.push(...flawed.map((flaw) => `${width} px, ${colorScheme}: ${flaw}`))
    }
  await page.close()
  return found
}

describe('a mail about checks', () => {
  it.each(Object.entries(mails))('fits and can be read: %s', async (name, model) => {
    expect(await looks(views.fill(`email/${name}.html`, model))).toEqual([])
  })
})

describe('a mail about an account', () => {
  let sent: LocalSite['mails']

  beforeAll(async () => {
    sent = await everyLetter()
  })

  it('is sent for each occasion', () => {
    expect(sent.map(({ subject }) => subject.replace(' – Rollcall', ''))).toEqual([
      'Sign in',
      'Finish your registration',
      'Set a new password',
      'Your confirmation code',
      'Confirm your new address',
      'Your address is being changed',
      'Your address is being changed',
      'Invitation to Home',
      'Join Home',
      'Home: will you own it?',
      'Confirm this address for alerts from Rollcall',
      'Your account is closed',
    ])
  })

  it('says the same as text, with one link at most, and loads nothing', () => {
    for (const { subject, text, html } of sent) {
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url ?? '')
      expect(links.length, subject).toBeLessThanOrEqual(1)
      for (const link of links) expect(text, subject).toContain(link)
      expect(html, subject).not.toMatch(/<img|url\(|<link|<script/)
      expect(html, subject).toContain('Sent by Rollcall')
      expect(text, subject).toContain('Sent by Rollcall')
    }
  })

  it('fits and can be read', { timeout: 30_000 }, async () => {
    const found: string[] = []
    for (const { subject, html } of sent)
      for (const fault of await looks(html)) found.push(`${subject}: ${fault}`)
    expect(found).toEqual([])
  })
})

/** What a site sends in the course of an account's life. */
async function everyLetter(): Promise<LocalSite['mails']> {
  const site = await localSite({ REGISTRATION_OPEN: 'True' })
  try {
    const mails: LocalSite['mails'] = []
    const collect = async (): Promise<LocalSite['mails']> => {
      const fresh = (await mailed(site)).toSorted((a, b) => a.subject.localeCompare(b.subject))
      mails.push(...fresh)
      return fresh
    }
    await anAdministrator(site)
    const olga = await somebody(site, 'olga@example.org')
    const wes = await somebody(site, 'wes@example.org')
    const project = `/projects/${olga.projectCode}/`
    await join(site, olga.projectCode, wes, 'member')
    const stranger = aPerson(site.url)
    const signUp = (await stranger.get('/accounts/signup/')).text
    const began = /name="began" value="([^"]*)"/.exec(signUp)?.[1] ?? ''
    site.pass(MINUTE)

    await stranger.submit(LOGIN, { action: 'link', identity: 'wes@example.org' })
    await collect()
    await stranger.post('/accounts/signup/', { csrf: csrfIn(signUp), began, identity: 'zoe@example.org' })
    await collect()
    await stranger.submit('/accounts/password_reset/', { identity: 'wes@example.org' })
    await collect()
    await olga.submit(REAUTH, { action: 'send' })
    await collect()
    await confirm(olga, '/accounts/change_email/')
    await olga.submit('/accounts/change_email/', { email: 'olga.new@example.org' })
    const [toNew] = await collect()
    await olga.get(linkIn(toNew!, site))
    await collect()
    await olga.submit(`${project}settings/team/`, { email: 'new@example.org', role: 'member' })
    await collect()
    const { invitations, projects } = site.appliance.app.store
    const home = (await projects.findByCode(olga.projectCode))!
    const [invited] = await invitations.ofProject(home.id, 0)
    const { text } = await olga.submit(
      `${project}settings/team/`,
      {},
      `${project}settings/team/invitations/${invited?.code}/link/`,
    )
    await stranger.submit(/(\/invites\/[\w-]+\/)</.exec(text)?.[1] ?? '', {})
    await collect()
    await confirm(olga, `${project}transfer/`)
    await olga.submit(`${project}transfer/`, { email: 'wes@example.org' })
    await collect()
    await olga.submit(`${project}add_email/`, {
      value: 'ops@example.net',
      name: '',
      up: 'true',
      down: 'true',
    })
    await collect()
    await confirm(olga, '/accounts/close/')
    await olga.submit('/accounts/close/', {
      typed: 'olga.new@example.org',
      [`delete-${olga.projectCode}`]: '1',
    })
    await site.appliance.turn()
    await collect()
    return mails
  } finally {
    await site.close()
  }
}
