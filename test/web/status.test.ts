import { afterEach, describe, expect, it } from 'vitest'
import { SECOND } from '../../src/core/time'
import { NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'

let site: LocalSite

afterEach(() => site.close())

async function ask(path: string, init: RequestInit = {}): Promise<[number, string]> {
  const response = await fetch(site.url + path, init)
  return [response.status, await response.text()]
}

describe('the status', () => {
  it.each(['/api/v1/status/', '/api/v2/status/', '/api/v3/status/', '/api/v3/status'])(
    'is OK at %s, before and without any account',
    async (path) => {
      site = await localSite()
      expect(await ask(path)).toEqual([200, 'OK'])
      expect((await ask(path, { method: 'HEAD' }))[0]).toBe(200)
      expect(await ask(path, { method: 'OPTIONS' })).toEqual([200, 'OK'])
      expect((await ask('/readyz'))[0]).toBe(200)
      expect((await ask('/healthz'))[0]).toBe(200)
    },
  )

  it('is told whatever the Host', async () => {
    site = await localSite({ SITE_ROOT: 'https://hc.example.org', ALLOWED_HOSTS: 'hc.example.org' })
    expect(await ask('/api/v3/status/')).toEqual([200, 'OK'])
    expect((await ask('/docs/'))[0]).toBe(400)
  })

  it('is found below the path of SITE_ROOT', async () => {
    site = await localSite({ SITE_ROOT: 'http://localhost:8000/hc' })
    expect(await ask('/hc/api/v3/status/')).toEqual([200, 'OK'])
    expect((await ask('/api/v3/status/'))[0]).toBe(404)
  })

  it('tells of a database that fails, and of its return, after a second at most', async () => {
    site = await localSite()
    const { facts } = site.appliance.app.store
    const works = facts.get
    facts.get = () => Promise.reject(new Error('gone'))
    expect(await ask('/api/v3/status/')).toEqual([500, 'database error'])
    facts.get = works
    site.pass(SECOND)
    expect(await ask('/api/v3/status/')).toEqual([200, 'OK'])
  })

  it('tells whoever accepts JSON when the loops behind alerts last turned', async () => {
    site = await localSite()
    const { health } = site.appliance.app
    health.alertLoops = () => [
      { name: 'watch', lastTurnAt: NOON, longestLagMs: 0 },
      { name: 'deliver', lastTurnAt: null, longestLagMs: 0 },
    ]
    const [status, text] = await ask('/api/v3/status/', { headers: { accept: 'application/json' } })
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      status: 'OK',
      loops: [
        { name: 'watch', last_turn: '2026-01-15T12:00:00.000Z' },
        { name: 'deliver', last_turn: null },
      ],
    })
    for (const accept of ['*/*', 'text/html,*/*;q=0.8'])
      expect(await ask('/api/v3/status/', { headers: { accept } })).toEqual([200, 'OK'])
  })

  it('tells that nobody watches for missed pings, and that the process is going', async () => {
    site = await localSite()
    const { health } = site.appliance.app
    health.alarmsStalledSince = () => 1
    expect(await ask('/api/v3/status/')).toEqual([500, 'alert loop stalled'])
    expect((await ask('/healthz'))[0]).toBe(200)
    const json = await ask('/api/v3/status/', { headers: { accept: 'application/json' } })
    expect(json).toEqual([500, '{"status":"alert loop stalled","loops":[]}'])
    health.stopping = () => true
    expect(await ask('/api/v3/status/')).toEqual([503, 'shutting down'])
  })
})

describe('a page', () => {
  it.each(['/docs/', '/no/such/page/'])(
    'says that alerts may be delayed, whichever instance is to blame: %s',
    async (path) => {
      site = await localSite()
      expect((await ask(path))[1]).not.toContain('Alerts may be delayed')
      site.appliance.app.health.alertsLateSince = () => NOON
      const [, text] = await ask(path)
      expect(text).toContain('role="alert"')
      expect(text).toContain('Alerts may be delayed: the scheduler has not run since ')
    },
  )
})
