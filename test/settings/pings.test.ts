import { describe, expect, it } from 'vitest'
import { configOf, problemsOf } from '../support/settings'

describe('settings of pings that are turned away', () => {
  it('let all pings in unless they say otherwise', () => {
    expect(configOf({})).toMatchObject({ pingsPerMinute: null, geoip: null })
    expect(configOf({ PING_RATE_LIMIT: '5' }).pingsPerMinute).toBe(5)
  })

  it('name countries by two letters, and who knows them', () => {
    expect(configOf({ GEOIP_DB: 'geo/countries.mmdb', GEOIP_BLOCK: 'ru, by' }).geoip).toEqual({
      file: '/srv/geo/countries.mmdb',
      blocked: ['RU', 'BY'],
    })
    expect(problemsOf({ GEOIP_DB: 'x', GEOIP_BLOCK: 'Russia' })).toEqual([
      expect.stringContaining('use two letters for each country'),
    ])
  })

  it('cannot block countries that nobody can tell', () => {
    expect(problemsOf({ GEOIP_BLOCK: 'RU' })).toEqual([
      'GEOIP_BLOCK is set without GEOIP_DB: name a GeoLite2 Country file, or block nobody',
    ])
  })
})
