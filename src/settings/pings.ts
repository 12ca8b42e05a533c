import { integer, list, text } from './syntax'

/** Which pings are turned away. */
export const pingSettings = {
  PING_RATE_LIMIT: integer({
    default: 0,
    min: 0,
    max: 1_000_000,
    sentence:
      'How many pings each check may get a minute; more are answered 429 and not recorded, unless they change its status. 0 is no limit.',
  }),
  GEOIP_DB: text({ sentence: 'The path of a GeoIP2 or GeoLite2 Country file (.mmdb).' }),
  GEOIP_BLOCK: list(
    'country codes',
    {
      sentence:
        'The countries, by two letters of ISO 3166-1, whose pings are refused; pages and the API stay open. Needs GEOIP_DB.',
    },
    (item) =>
      /^[a-z]{2}$/i.test(item)
        ? { value: item.toUpperCase() }
        : { expected: 'use two letters for each country' },
  ),
}
