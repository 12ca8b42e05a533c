import * as addresses from './addresses'
import { flag, integer, items, list, parsed, text, wholeNumber, type Parse } from './syntax'

const HEADER_EXAMPLE = 'HTTP_X_FORWARDED_PROTO,https'

/** How requests come in. */
export const serverSettings = {
  LISTEN: parsed(
    'address:port or unix:/path',
    { defaultShown: '[::]:8000', sentence: 'Where the server listens.' },
    addresses.listen,
  ),
  PORT: parsed(
    'integer',
    {
      defaultShown: 'the port in LISTEN',
      sentence: 'The port of LISTEN alone, for platforms that give one.',
    },
    (given) => {
      if (given === '') return { value: null }
      const port = wholeNumber(given, { min: 0, max: 65_535 })
      return port === null ? { expected: 'use a port from 0 to 65535' } : { value: port }
    },
  ),
  TRUSTED_PROXIES: list(
    'ranges',
    {
      defaultShown: 'private if SITE_ROOT is set, else none',
      sentence:
        'Whose forwarding headers are believed: ranges as 10.0.0.0/8, private for all private networks, none, or * for everybody. REMOTE_USER_HEADER wants them named.',
    },
    (item): ReturnType<Parse<string[] | 'any'>> => {
      if (item === '*') return { value: 'any' }
      return item.toLowerCase() === 'none' ? { value: [] } : addresses.proxyRange(item)
    },
  ),
  SECURE_PROXY_SSL_HEADER: parsed(
    'header,value',
    { sentence: `A request counts as https if it has this header, for instance ${HEADER_EXAMPLE}.` },
    (given) => {
      const [name, value, more] = items(given)
      if (name === undefined) return { value: null }
      if (value === undefined || more !== undefined || !/^HTTP_[A-Z0-9_]+$/i.test(name))
        return { expected: `use a header and its value, ${HEADER_EXAMPLE} for instance` }
      return { value: { name: name.slice(5).toLowerCase().replaceAll('_', '-'), value } }
    },
  ),
  SECURE_HSTS_SECONDS: integer({
    default: 0,
    min: 0,
    max: 315_360_000,
    sentence: 'How long browsers shall insist on https, told over https only; 0 says nothing.',
  }),
  API_RATE_LIMIT: integer({
    default: 0,
    min: 0,
    max: 1_000_000,
    sentence: 'How many requests to the management API each project has a minute; 0 is no limit.',
  }),
  METRICS_KEY: text({
    secret: true,
    defaultShown: 'none: the metrics are closed',
    sentence: 'The key to the metrics of this server, at /metrics and /api/v3/metrics/.',
  }),
  PROMETHEUS_ENABLED: flag({
    default: true,
    sentence: 'Lets Prometheus read how the checks of a project are.',
  }),
  USE_GZIP_MIDDLEWARE: flag({ default: true, sentence: 'Compresses answers for those who can take it.' }),
  DEBUG: flag({ default: false, sentence: 'Shows the inner side of errors on their pages, and logs more.' }),
}
