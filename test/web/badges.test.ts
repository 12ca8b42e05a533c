import { afterEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { aPing } from '../support/build'
import { anApiSite } from './api/site'
import type { ApiSite } from './api/site'

let site: ApiSite

afterEach(() => site.close())

/** Makes a check that was heard of just now, and tells the address of its badge. */
async function aCheck(fields: Record<string, unknown>): Promise<{ uuid: string; badge: string }> {
  const { json } = await site.call('POST', `${root()}/api/v3/checks/`, { body: fields })
  const { uuid, badge_url } = json as { uuid: string; badge_url: string }
  const ping = aPing({ at: site.app.clock() })
  await site.app.store.checks.recordPings([{ code: uuid, ping }])
  return { uuid, badge: badge_url }
}

const root = () => new URL(site.app.config.siteRoot).pathname.replace(/\/$/, '')

/** By its public address, which this site has only in its own words. */
const fetched = (address: string) => fetch(site.url + new URL(address).pathname)
const status = async (address: string) =>
  ((await (await fetched(address)).json()) as { status: string }).status

async function badges(): Promise<Record<string, Record<string, string>>> {
  const { json } = await site.call('GET', `${root()}/api/v3/badges/`)
  return (json as { badges: Record<string, Record<string, string>> }).badges
}

describe('the addresses of badges', () => {
  it('are there for every tag and for all checks, in every format, and all of them work', async () => {
    site = await anApiSite({ SITE_ROOT: 'https://example.org/hc' })
    await aCheck({ name: 'a', tags: 'prod db@dc1  naïve __proto__' })
    await aCheck({ name: 'b', tags: 'prod 東京' })
    const all = await badges()
    expect(Object.keys(all)).toEqual(['__proto__', 'db@dc1', 'naïve', 'prod', '東京', '*'])
    for (const each of Object.values(all)) {
      expect(Object.keys(each)).toEqual(['svg', 'svg3', 'json', 'json3', 'shields', 'shields3'])
      for (const address of Object.values(each)) {
        expect(address).toMatch(/^https:\/\/example\.org\/hc\/badge\//)
        expect((await fetched(address)).status, address).toBe(200)
      }
    }
    const prod = await fetched(all['prod']?.['json'] ?? '')
    expect(await prod.json()).toEqual({ status: 'up', total: 2, grace: 0, down: 0 })
  })

  it('are only for those who got them', async () => {
    site = await anApiSite()
    await aCheck({ tags: 'prod' })
    const { svg = '' } = (await badges())['prod'] ?? {}
    expect((await fetched(svg.replace('prod.svg', 'other.svg'))).status).toBe(404)
    expect((await fetched(svg.replace(/\/badge\/[^/]+/, '/badge/another'))).status).toBe(404)
  })
})

describe('a badge', () => {
  it('follows its checks from up over late to down, with two states or three', async () => {
    site = await anApiSite()
    await aCheck({ name: 'Nightly', tags: 'prod', timeout: DAY / 1000, grace: HOUR / 1000 })
    await aCheck({ name: 'Weekly', tags: 'prod', timeout: (7 * DAY) / 1000, grace: HOUR / 1000 })
    const { json = '', json3 = '' } = (await badges())['prod'] ?? {}
    const both = async () => [await status(json), await status(json3)]
    expect(await both()).toEqual(['up', 'up'])
    site.pass(DAY + MINUTE)
    expect(await both()).toEqual(['up', 'late'])
    site.pass(HOUR)
    expect(await both()).toEqual(['down', 'down'])
  })

  it('of one check has its name on it', async () => {
    site = await anApiSite()
    const { badge } = await aCheck({ name: 'Photos & <films>' })
    const answer = await fetched(badge)
    expect(answer.headers.get('content-type')).toBe('image/svg+xml')
    expect(await answer.text()).toContain('aria-label="Photos &amp; &lt;films&gt;: up"')
  })

  it('of all checks has the label of the settings, or the name of the site', async () => {
    const label = async () => {
      const answer = await fetched((await badges())['*']?.['shields'] ?? '')
      return ((await answer.json()) as { label: string }).label
    }
    site = await anApiSite({ SITE_NAME: 'Our jobs' })
    expect(await label()).toBe('Our jobs')
    await site.close()
    site = await anApiSite({ SITE_NAME: 'Our jobs', MASTER_BADGE_LABEL: 'everything' })
    expect(await label()).toBe('everything')
  })

  it('is never kept by those who show it, and may be shown anywhere', async () => {
    site = await anApiSite()
    const { badge } = await aCheck({})
    const { headers } = await fetched(badge)
    expect(headers.get('cache-control')).toBe('max-age=0, no-cache, no-store, must-revalidate, private')
    expect(headers.get('expires')).toBe(new Date(site.app.clock()).toUTCString())
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.has('etag')).toBe(false)
    expect(headers.has('set-cookie')).toBe(false)
  })

  it('is no page for odd addresses', async () => {
    site = await anApiSite()
    for (const path of ['/badge/', '/badge/%zz/12345678.svg', '/b/2/x.svg', '/badge/k/12345678/.svg']) {
      expect((await fetch(site.url + path)).status, path).toBe(404)
    }
  })
})
