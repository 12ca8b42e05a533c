import type { Check, Flip } from '../../src/core/check'
import { HOUR } from '../../src/core/time'
import type { DowntimesPage } from '../../src/web/chart-models'
import { downtimesPage } from '../../src/web/downtimes-page'
import { bodyView } from '../../src/web/body-view'
import type { PingPage } from '../../src/web/view-models'
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
      link: { text: 'All', url: '/log/' },
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
