import type { Check, Flip } from '../../src/core/check'
import { HOUR } from '../../src/core/time'
import type { DowntimesPage } from '../../src/web/chart-models'
import { downtimesPage } from '../../src/web/downtimes-page'
import { bodyView } from '../../src/web/body-view'
import { pathsBelow } from '../../src/web/paths'
import { usagePage } from '../../src/web/usage-page'
import type { UsagePage } from '../../src/web/usage-page'
import type { LogPage } from '../../src/web/log-models'
import type { PingPage } from '../../src/web/check-models'
import { aCheck, NOON } from '../support/build'

const check: Check = aCheck({ status: 'down', createdAt: NOON - 2000 * HOUR })

const flips: Flip[] = [
  { at: NOON - 3 * HOUR, from: 'up', to: 'down', reason: 'fail', silent: false },
  { at: NOON - 700 * HOUR, from: 'down', to: 'up', reason: '', silent: false },
  { at: NOON - 760 * HOUR, from: 'up', to: 'down', reason: 'timeout', silent: false },
]

export const downtimes: DowntimesPage = downtimesPage({
  check,
  flips,
  told: [],
  runs: [],
  month: '2026-01',
  nowAt: NOON,
  tz: 'Europe/Riga',
  url: '/checks/1/downtimes/',
  trail: [{ text: 'Home', url: '/projects/1/checks/' }],
})

const received = { iso: new Date(NOON).toISOString(), text: '2026-01-15 14:00', isRelative: true }

export const ping: PingPage = {
  trail: [
    { text: 'Home', url: '/projects/1/checks/' },
    { text: 'Offsite copy', url: '/checks/1/details/' },
  ],
  n: 40,
  icon: 'exit',
  word: 'Failure, exit status 3',
  older: '/checks/1/pings/39/',
  newer: null,
  facts: [
    { label: 'Received', value: '2026-01-15', time: received, mono: false, copy: false, link: null },
    {
      label: 'Run',
      value: '1f0a8a51',
      time: null,
      mono: true,
      copy: true,
      link: { text: 'All', url: '/log/', isPing: false },
    },
  ],
  content: bodyView({
    body: Buffer.from('pg_dump: \u001b[31merror\u001b[0m:\n  connection refused <b>'),
    isMail: false,
    url: '/checks/1/pings/40/',
    htmlUrl: '/checks/1/pings/40/html/',
    downloadUrl: '/body/',
    asked: { numbers: 'on' },
  }),
  mail: {
    head: [{ label: 'From', value: 'Backup <backup@example.org>' }],
    attachments: ['log.txt (text/plain, 96 bytes)'],
  },
  bodyNote: null,
}

export const log: LogPage = {
  trail: [{ text: 'Home', url: '/projects/1/checks/' }],
  url: '/checks/1/log/',
  tz: 'Europe/Riga',
  tabs: [
    { key: 'events', label: 'Events', url: '/checks/1/log/', current: true },
    { key: 'runs', label: 'Runs', url: '/checks/1/log/?view=runs', current: false },
  ],
  filter: {
    from: '2026-01-01T00:00',
    to: '',
    exit: '3',
    rid: '1f0a8',
    text: '<b>',
    body: true,
    kinds: [{ key: 'success', label: 'Success', on: true }],
    isActive: true,
    tz: '',
    ignored: 'Ignored: to (not a date).',
  },
  searchNote: 'Looks into addresses.',
  months: [
    { text: 'Jan 2026', url: '?from=2026-01-01' },
    { text: 'Dec 2025', url: '?from=2025-12-01' },
  ],
  zones: [],
  countText: '; the oldest stored ping is #1 of 2026-01-01.',
  events: [
    {
      type: 'ping',
      id: 'ping-40',
      n: 40,
      url: '/checks/1/pings/40/',
      at: received,
      icon: 'exit',
      word: 'Exit 3',
      duration: '12 s',
      runId: { short: '1f0a8', whole: '1f0a8a51-0b6f-4a3c-8e11-6d0d7e3f1c9b', url: '?rid=1f0a8' },
      source: 'HTTP POST from 192.0.2.7',
      userAgent: 'Wget/1.21',
      body: 'pg_dump: error',
    },
  ],
  olderUrl: '?before=1.2.3',
  olderLabel: 'Load older',
  newerUrl: '/checks/1/log/?after=1.2.3',
  newestUrl: '/checks/1/log/',
  poll: { url: '/checks/1/log_events/', version: '1.2.3' },
  runs: null,
  exports: { csv: '?export=csv', ndjson: '?export=ndjson', csvWithBodies: '?export=csv&bodies=on' },
}

export const usage: UsagePage = usagePage({
  check,
  pingUrl: 'https://rollcall.example.org/ping/6d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e11',
  emailAddress: null,
  lang: 'crontab',
  variant: 'rid',
  trail: [{ text: 'Home', url: '/projects/1/checks/' }],
  paths: pathsBelow(''),
})
