import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { isIP } from 'node:net'
import { Reader } from 'maxmind'
import type { CountryResponse } from 'maxmind'
import { MINUTE } from '../core/time'
import type { Log } from './log'

/** How often the file is looked at for a newer one. */
const LOOK_MS = MINUTE

/** Types of databases that know countries; makers put their own names before it. */
const KNOWS_COUNTRIES = /country|city|enterprise/i

/** Where addresses are in the world, by a file of the operator: spec/operations.md [O34]. */
export interface Countries {
  /** ISO 3166-1, two capital letters; null when the file does not know, or there is no address. */
  countryOf(address: string | null): string | null
  /** Whether pings from there are refused. */
  isBlocked(address: string | null): boolean
  /** Reads the file again. One that is damaged changes nothing. */
  reload(): void
  close(): void
}

/** The file cannot be used; the message is for the operator. */
export class CountriesUnusable extends Error {}

export interface CountriesOptions {
  /** Absolute. */
  file: string
  /** ISO 3166-1, two capital letters each. */
  blocked: readonly string[]
  log: Log
}

/** Opens a GeoIP2 or GeoLite2 file with countries, https://maxmind.github.io/MaxMind-DB/. Throws `CountriesUnusable`. */
export function openCountries({ file, blocked, log }: CountriesOptions): Countries {
  const refused = new Set(blocked)
  let reader = read(file)

  function countryOf(address: string | null): string | null {
    const plain = address?.replace(/^::ffff:(?=[\d.]+$)/i, '') ?? ''
    if (isIP(plain) === 0) return null
    try {
      return reader.get(plain)?.country?.iso_code ?? null
    } catch {
      // An IPv6 address in a file of IPv4 only, or a part of the file that is damaged.
      return null
    }
  }

  function reload(): void {
    try {
      reader = read(file)
      log.info('read the file of countries again', { file })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.error('the file of countries cannot be read; what was read before stays in use', { reason })
    }
  }

  watchFile(file, { interval: LOOK_MS, persistent: false }, reload)
  return {
    countryOf,
    isBlocked: (address) => refused.has(countryOf(address) ?? ''),
    reload,
    close: () => unwatchFile(file, reload),
  }
}

function read(file: string): Reader<CountryResponse> {
  const bytes = contentOf(file)
  let reader: Reader<CountryResponse>
  try {
    reader = new Reader<CountryResponse>(bytes)
  } catch {
    throw new CountriesUnusable(`GEOIP_DB: ${file} is no .mmdb file; use a GeoIP2 or GeoLite2 Country file`)
  }
  const { databaseType } = reader.metadata
  if (!KNOWS_COUNTRIES.test(databaseType)) {
    throw new CountriesUnusable(
      `GEOIP_DB: ${file} (${databaseType}) has no countries; use a GeoIP2 or GeoLite2 Country file`,
    )
  }
  return reader
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CountriesUnusable(`GEOIP_DB: ${file} cannot be read (${code}); name a file that is there`)
  }
}
