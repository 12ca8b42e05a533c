import * as addresses from './addresses'
import { choice, flag, integer, list, parsed, text, type Parse } from './syntax'

/** What the server calls and does by itself, and what it tells about it. */
export const workSettings = {
  INTEGRATIONS_ALLOW_PRIVATE_IPS: flag({
    default: null,
    defaultShown: 'False if REGISTRATION_OPEN, else True',
    sentence: 'Lets integrations call addresses in private networks.',
  }),
  INTEGRATIONS_ALLOW_CIDRS: list(
    'ranges',
    { sentence: 'Ranges that integrations may call in any case.' },
    addresses.cidr,
  ),
  WEBHOOKS_ENABLED: flag({ default: true, sentence: 'Offers webhooks as channels.' }),
  NOTIFY_DEFERRED_RETRIES: flag({
    default: true,
    sentence: 'Tries a failed notification again later, for up to some days.',
  }),
  http_proxy: parsed(
    'address',
    { sentence: 'The proxy for http requests to others.' },
    addresses.proxyAddress,
  ),
  https_proxy: parsed(
    'address',
    { sentence: 'The proxy for https requests to others.' },
    addresses.proxyAddress,
  ),
  no_proxy: text({ sentence: 'Hosts that are called without a proxy.' }),

  ROLES: list(
    'web, smtpd, alerts, reports, maintenance',
    {
      default: 'web,smtpd,alerts,reports,maintenance',
      sentence: 'What this process does, where several share the work.',
    },
    (item): ReturnType<Parse<'web' | 'smtpd' | 'alerts' | 'reports' | 'maintenance'>> =>
      item === 'web' || item === 'smtpd' || item === 'alerts' || item === 'reports' || item === 'maintenance'
        ? { value: item }
        : { expected: 'use web, smtpd, alerts, reports and maintenance' },
  ),
  ALERT_WORKERS: integer({
    default: 8,
    min: 1,
    max: 100,
    sentence:
      'How many integrations are told at once. Those that are slow, or were never told yet, come on top: up to four times as many.',
  }),
  ALERT_STARTUP_DELAY: integer({
    default: 15,
    min: 0,
    max: 3600,
    sentence:
      'How many seconds after its start the server lets checks go down: time for pings that it missed.',
  }),
  WATCHDOG_PING_URL: parsed(
    'address',
    {
      secret: true,
      sentence:
        'A ping address on another instance, called once a minute as long as alerts work here: give its check a period of 2 minutes. Each process that does alerts wants one of its own.',
    },
    addresses.webAddress,
  ),
  LOG_LEVEL: choice(['error', 'warn', 'info', 'debug'], {
    default: 'info',
    sentence: 'The least important events that are still logged.',
  }),
  LOG_FORMAT: choice(['text', 'json'], { default: 'text', sentence: 'How each line of the log is written.' }),
  LOG_REQUESTS: flag({ default: true, sentence: 'Logs a line for each request to pages and API.' }),
  UWSGI_DISABLE_LOGGING: flag({ default: false, sentence: 'The same as LOG_REQUESTS=False.' }),
  SHUTDOWN_TIMEOUT: integer({
    default: 25,
    min: 0,
    max: 600,
    sentence: 'How many seconds running work has to finish when the server is stopped.',
  }),
}
