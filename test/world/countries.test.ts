import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCountries } from '../../src/world/countries'
import type { Countries } from '../../src/world/countries'
import { freshFolder } from '../support/databases'
import { recorder } from '../support/local-site'
import { mmdb } from '../support/mmdb'

let file: string
let countries: Countries
const logged: Parameters<typeof recorder>[0] = []

const open = () => openCountries({ file, blocked: ['RU', 'XX'], log: recorder(logged) })

beforeEach(() => {
  logged.length = 0
  file = join(freshFolder(), 'countries.mmdb')
  writeFileSync(file, mmdb({ '203.0.113.0/24': 'RU', '198.51.100.0/25': 'LV' }))
  countries = open()
})
afterEach(() => countries.close())

describe('the country of an address', () => {
  it.each([
    ['203.0.113.7', 'RU', true],
    ['::ffff:203.0.113.7', 'RU', true],
    ['198.51.100.1', 'LV', false],
    ['198.51.100.200', null, false],
    ['10.0.0.1', null, false],
    ['2001:db8::1', null, false],
    ['nonsense', null, false],
    [null, null, false],
  ])('%s is %s', (address, country, isBlocked) => {
    expect(countries.countryOf(address)).toBe(country)
    expect(countries.isBlocked(address)).toBe(isBlocked)
  })
})

describe('the file', () => {
  it('is read again when it changed', () => {
    writeFileSync(file, mmdb({ '203.0.113.0/24': 'LV' }))
    countries.reload()
    expect(countries.isBlocked('203.0.113.7')).toBe(false)
  })

  it('stays as it was read when it is damaged or removed later', () => {
    writeFileSync(file, 'half a downl')
    countries.reload()
    rmSync(file)
    countries.reload()
    expect(countries.isBlocked('203.0.113.7')).toBe(true)
    expect(logged.map(({ level }) => level)).toEqual(['error', 'error'])
  })

  it('has to be there at the start, and to know countries', () => {
    writeFileSync(file, mmdb({ '203.0.113.0/24': 'RU' }, 'GeoLite2-ASN'))
    expect(open).toThrow(/has no countries; use a GeoIP2/)
    writeFileSync(file, 'no database at all')
    expect(open).toThrow(/is no \.mmdb file; use a GeoIP2/)
    rmSync(file)
    expect(open).toThrow(/cannot be read \(ENOENT\)/)
  })
})
