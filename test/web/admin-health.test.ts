import { afterEach, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/core/time'
import { somebody } from '../support/cast'
import { databases } from '../support/databases'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

const KEY = 'a key for whoever watches'

let site: LocalSite
let ada: Person

afterEach(() => site.close())

type Line = { state: string | null; value: string; [figure: string]: unknown }

async function document(): Promise<{ status: string; lines: Record<string, Line> }> {
  const response = await fetch(`${site.url}/admin/health.json`, {
    headers: { authorization: `Bearer ${KEY}` },
  })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return (await response.json()) as Awaited<ReturnType<typeof document>>
}

describe.each(databases)('the page about health on $name', ({ fresh }) => {
  async function begin(): Promise<string> {
    site = await localSite({ METRICS_KEY: KEY }, { database: await fresh() })
    ada = await anAdministrator(site)
    const olga = await somebody(site, 'olga@example.org')
    const { store } = site.appliance.app
    const project = (await store.projects.findByCode(olga.projectCode))!
    const [check] = await store.checks.ofProject(project.id)
    return check!.code
  }
  const page = async () => (await ada.get('/admin/')).text

  it('counts pings by the minute and draws the last day', async () => {
    const code = await begin()
    expect(await page()).toContain('No ping came in the last 24 hours.')
    for (let i = 0; i < 3; i++) await fetch(`${site.url}/ping/${code}`)
    await site.appliance.turn()
    site.pass(MINUTE)
    const text = await page()
    expect(text).toContain('3 pings in the last 24 hours, at most 3 in a quarter of an hour (from 13:00).')
    expect(text).toContain('3 in the last minute, 3 in 24 hours')
    expect(text).toMatch(/<rect class="quarter"[^>]*><title>13:00: 3 pings<\/title>/)
    expect((await document()).lines['pings']).toMatchObject({
      last_minute: 3,
      last_day: 3,
      kept: 3,
      received: 3,
    })
  })

  it('says the same to programs that have the key, and nothing to others', async () => {
    await begin()
    const { status, lines } = await document()
    expect(status).toBe('good')
    expect(lines['scheduler']).toMatchObject({ state: null, late_since: null })
    expect(lines['outbox']).toMatchObject({ state: 'good', count: 0 })
    expect(lines['checks']).toMatchObject({ state: null, count: 2 })
    for (const headers of [{}, { authorization: 'Bearer wrong' }])
      expect((await fetch(`${site.url}/admin/health.json`, { headers })).status).toBe(403)
    expect((await ada.get('/admin/health.json')).status).toBe(403)
  })

  it('tells everywhere that alerts are held back', async () => {
    await begin()
    const metrics = async () =>
      (await fetch(`${site.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text()
    expect(await metrics()).toContain('rollcall_sending_paused 0')
    const { facts } = site.appliance.app.store
    await facts.set(
      'sending paused',
      JSON.stringify({ at: site.appliance.app.clock(), by: 'ada@example.org' }),
    )
    expect(await metrics()).toContain('rollcall_sending_paused 1')
    expect(await document()).toMatchObject({
      status: 'bad',
      lines: { sending: { state: 'bad', paused_since: '2026-01-15T12:00:00.000Z' } },
    })
    expect(await page()).toContain('paused since 2026-01-15 13:00:00')
  })

  it('turns red with the scheduler, and amber with alerts that fail', async () => {
    const code = await begin()
    const { app } = site.appliance
    await fetch(`${site.url}/ping/${code}/fail`, { method: 'POST' })
    const [claim] = await app.store.notifications.claim(app.clock(), app.clock() + 1, { quick: 9, slow: 9 })
    const delivery = { ok: false, kind: 'temporary', reason: 'Away' } as const
    const nextAt = app.clock() + HOUR
    await app.store.notifications.finish(claim!, { delivery, at: app.clock(), tookMs: 1, nextAt })
    expect((await document()).lines['retrying']).toMatchObject({ state: 'look', count: 1 })
    app.health.alertsLateSince = () => app.clock() - HOUR
    expect(await document()).toMatchObject({ status: 'bad', lines: { scheduler: { state: 'bad' } } })
    expect(await page()).toMatch(/Scheduler<\/dt><dd>[^]*?Bad[^]*?has not run since 2026-01-15 12:00:00/)
  })

  it('tells when a mail last went out, and why one did not', async () => {
    await begin()
    const { store } = site.appliance.app
    await ada.submit('/accounts/password_reset/', { email: 'olga@example.org' })
    await site.appliance.turn()
    expect((await document()).lines['mail_out']).toMatchObject({ state: 'good', last_error: null })
    await store.facts.set(
      'mail last failed',
      JSON.stringify({ at: site.appliance.app.clock() + 1, reason: 'No such relay' }),
    )
    expect((await document()).lines['mail_out']).toMatchObject({ state: 'bad', last_error: 'No such relay' })
    expect(await page()).toContain('No such relay (at 2026-01-15 13:00:00)')
  })
})

describe('the lines of health', () => {
  it('say where they change, each that ever does', async () => {
    site = await localSite()
    ada = await anAdministrator(site)
    const { text } = await ada.get('/admin/')
    for (const id of ['scheduler', 'outbox', 'deliveries', 'disk', 'mail_out', 'memory'])
      expect(text).toContain(`data-t="limit-${id}"`)
    expect(text).toContain('once METRICS_KEY is set')
  })
})
