import { bulkChoices } from '../../src/web/bulk-actions'
import type {
  BulkJobPage,
  ChannelSwitch,
  CheckChannelsPage,
  CheckRow,
  ChecksPage,
} from '../../src/web/list-models'
import { strip } from '../../src/web/strip'
import type { Mark, Moment } from '../../src/web/view-parts'

const CODE = '6d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e11'
const NOON = Date.UTC(2026, 10, 22, 12)

/** A moment some minutes before noon. */
function before(minutes: number): Moment {
  const iso = new Date(NOON - minutes * 60_000).toISOString()
  return { iso, text: `${iso.slice(0, 10)} ${iso.slice(11, 16)}`, isRelative: true }
}

const WORDS = { new: 'New', up: 'Up', late: 'Late', down: 'Down', paused: 'Paused' }

function mark(shape: Mark['shape'], running = false): Mark {
  return { shape, word: WORDS[shape], running }
}

/** Each has a code of its own, or hooks would be there twice. */
let made = 0

function row(changes: Partial<CheckRow>): CheckRow {
  const code = `${CODE.slice(0, -2)}${10 + made++}`
  const part = (name: string): string => `/checks/${code}/${name}/`
  return {
    code,
    name: 'Nightly database backup',
    project: null,
    canEdit: true,
    status: mark('up'),
    since: 'Up since 2026-11-20 12:00',
    unread: '',
    url: part('details'),
    tags: [],
    asksToConfirm: false,
    strip: strip('11111011111111-11111'),
    pingUrl: {
      endpoint: 'https://rollcall.example.org/ping/',
      rest: code,
      whole: `https://rollcall.example.org/ping/${code}`,
    },
    noPingUrl: null,
    channels: [channel('Ops', 'kind-webhook', true), channel('ada@example.org', 'kind-email', false)],
    channelsText: '',
    channelsUrl: part('channels'),
    addChannelUrl: '',
    schedule: simple('1 day'),
    grace: '1 hour',
    scheduleUrl: part('timeout'),
    due: { lead: '', time: before(-700), span: '', trail: '', tone: 'up' },
    noDue: '—',
    lastPing: before(740),
    lastDuration: '6 min 39 s',
    lastPingUrl: `/checks/${code}/pings/41/`,
    isPaused: false,
    pauseUrl: part('pause'),
    resumeUrl: part('resume'),
    isFresh: false,
    ...changes,
  }
}

function simple(text: string): CheckRow['schedule'] {
  return { text, whole: '', isCode: false, tz: '' }
}

function channel(name: string, icon: string, on: boolean): ChannelSwitch {
  return { code: icon, name, icon, on, problem: on ? '' : 'not confirmed yet', url: `/${icon}/` }
}

function tag(text: string): { text: string; url: string } {
  return { text, url: `/projects/${CODE}/checks/?tag=${text}` }
}

const rows: CheckRow[] = [
  row({
    name: 'Offsite copy to the other house',
    unread: '3 new',
    status: mark('down'),
    tags: [tag('backup'), tag('offsite')],
    due: { lead: 'overdue', time: before(190), span: '3 h 10 min', trail: '', tone: 'down' },
    lastPing: before(1630),
    lastDuration: null,
  }),
  row({
    name: 'Mail queue',
    status: mark('late'),
    tags: [tag('mail')],
    asksToConfirm: true,
    schedule: simple('15 minutes'),
    grace: '10 minutes',
    due: { lead: 'overdue', time: before(4), span: '4 min', trail: '', tone: 'late' },
    lastPing: before(19),
    lastDuration: '0.42 s',
  }),
  row({
    tags: [tag('backup'), tag('db')],
    pingUrl: null,
    noPingUrl: { text: 'set a slug first', url: '/x/' },
  }),
  row({
    name: 'Photo library: thumbnails and checksums',
    status: mark('up', true),
    due: { lead: 'running', time: before(4), span: '4 min', trail: 'of 1 hour', tone: 'running' },
    channels: [],
    channelsText: '3 of 12 on',
  }),
  row({ name: 'Certificate renewal', status: mark('new'), due: null, lastPing: null, strip: strip('') }),
  row({ name: '', status: mark('paused'), due: null, isPaused: true, lastDuration: '1 h 2 min 5 s' }),
  row({
    name: 'AVeryLongNameWithoutAnySpacesThatSomebodyMadeUpToSeeWhetherThePageHoldsOrBreaksInTwo_AndOn_100_chars',
    tags: ['production', 'frankfurt-1', 'customer-facing', 'postgres-16'].map(tag),
  }),
]

export const checks: ChecksPage = {
  heading: 'Home',
  isOfAll: false,
  addUrl: '/projects/1/checks/add/',
  url: '/projects/1/checks/',
  markReadUrl: '/projects/1/checks/mark_read/',
  exportUrl: '/projects/1/checks/?export=csv',
  back: '/projects/1/checks/?status=paused',
  canEdit: true,
  poll: { url: '/projects/1/checks/status/', version: '0123456789abcdef', order: 'abc', can: '1' },
  filter: {
    search: '',
    active: 1,
    statuses: [
      { value: 'down', label: 'Down', shape: 'down', count: 1, on: false },
      { value: 'grace', label: 'Late', shape: 'late', count: 1, on: false },
      { value: 'up', label: 'Up', shape: 'up', count: 3, on: false },
      { value: 'started', label: 'Running', shape: 'running', count: 1, on: false },
      { value: 'new', label: 'New', shape: 'new', count: 1, on: false },
      { value: 'paused', label: 'Paused', shape: 'paused', count: 1, on: true },
      { value: 'unread', label: 'Unread', shape: 'unread', count: 1, on: false },
    ],
    tags: [
      { value: 'backup', label: 'backup', on: false, down: 1, total: 2, mark: 'down' },
      { value: 'db', label: 'db', on: false, down: 0, total: 1, mark: '' },
    ],
    projects: [],
    kept: [{ name: 'per_page', value: '500' }],
    clearUrl: '/projects/1/checks/?per_page=500',
  },
  columns: [
    { key: 'status', label: 'Status', url: '?sort=status', sorted: '' },
    { key: 'name', label: 'Check', url: '?sort=-name', sorted: 'ascending' },
    { key: 'next', label: 'Next due', url: '?sort=next', sorted: '' },
    { key: 'last_ping', label: 'Last ping', url: '?sort=last_ping', sorted: '' },
  ],
  rows,
  total: 340,
  found: 7,
  shownText: '7 of 340 checks',
  tz: 'Europe/Berlin',
  noChannels: { addUrl: '/projects/1/integrations/add/' },
  limit: 'Limit of 300 checks reached.',
  overLimit: '340 of 300 checks are in use: none can be added.',
  addressStyle: { url: '/s/', other: 'slug', label: 'Show slugs', text: 'Ping addresses by UUID' },
  jobUrl: '/checks/bulk/1/',
  bulk: { url: '/b/', matching: { found: 340, query: 'status=paused' }, actions: bulkChoices },
  pager: { previousUrl: null, nextUrl: '?page=2', text: 'Page 1 of 2' },
  pageSizes: [{ size: 500, url: '?per_page=500', current: true }],
  legend: [mark('up'), mark('late'), mark('down'), mark('new'), mark('paused')],
}

export const checkChannels: CheckChannelsPage = {
  trail: [{ text: 'Home', url: '/projects/1/checks/' }],
  heading: 'Who is told of Offsite copy',
  action: '/checks/1/channels/',
  canEdit: true,
  channels: [
    { ...channel('Ops', 'kind-webhook', true), kindLabel: 'Webhook', target: 'hook.example.org' },
    { ...channel('ada@example.org', 'kind-email', false), kindLabel: 'E-mail', target: '' },
  ],
  manageUrl: '/projects/1/integrations/',
  addUrl: null,
  cancelUrl: '/projects/1/checks/',
}

export const bulkJob: BulkJobPage = {
  heading: 'Pausing 3200 checks',
  text: '1300 of 3200',
  percent: 40,
  backUrl: '/projects/1/checks/',
}
