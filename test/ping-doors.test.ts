import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultOf } from '../src/commands/faults'
import { freshFolder } from './support/databases'
import { localSite } from './support/local-site'
import type { LocalSite } from './support/local-site'
import { mmdb } from './support/mmdb'
import { configOf } from './support/settings'

let site: LocalSite | null = null
afterEach(async () => {
  await site?.close()
  site = null
})

/** The status of a request under a name of our choice, as a proxy passes it on. */
function statusAt(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${site?.url}${path}`, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

const UNKNOWN = '00000000-0000-4000-8000-000000000000'

describe('the appliance', () => {
  it('takes pings at the root of a host of their own, and shows its pages elsewhere', async () => {
    site = await localSite({ SITE_ROOT: 'http://rollcall.test/below', PING_ENDPOINT: 'http://ping.test/' })
    const at = (host: string, path: string) => statusAt(path, { host })
    expect(await at('ping.test', `/${UNKNOWN}/256`)).toBe(404)
    expect(await at('ping.test', `/some-key/Capitals`)).toBe(400)
    expect(await at('any.test', `/below/ping/some-key/Capitals`)).toBe(400)
    expect(await at('rollcall.test', `/some-key/Capitals`)).toBe(404)
    expect(await at('rollcall.test', '/below/')).toBe(303)
  })

  it('refuses pings from countries, but no pages', async () => {
    const file = join(freshFolder(), 'countries.mmdb')
    writeFileSync(file, mmdb({ '203.0.113.0/24': 'RU' }))
    site = await localSite({ GEOIP_DB: file, GEOIP_BLOCK: 'RU', TRUSTED_PROXIES: 'private' })
    const from = (path: string, address: string) => statusAt(path, { 'x-forwarded-for': address })
    expect(await from(`/ping/${UNKNOWN}`, '203.0.113.7')).toBe(403)
    expect(await from(`/ping/${UNKNOWN}`, '198.51.100.7')).toBe(404)
    expect(await from('/', '203.0.113.7')).toBe(303)
  })

  it('says what is wrong with its file of countries, and does not start', async () => {
    const failed: unknown = await localSite({ GEOIP_DB: '/nowhere/countries.mmdb' }).catch(
      (error: unknown) => error,
    )
    expect(faultOf(failed, configOf({}))).toEqual({
      code: 78,
      sentence: 'GEOIP_DB: /nowhere/countries.mmdb cannot be read (ENOENT); name a file that is there',
    })
  })
})
