import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { noticeFlapping } from '../../src/tasks/flapping'
import { remind } from '../../src/tasks/remind'
import { aNewCheck, aPing, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

const SETTINGS = '/accounts/profile/notifications/'

describe('a person with checks that are down', () => {
  let site: LocalSite
  let ada: Person
  let code: string
  let now: number

  beforeEach(async () => {
    site = await localSite()
    now = NOON
    ada = await anAdministrator(site)
    code = (await site.appliance.app.store.checks.ofProject(1))[0]!.code
  })
  afterEach(() => site.close())

  const store = () => site.appliance.app.store
  const ping = (rest = '', check = code) => fetch(`${site.url}/ping/${check}${rest}`)
  const pass = async (ms: number) => {
    now += ms
    site.pass(ms)
    await site.appliance.turn()
  }
  const wish = (reports: string, reminders: string) => ada.submit(SETTINGS, { reports, reminders })
  const subjects = () => site.mails.map(({ subject }) => subject).filter((one) => !one.includes('|'))
  const linkIn = (text: string, path: string) =>
    new RegExp(`${path}[^\\s"<>]+`).exec(text)?.[0] ?? `no link ${path}`

  describe('and hourly reminders', () => {
    beforeEach(async () => {
      expect((await wish('off', 'hourly')).status).toBe(303)
    })

    it('18: is reminded every hour until nothing is down any more', async () => {
      await ping('/fail')
      await pass(59 * MINUTE)
      expect(subjects()).toEqual([])
      await pass(MINUTE)
      expect(subjects()).toEqual(['Reminder: 1 check still down'])
      await pass(30 * MINUTE)
      await pass(30 * MINUTE)
      expect(subjects()).toHaveLength(2)
      await ada.submit(`/checks/${code}/pause/`, {})
      await pass(HOUR)
      await pass(HOUR)
      expect(subjects()).toHaveLength(2)
    })

    it('18: gets one mail about all projects, which gives no code of a check away', async () => {
      const user = (await store().users.findByEmail(ADA.email))!
      const office = await store().projects.add({
        code: 'c0ffee00-0000-4000-8000-000000000000',
        name: 'Office',
        ownerId: user.id,
        badgeKey: 'c0ffee00-0000-4000-8000-000000000001',
        createdAt: NOON,
      })
      const second = await store().checks.add(aNewCheck(office.id, { name: '', slug: '' }))
      await ping('/fail')
      await ping('/fail', second.code)
      await pass(HOUR)
      expect(subjects()).toEqual(['Reminder: 2 checks still down'])
      const mail = site.mails.at(-1)!
      expect(mail.to).toBe(ADA.email)
      for (const part of [mail.text, mail.html]) {
        expect(part).toContain('2 checks are still down')
        expect(part).toContain('hourly')
        expect(part).toContain('My first check')
        expect(part).toContain('Office')
        expect(part).toContain('unnamed')
        expect(part).toContain('an hour ago')
        expect(part).toContain('/cloaked/')
        expect(part).toContain(SETTINGS)
        expect(part).not.toContain(code)
        expect(part).not.toContain(second.code)
        expect(part).not.toMatch(/undefined|\[object/)
      }
    })

    it('can stop them from the mail, without signing in', async () => {
      await ping('/fail')
      await pass(HOUR)
      const mail = site.mails.at(-1)!
      const link = linkIn(mail.text, '/accounts/unsubscribe_reports/')
      expect(mail.headers).toMatchObject({
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Auto-Submitted': 'auto-generated',
      })
      expect(mail.headers?.['List-Unsubscribe']).toContain(link)
      expect(site.appliance.app.signer.readBounceId(mail.bounceId ?? '')).toMatchObject({
        about: 'r',
        id: '1',
      })

      const stranger = aPerson(site.url)
      const asked = await stranger.get(link)
      expect(asked.status).toBe(200)
      // A scanner that runs scripts comes within minutes; a person comes later.
      expect(asked.text).not.toContain('data-press')
      site.pass(6 * MINUTE)
      expect((await stranger.get(link)).text).toContain('data-press')
      expect(await store().reports.wishes(1)).toMatchObject({ nagPeriodMs: HOUR })

      const done = await aPerson(site.url).post(link, { 'List-Unsubscribe': 'One-Click' })
      expect(done.text).toContain('You are unsubscribed')
      await pass(2 * HOUR)
      expect(subjects()).toHaveLength(1)
    })

    it('19: hears of a check that shows down before anybody has noticed', async () => {
      const bad = await store().checks.add(aNewCheck(1, { name: 'Gone soon' }))
      await store().checks.add(aNewCheck(1, { name: 'Not pinged yet' }))
      await ping('/fail', bad.code)
      await ping()
      await store().checks.remove(bad.id)
      site.pass(2 * DAY)
      // The watch has not had its turn: what is kept is still "up".
      const { app } = site.appliance
      await remind({ ...app.store, settings: app.config, signer: app.signer, clock: app.clock }).run()
      expect(await store().checks.findByCode(code)).toMatchObject({ status: 'up' })
      const [mail] = await store().mails.claim(app.clock(), app.clock() + MINUTE, 9)
      expect(mail?.model).toMatchObject({
        subject: 'Reminder: 1 check still down',
        projects: [{ checks: [{ name: 'My first check', lastPing: '2 days ago' }] }],
      })
    })

    it('19: is not reminded of checks that have been silent for half a year', async () => {
      await ping('/fail')
      await store().checks.change((await store().checks.findByCode(code))!.id, (check) => ({
        check: { ...check, lastPingAt: now - 181 * DAY },
        flip: null,
      }))
      await pass(HOUR)
      expect(subjects()).toEqual([])
      expect(await store().reminders.due(now + DAY, 1)).toEqual([])
    })
  })

  describe('and reports', () => {
    it('gets a monthly one on the first, with what happened in the last two months', async () => {
      await ping()
      await pass(MINUTE)
      await ping('/fail')
      await pass(HOUR)
      await ping()
      // To the first of February, 9 to 11 in Berlin.
      await pass(Date.UTC(2026, 1, 1, 7) - now)
      expect(subjects()).toEqual([])
      await ping()
      await pass(3 * HOUR + MINUTE)
      expect(subjects()).toEqual(['Monthly Report'])
      const { text, html } = site.mails.find(({ subject }) => subject === 'Monthly Report')!
      expect(text).toContain('In January, 1 check had 2 downtimes.')
      expect(text).toMatch(/^UP {2}My first check$/m)
      expect(text).toMatch(/^ {2}Jan\. 2026: 2 downtimes, \d+ days \d+ h$/m)
      // It did not exist in December.
      expect(text).not.toContain('Dec. 2025:')
      expect(html).toContain('Dec. 2025')
      expect(text).not.toContain(code)
      expect(html).not.toContain(code)
      expect(`${text}${html}`).not.toMatch(/undefined|\[object|NaN/)
      await pass(5 * DAY)
      expect(subjects()).toHaveLength(1)
    })

    it('gets none when no check has lived for half a year, but a date for the next', async () => {
      await pass(SECOND)
      await pass(40 * DAY)
      expect(subjects()).toEqual([])
      const { nextReportAt } = (await store().reports.wishes(1))!
      expect(nextReportAt).toBeGreaterThan(now)
    })

    it('gets one late, not several, when the server was away', async () => {
      await wish('daily', 'none')
      await ping()
      await pass(4 * DAY)
      expect(subjects()).toEqual(['Daily Report'])
      await pass(MINUTE)
      expect(subjects()).toHaveLength(1)
    })

    it('chooses how often, and sees when the next comes', async () => {
      expect((await ada.get(SETTINGS)).text).toContain('value="monthly" selected')
      await wish('weekly', 'daily')
      const page = await ada.get(SETTINGS)
      expect(page.text).toContain('value="weekly" selected')
      expect(page.text).toContain('value="daily" selected')
      expect(page.text).toContain('Saved.')
      expect(page.text).toMatch(/data-t="next-report"><time datetime="2026-01-19T(08|09|10)/)
      expect((await ada.get('/')).status).toBeLessThan(400)
      await wish('off', 'none')
      expect((await ada.get(SETTINGS)).text).not.toContain('next-report')
    })

    it.each([
      [{ reports: 'hourly', reminders: 'none' }, 'reports'],
      [{ reports: 'daily' }, 'reminders'],
    ])('is told of a forged choice %o', async (fields, wrong) => {
      const refused = await ada.submit(SETTINGS, fields)
      expect(refused.status).toBe(422)
      expect(refused.text).toContain('Choose one of the options.')
      expect(refused.text).toContain(`href="#f-${wrong}"`)
    })

    it('cannot choose where no mails can be sent', async () => {
      const mute = await localSite({ EMAIL_HOST: '' })
      const page = await (await anAdministrator(mute)).get(SETTINGS)
      await mute.close()
      expect(page.text).toContain('disabled')
      expect(page.text).toContain('EMAIL_HOST')
    })
  })

  it.each(['nonsense', '1.65a1b2c3.00', `1.${'0'.repeat(8)}.${'0'.repeat(64)}`, '%00'])(
    'does not unsubscribe anybody with a wrong link: %s',
    async (signed) => {
      const stranger = aPerson(site.url)
      const path = `/accounts/unsubscribe_reports/${signed}/`
      expect((await stranger.get(path)).status).toBe(404)
      expect((await stranger.post(path, {})).status).toBe(404)
      expect(await store().reports.wishes(1)).toMatchObject({ reportKind: 'monthly' })
    },
  )

  it('needs no account to be told that it is unsubscribed', async () => {
    const signed = `777.${site.appliance.app.signer.stamp('reports', '777', now)}`
    const done = await aPerson(site.url).post(`/accounts/unsubscribe_reports/${signed}/`, {})
    expect(done.text).toContain('You are unsubscribed')
  })

  it('21: is told of a check that flaps, once a day', async () => {
    const pings = Array.from({ length: 202 }, (_, i) => ({
      code,
      ping: aPing({ signal: i % 2 ? 'success' : 'fail', at: now + i * SECOND }),
    }))
    await store().checks.recordPings(pings)
    site.pass(HOUR)
    const { app } = site.appliance
    const task = noticeFlapping({ ...app.store, settings: app.config, clock: app.clock, log: app.log })
    await task.run()
    await task.run()
    await site.appliance.turn()
    const flapping = site.mails.filter(({ subject }) => subject.includes('Flapping'))
    expect(flapping.map(({ subject, to }) => [subject, to])).toEqual([
      ['The Check "My first check" Is Flapping', ADA.email],
    ])
    expect(flapping[0]?.text).toContain('202 times')
    expect(flapping[0]?.html).toContain('/cloaked/')
    expect(`${flapping[0]?.text}${flapping[0]?.html}`).not.toMatch(/undefined|\[object/)
  })
})
