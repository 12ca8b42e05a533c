import { runChart } from '../../src/web/run-chart'
import { accountNav } from '../../src/web/account-nav'
import { pathsBelow } from '../../src/web/paths'
import { timingPart } from '../../src/web/schedule-form'
import type { CheckFormPage, SchedulePreview } from '../../src/web/schedule-models'
import { tabs, teamExamples } from './team-examples'
import { monthCards } from '../../src/web/uptime-calendar'
import { checkChannels, checks } from './list-examples'
import type { Field, LogEntry, Mark, Moment } from '../../src/web/view-parts'
import type { CheckPage, ErrorPage, FormPage } from '../../src/web/view-models'
import type { LayoutPage, Views } from '../../src/web/views'
import * as checkExamples from './check-examples'

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

const pingUrl = {
  endpoint: 'https://rollcall.example.org/ping/',
  rest: CODE,
  whole: `https://rollcall.example.org/ping/${CODE}`,
}

const endings = [
  { ending: '…', meaning: 'the job has finished well' },
  { ending: '/start', meaning: 'it has started: run times are measured, and a run that hangs is noticed' },
  { ending: '/fail', meaning: 'it has failed: alerts go out at once' },
  { ending: '/log', meaning: 'only keep this message; the status stays' },
  { ending: '/1', meaning: 'an exit status, 0 to 255: 0 is success, all others are failures' },
  { ending: '?rid=…', meaning: 'a UUID that tells runs apart when several go on at once' },
]

function tag(text: string): { text: string; url: string } {
  return { text, url: `/projects/${CODE}/checks/?tag=${text}` }
}

const events: LogEntry[] = [
  {
    type: 'notification',
    id: 'n2',
    at: before(189),
    icon: 'told',
    text: 'Told',
    channel: 'alice@example.org (email)',
    problem: '',
  },
  {
    type: 'notification',
    id: 'n1',
    at: before(189),
    icon: 'untold',
    text: 'Not told',
    channel: 'Home Assistant (webhook)',
    problem: 'The server answered 502',
  },
  {
    type: 'flip',
    id: 'f1',
    at: before(190),
    from: mark('up'),
    to: mark('down'),
    why: 'no ping came in time',
  },
  {
    type: 'ping',
    id: 'p44',
    n: 44,
    url: '/checks/1/pings/44/',
    at: before(300),
    icon: 'log',
    word: 'Log',
    duration: null,
    runId: null,
    source: 'HTTPS POST from 192.0.2.7',
    userAgent: 'curl/8.11.1',
    body: 'rsync: 4,211 files, 3.2 GB sent',
  },
  {
    type: 'ping',
    id: 'p43',
    n: 43,
    url: '/checks/1/pings/43/',
    at: before(1630),
    icon: 'ok',
    word: 'OK',
    duration: '6 min 39 s',
    runId: { short: '1f0a8', whole: '1f0a8a51-0b6f-4a3c-8e11-6d0d7e3f1c9b', url: '/checks/1/log/?rid=1f0a8' },
    source: 'HTTPS GET from 192.0.2.7',
    userAgent: 'curl/8.11.1',
    body: '',
  },
  {
    type: 'ping',
    id: 'p42',
    n: 42,
    url: '/checks/1/pings/42/',
    at: before(1637),
    icon: 'started',
    word: 'Started',
    duration: null,
    runId: { short: '1f0a8', whole: '1f0a8a51-0b6f-4a3c-8e11-6d0d7e3f1c9b', url: '/checks/1/log/?rid=1f0a8' },
    source: 'HTTPS GET from 192.0.2.7',
    userAgent: 'curl/8.11.1',
    body: '',
  },
  { type: 'flip', id: 'f0', at: before(3000), from: mark('down'), to: mark('up'), why: '' },
  {
    type: 'ping',
    id: 'p41',
    n: 41,
    url: '/checks/1/pings/41/',
    at: before(3000),
    icon: 'ok',
    word: 'OK',
    duration: null,
    runId: null,
    source: 'HTTPS GET from 2001:db8:85a3::8a2e:370:7334',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome',
    body: '',
  },
  {
    type: 'ping',
    id: 'p40',
    n: 40,
    url: '/checks/1/pings/40/',
    at: before(4400),
    icon: 'exit',
    word: 'Exit 3',
    duration: '12 s',
    runId: null,
    source: 'HTTP POST from 192.0.2.7',
    userAgent: 'Wget/1.21',
    body: 'pg_dump: error: connection to server at "db" (10.0.0.4), port 5432 failed: Connection refused',
  },
  {
    type: 'ping',
    id: 'p39',
    n: 39,
    url: '/checks/1/pings/39/',
    at: before(5000),
    icon: 'ignored',
    word: 'Ignored',
    duration: null,
    runId: null,
    source: 'HTTP HEAD from 198.51.100.20',
    userAgent: '',
    body: '',
  },
  {
    type: 'ping',
    id: 'p38',
    n: 38,
    url: '/checks/1/pings/38/',
    at: before(5100),
    icon: 'failure',
    word: 'Failure',
    duration: null,
    runId: null,
    source: 'HTTPS GET from 192.0.2.7',
    userAgent: 'python-requests/2.32',
    body: '48 kB body',
  },
]

export const check: CheckPage = {
  name: 'Offsite copy to the other house',
  code: CODE,
  tags: [tag('backup'), tag('offsite')],
  description: ['Runs on the NAS under root.', 'If it fails, look whether the tunnel is up.'],
  trail: [{ text: 'Home', url: '/projects/1/checks/' }],
  status: mark('down'),
  headline: ['Down since ', { ...before(190), isRelative: false }],
  sentence: [
    'No success ping arrived within the grace time after ',
    { ...before(250), isRelative: false },
    '.',
  ],
  notes: [],
  isWaiting: false,
  waitingMark: mark('new', true),
  pingUrl,
  curl: `curl -fsS -m 10 --retry 5 -o /dev/null ${pingUrl.whole}`,
  crontab: `* * * * * /path/to/job && curl -fsS -m 10 --retry 5 -o /dev/null ${pingUrl.whole}`,
  endings,
  schedule: {
    words: 'At 03:30 on Sunday',
    lines: ['30 3 * * SUN'],
    tz: 'Europe/Riga',
    grace: '1 hour',
    problem: '',
    hint: '',
    next: [
      { time: before(-700), note: '' },
      { time: before(-10_780), note: 'Moved from 03:30: the clocks jump from 03:00 to 04:00' },
    ],
  },
  channels: [
    { name: 'alice@example.org', kindLabel: 'Email', icon: 'kind-email', problem: null },
    {
      name: 'Home Assistant',
      kindLabel: 'Webhook',
      icon: 'kind-webhook',
      problem: 'The server answered 502',
    },
  ],
  channelsUrl: '/projects/1/integrations/',
  addChannelUrl: '/projects/1/integrations/add/',
  events,
  olderUrl: '?before=38',
  newestUrl: null,
  tz: 'Europe/Berlin',
  isPaused: false,
  emailAddress: `${CODE}@ping.example.org`,
  may: true,
  poll: { url: '/checks/1/status/', version: '0a1b' },
  chart: runChart({
    range: { key: '50', label: 'Last 50', runs: 50 },
    runs: [4, 3, 2, 1].map((n) => ({
      runId: null,
      startN: 2 * n - 1,
      endN: 2 * n,
      startedAt: NOON - (6 - n) * 86_400_000,
      endedAt: NOON - (6 - n) * 86_400_000 + n * 60_000,
      outcome: n === 2 ? 'fail' : 'success',
      durationMs: n * 60_000,
    })),
    days: [],
    graceMs: 3_600_000,
    nowAt: NOON,
    tz: 'Europe/Berlin',
    pingUrl: (n) => `/checks/1/pings/${n}/`,
    rangeUrl: (key) => `?chart=${key}`,
    helpUrl: '/docs/',
  }),
  months: monthCards(
    {
      check: { status: 'down', createdAt: NOON - 40 * 86_400_000 },
      flips: [{ at: NOON - 190 * 60_000, from: 'up' }],
      nowAt: NOON,
      tz: 'Europe/Berlin',
    },
    3,
  ),
  pingNote: 'Only POST requests count.',
  urls: {
    edit: '/e/',
    schedule: '/s/',
    filters: '/f/',
    pause: '/p/',
    resume: '/r/',
    remove: '/x/',
    pingNow: '/n/',
    copy: '/c/',
    transfer: '/t/',
    clear: '/l/',
    usage: '/u/',
    log: '/g/',
    downtimes: '/d/',
    channels: '/i/',
  },
  bySlug: { url: { ...pingUrl, rest: 'key/offsite' }, text: '', link: null },
  zones: [
    { tz: 'UTC', url: '?tz=UTC', current: false },
    { tz: 'Europe/Berlin', url: '?tz=Europe/Berlin', current: true },
  ],
}

/** The same check before its first ping. */
export const waiting: CheckPage = {
  ...check,
  name: 'My first check',
  tags: [],
  description: [],
  status: mark('new'),
  headline: ['New'],
  sentence: ['No ping yet.'],
  notes: [],
  isWaiting: true,
  events: [],
  channels: [],
  olderUrl: null,
}

function field(changes: Partial<Field>): Field {
  return {
    name: 'name',
    label: 'Name',
    type: 'text',
    value: '',
    help: '',
    error: '',
    required: false,
    maxLength: 100,
    autocomplete: 'off',
    isCode: false,
    isFirst: false,
    options: [],
    ...changes,
  }
}

const units = ['minutes', 'hours', 'days', 'weeks'].map((unit) => ({
  value: unit,
  label: unit,
  chosen: unit === 'days',
}))

export const form: FormPage = {
  trail: [{ text: 'Home', url: '/projects/1/checks/' }],
  heading: 'New check',
  intro: 'A check listens for one job.',
  action: '/projects/1/checks/add/',
  hidden: [{ name: 'form', value: 'once' }],
  groups: [
    {
      legend: '',
      fields: [
        field({ value: 'Nightly backup', isFirst: false }),
        field({
          name: 'slug',
          label: 'Slug',
          isCode: true,
          value: 'Not good',
          help: 'For ping addresses by name.',
          error: 'Slug: only a–z, 0–9, hyphen and underscore.',
        }),
        field({ name: 'tags', label: 'Tags', help: 'Separated by spaces.' }),
        field({ name: 'description', label: 'Description', type: 'area' }),
      ],
    },
    {
      legend: 'Schedule',
      fields: [
        field({
          name: 'period',
          label: 'Expected every',
          type: 'duration',
          value: '1',
          required: true,
          options: units,
        }),
        field({
          name: 'method',
          label: 'Method',
          type: 'select',
          options: [{ value: 'GET', label: 'GET', chosen: true }],
        }),
        field({ name: 'up', label: 'Tell when it comes back', type: 'tick', value: 'true' }),
      ],
    },
  ],
  errors: [{ field: 'slug', text: 'Slug: only a–z, 0–9, hyphen and underscore.' }],
  submit: 'Create check',
  cancelUrl: '/projects/1/checks/',
  notes: ['Answers from 200 to 299 count as delivered.'],
  placeholders: [{ name: '$NAME', meaning: 'the name of the check' }],
}

const preview: SchedulePreview = {
  words: 'At 03:30 on Sunday',
  problem: '',
  zones: [
    { name: 'Europe/Riga', whose: 'the check’s' },
    { name: 'Europe/Berlin', whose: 'yours' },
    { name: 'UTC', whose: '' },
  ],
  runs: [
    {
      iso: '2027-03-28T04:00:00+03:00',
      times: [
        { day: 'Sun 2027-03-28', time: '04:00', offset: '+03:00' },
        { day: '', time: '03:00', offset: '' },
        { day: '', time: '01:00', offset: '' },
      ],
      relative: 'in 3 months, 3 weeks',
      note: 'Moved from 03:30: the clocks jump from 03:00 to 04:00',
    },
  ],
  remarks: ['Runs when either matches (classic cron rule).'],
  consequence: {
    isWarning: true,
    sentence: ['With this schedule the check is overdue since ', before(40), '.'],
  },
  pasted: { expression: '30 3 * * SUN', command: '/usr/local/bin/backup', name: 'backup' },
}

export const checkForm: CheckFormPage = {
  trail: form.trail,
  heading: 'New check',
  intro: form.intro,
  action: form.action,
  cancelUrl: form.cancelUrl,
  submit: form.submit,
  errors: [{ field: 'cron', text: 'Bad hour.' }],
  groups: form.groups.slice(0, 1),
  told: [],
  timing: timingPart('Schedule', {
    form: { kind: 'cron', cron: '30 3 * * SUN', tz: 'Europe/Riga', period: '1', period_unit: 'days' },
    problem: null,
    zones: ['Europe/Riga'],
    preview,
  }),
}

export const error: ErrorPage = {
  code: 404,
  heading: 'There is nothing here',
  text: ['The page does not exist, or you may not see it.'],
  link: { text: 'To the projects', url: '/' },
  requestId: 'k3f9x2ab',
  kept: [{ name: 'name', value: 'Nightly backup' }],
}

/** One example of every page: the compiler asks for it when a view is added. */
const docsGroups = [
  { heading: 'Pings', pages: [{ title: 'Ping API', url: '/docs/http_api/', current: true }] },
]

export const examples: Views = {
  ...checkExamples,
  ...teamExamples,
  home: {
    addUrl: '/projects/add/',
    offers: [{ text: 'mia@example.org invites you', answerUrl: '/a/', formUrl: '/b/' }],
    projects: [
      {
        name: 'Home',
        url: '/projects/1/checks/',
        worst: mark('down'),
        counts: '1 down · 1 late · 31 up',
        checks: '34 checks',
        role: 'Owner',
        owner: '',
      },
      {
        name: 'Work',
        url: '/projects/2/checks/',
        worst: mark('up'),
        counts: '12 up',
        checks: '12 checks',
        role: 'Member',
        owner: 'mia@example.org',
      },
    ],
  },
  checks,
  'check-channels': checkChannels,
  check,
  form,
  'check-form': checkForm,
  confirm: {
    trail: [{ text: 'Home', url: '/projects/1/checks/' }],
    heading: 'Remove Nightly backup?',
    text: ['The ping URL stops working at once and cannot be brought back.'],
    action: '/checks/1/remove/',
    submit: 'Remove check',
    isDanger: true,
    cancelUrl: '/checks/1/details/',
    typed: field({
      name: 'typed',
      label: 'Type the name to confirm',
      required: true,
      error: 'Type Nightly backup to confirm.',
    }),
  },
  'channel-checks': {
    trail: [{ text: 'Integrations', url: '/i/' }],
    name: 'Ops',
    action: '/c/',
    cancelUrl: '/i/',
    checks: [{ field: 'on-1', name: 'Nightly backup', isOn: true }],
  },
  channels: {
    projectName: 'Home',
    mayChange: true,
    addUrl: '/projects/1/integrations/add/',
    channels: [
      {
        code: CODE,
        icon: 'kind-email',
        kindLabel: 'Email',
        name: '',
        target: 'alice@example.org',
        tells: '',
        checks: '34 of 34',
        state: { word: 'Ready', tone: 'ready', why: '' },
        last: { lead: 'delivered', time: before(189), error: '' },
        checksUrl: '/c/',
        nameUrl: '/n/',
        editUrl: '/e/',
        testUrl: '/t/',
        removeUrl: '/r/',
      },
      {
        code: '2',
        icon: 'kind-email',
        kindLabel: 'Email',
        name: 'The neighbour',
        target: 'bob@example.net',
        tells: 'down only',
        checks: '3 of 34',
        state: { word: 'Unconfirmed', tone: 'waiting', why: 'the link in our mail was not opened yet' },
        last: { lead: '', time: null, error: '' },
        checksUrl: '/c/',
        nameUrl: '/n/',
        editUrl: '/e/',
        testUrl: '/t/',
        removeUrl: '/r/',
      },
      {
        code: '3',
        icon: 'kind-webhook',
        kindLabel: 'Webhook',
        name: 'Home Assistant',
        target: 'GET ha.example.org',
        tells: '',
        checks: '34 of 34',
        state: { word: 'Disabled', tone: 'problem', why: 'the last delivery failed for good' },
        last: { lead: 'failed', time: before(189), error: 'The server answered 410: gone' },
        checksUrl: '/c/',
        nameUrl: '/n/',
        editUrl: '/e/',
        testUrl: '/t/',
        removeUrl: '/r/',
      },
    ],
  },
  'channel-kinds': {
    trail: [{ text: 'Integrations', url: '/projects/1/integrations/' }],
    kinds: [
      {
        kind: 'email',
        label: 'Email',
        icon: 'kind-email',
        text: 'A mail when a check goes down or comes back.',
        url: '/projects/1/add_email/',
        why: '',
      },
      {
        kind: 'webhook',
        label: 'Webhook',
        icon: 'kind-webhook',
        text: 'A request of your own making.',
        url: '/projects/1/add_webhook/',
        why: '',
      },
      {
        kind: 'shell',
        label: 'Shell',
        icon: 'kind-other',
        text: '',
        url: null,
        why: 'Not switched on here.',
      },
    ],
  },
  notifications: {
    action: '/accounts/profile/notifications/',
    email: 'alice@example.org',
    fields: [
      field({
        name: 'reports',
        label: 'Reports',
        type: 'select',
        help: 'Sent between 9:00 and 11:00 in your time zone.',
        options: [
          { value: 'off', label: 'Never', chosen: false },
          { value: 'monthly', label: 'Monthly, on the 1st', chosen: true },
        ],
      }),
    ],
    errors: [{ field: 'reports', text: 'Choose one of the options.' }],
    nextReport: { ...before(-9000), isRelative: false },
    tz: 'Europe/Berlin',
    whyNot: '',
    cancelUrl: '/',
  },
  unsubscribe: {
    heading: 'Unsubscribe from reports?',
    text: ['You get no more reports.'],
    action: '/accounts/unsubscribe_reports/1.2.3/',
    submit: 'Unsubscribe',
    pressesItself: true,
  },
  message: {
    heading: 'Address confirmed',
    text: ['From now on alerts are sent to it.'],
    link: { text: 'To the checks', url: '/' },
  },
  setup: {
    action: '/setup/',
    siteName: 'Rollcall',
    fields: [
      field({
        name: 'code',
        label: 'Set-up code',
        isCode: true,
        required: true,
        isFirst: false,
        help: 'Four groups of four, in the log of the server.',
      }),
      field({
        name: 'email',
        label: 'E-mail',
        type: 'email',
        autocomplete: 'username',
        required: true,
        maxLength: 254,
      }),
      field({
        name: 'password',
        label: 'Password',
        type: 'password',
        autocomplete: 'new-password',
        required: true,
        help: 'At least 10 characters.',
      }),
      field({
        name: 'repeat',
        label: 'The same again',
        type: 'password',
        autocomplete: 'new-password',
        required: true,
        error: 'The two entries differ.',
      }),
    ],
    tz: 'UTC',
    zones: ['Europe/Berlin', 'UTC'],
    tzWrong: { name: 'tz', text: '' },
    problems: [{ field: 'repeat', text: 'The two entries differ.' }],
  },
  keys: {
    tabs,
    projectName: 'Home',
    keys: [
      {
        code: CODE,
        name: 'Terraform',
        hint: 'hcw_Zt7a',
        access: 'Read and write',
        made: { at: before(3000), by: 'alice@example.org' },
        used: { at: before(3), from: '192.0.2.7' },
        expires: { at: null, isOver: false },
        revokeUrl: `/projects/${CODE}/settings/keys/${CODE}/revoke/`,
      },
      {
        code: '0d5f6c1e-5b0c-4a4e-8b86-2d6e2b8ad7f1',
        name: 'Dashboard',
        hint: 'hcr_8Qm1',
        access: 'Read only',
        made: { at: before(300_000), by: 'alice@example.org' },
        used: null,
        expires: { at: before(60), isOver: true },
        revokeUrl: `/projects/${CODE}/settings/keys/0d5f6c1e-5b0c-4a4e-8b86-2d6e2b8ad7f1/revoke/`,
      },
    ],
    tz: 'Europe/Berlin',
    form: {
      action: `/projects/${CODE}/settings/keys/`,
      fields: [field({ name: 'name', label: 'Name', required: true, error: 'Fill in this field.' })],
      errors: [{ field: 'name', text: 'Fill in this field.' }],
    },
    full: '',
    pingKey: 'k3vb1x8c2m9q4w7e5r6t0z',
    pingUrl: {
      endpoint: 'https://rollcall.example.org/ping/',
      rest: 'k3vb1x8c2m9q4w7e5r6t0z/nightly-backup',
      whole: 'https://rollcall.example.org/ping/k3vb1x8c2m9q4w7e5r6t0z/nightly-backup',
    },
    renewUrl: `/projects/${CODE}/settings/ping_key/renew/`,
    removeUrl: `/projects/${CODE}/settings/ping_key/remove/`,
  },
  badges: {
    url: `/projects/${CODE}/badges/`,
    targets: [
      { value: 'all', label: 'All checks', on: false, why: '', which: null },
      { value: 'tag', label: 'Checks with a tag', on: false, why: 'No check has a tag.', which: null },
      {
        value: 'check',
        label: 'One check',
        on: true,
        why: '',
        which: field({
          name: 'check',
          label: 'Check',
          type: 'select',
          options: [{ value: CODE, label: 'Nightly backup', chosen: true }],
        }),
      },
    ],
    formats: [{ value: 'svg', label: 'Picture (SVG)', on: true }],
    states: [{ value: '2', label: 'Up and down', on: true }],
    badge: {
      image: { url: `/b/2/${CODE}.svg`, text: 'Badge of Nightly backup' },
      document: '',
      takes: [{ label: 'Address', text: `https://rollcall.example.org/b/2/${CODE}.svg`, hook: 'url' }],
    },
    refusal: '',
    prometheusUrl: `/projects/${CODE}/add_prometheus/`,
  },
  prometheus: {
    takes: [{ label: 'With the key in a header', text: 'scrape_configs:', hook: 'bearer' }],
    metrics: [{ name: 'hc_checks_total', meaning: 'The total number of checks.' }],
    keysUrl: `/projects/${CODE}/settings/keys/`,
    isOff: true,
  },
  'key-once': {
    trail: [{ text: 'Keys', url: `/projects/${CODE}/settings/keys/` }],
    heading: 'Key Terraform',
    secret: 'hcw_AAAAaaaa1111BBBBbbbb2222CCCC',
    access: 'Read and write',
    curl: "curl -H 'X-Api-Key: …' https://rollcall.example.org/api/v3/checks/",
    wallboardUrl: 'https://rollcall.example.org/tv/#hcr_…=Home',
    backUrl: `/projects/${CODE}/settings/keys/`,
  },
  tokens: {
    keys: [
      {
        code: CODE,
        name: 'Laptop',
        hint: 'rcw_Zt7a',
        access: 'Read and write',
        made: { at: before(3000), by: '' },
        used: { at: before(3), from: '192.0.2.7' },
        expires: { at: null, isOver: false },
        revokeUrl: `/accounts/profile/tokens/${CODE}/revoke/`,
      },
    ],
    tz: 'Europe/Berlin',
    form: {
      action: '/accounts/profile/tokens/',
      fields: [field({ name: 'name', label: 'Name', required: true })],
      errors: [],
    },
    full: '',
    docsUrl: '/docs/api/',
  },
  gate: {
    heading: 'Confirm that it is you',
    intro: ['You are asked once in 30 minutes.'],
    notice: 'A code is on its way.',
    problems: [{ field: 'code', text: 'That code is not right.' }],
    forms: [
      {
        heading: 'With a passkey',
        intro: 'Your browser asks for it.',
        action: '/accounts/reauth/',
        hidden: [{ name: 'way', value: 'passkey' }],
        fields: [],
        submit: 'Use your passkey',
        hook: 'confirm-passkey',
        passkey: {
          optionsUrl: '/accounts/reauth/passkey/',
          ceremony: 'get',
          isConditional: false,
          startsItself: false,
        },
        trap: false,
      },
      {
        heading: '',
        intro: '',
        action: '/accounts/reauth/',
        hidden: [],
        fields: [field({ name: 'code', label: 'Code', error: 'That code is not right.' })],
        submit: 'Confirm',
        hook: 'confirm-code',
        passkey: null,
        trap: true,
      },
    ],
    links: [{ text: 'Cancel', url: '/', hook: 'cancel' }],
  },
  account: {
    email: 'alice@example.org',
    changeEmailUrl: '/accounts/change_email/',
    zone: {
      action: '/accounts/profile/',
      field: field({
        name: 'tz',
        label: 'Shown times are in',
        type: 'zone',
        value: 'Mars/Olympus',
        error: 'No.',
      }),
      zones: ['Europe/Berlin', 'UTC'],
      errors: [{ field: 'tz', text: 'Choose a time zone from the list.' }],
    },
    invitations: [
      { project: 'Lab', role: 'Member', by: 'carol@example.org', url: '/accounts/profile/invitations/1/' },
    ],
    projects: [
      {
        name: 'Home',
        role: 'Owner',
        url: '/projects/1/checks/',
        settingsUrl: '/projects/1/settings/',
        leaveUrl: null,
      },
      {
        name: 'Work',
        role: 'Member',
        url: '/projects/2/checks/',
        settingsUrl: null,
        leaveUrl: '/accounts/profile/leave/2/',
      },
    ],
    closeUrl: '/accounts/close/',
  },
  appearance: {
    action: '/accounts/profile/appearance/',
    errors: [],
    groups: [
      {
        name: 'theme',
        legend: 'Theme',
        help: 'Light or dark.',
        options: [
          { value: 'system', label: 'Match my system', chosen: true },
          { value: 'dark', label: 'Dark', chosen: false },
        ],
      },
    ],
  },
  'close-account': {
    trail: [{ text: 'Account', url: '/accounts/profile/' }],
    errors: [{ field: `delete-${CODE}`, text: 'Decide what happens to Work.' }],
    action: '/accounts/close/',
    projects: [
      { name: 'Home', contents: '3 checks, 120 pings, 1 integration', decide: null },
      {
        name: 'Work',
        contents: '30 checks, 1200 pings, 2 integrations',
        decide: {
          name: `delete-${CODE}`,
          label: 'Delete it, 2 people lose access',
          chosen: false,
          error: 'Decide what happens to Work.',
          transferUrl: `/projects/${CODE}/transfer/`,
        },
      },
    ],
    memberships: ['Ops'],
    typed: field({ name: 'typed', label: 'Type alice@example.org to confirm', required: true }),
    cancelUrl: '/accounts/profile/',
  },
  security: {
    isElsewhere: false,
    advice: [{ tone: 'warning', text: 'If you lose your second step you lose access.' }],
    password: {
      isSet: true,
      at: before(90_000),
      setUrl: '/accounts/set_password/',
      removeUrl: '/accounts/set_password/remove/',
    },
    passkeys: [
      {
        code: CODE,
        name: 'Blue key',
        added: before(9000),
        used: null,
        replacesPassword: true,
        renameUrl: `/accounts/two_factor/${CODE}/rename/`,
        removeUrl: `/accounts/two_factor/${CODE}/remove/`,
      },
    ],
    addPasskeyUrl: '/accounts/two_factor/webauthn/',
    whyNoPasskeys: '',
    totp: {
      since: before(9000),
      setUpUrl: '/accounts/two_factor/totp/',
      removeUrl: '/accounts/two_factor/totp/remove/',
    },
    recovery: { left: 7, of: 10, made: before(9000), url: '/accounts/two_factor/recovery/' },
    sessions: { text: 'You are signed in here only.', url: '/accounts/profile/sessions/' },
    events: [
      { at: before(3), text: 'Signed in (password)', from: '192.0.2.7, Firefox on Linux', isBad: false },
      { at: before(30), text: 'Wrong password', from: '198.51.100.7', isBad: true },
    ],
    tz: 'Europe/Berlin',
  },
  sessions: {
    sessions: ['0011223344556677', '8899aabbccddeeff'].map((id, i) => ({
      id,
      isThis: i === 0,
      browser: 'Firefox on Linux',
      address: '192.0.2.7',
      method: 'Password',
      created: before(900),
      seen: before(3),
      endUrl: `/accounts/profile/sessions/end/${id}/`,
    })),
    endOthersUrl: '/accounts/profile/sessions/end/',
    tz: 'UTC',
  },
  totp: {
    trail: [{ text: 'Security', url: '/accounts/profile/security/' }],
    qr: { size: 29, path: 'M4 4h7v1h-7z' },
    secret: 'JBSW Y3DP EHPK 3PXP',
    plain: 'JBSWY3DPEHPK3PXP',
    action: '/accounts/two_factor/totp/',
    field: field({ name: 'code', label: 'Code of the app', required: true }),
    errors: [{ field: 'code', text: 'That code is not right.' }],
    cancelUrl: '/accounts/profile/security/',
  },
  'recovery-codes': {
    trail: [{ text: 'Security', url: '/accounts/profile/security/' }],
    intro: ['Your authenticator app is on.'],
    codes: ['0123-4567-89ab', 'cdef-ghjk-mnpq'],
    all: '0123-4567-89ab',
    fileName: 'rollcall-recovery-codes.txt',
    onUrl: '/accounts/profile/security/',
  },
  'signed-out': { signInUrl: '/accounts/login/' },
  docs: {
    html: '<h1>Ping API</h1><h2 id="answers">Answers</h2>',
    headings: [
      { id: 'answers', text: 'Answers' },
      { id: 'limits', text: 'Limits' },
    ],
    groups: docsGroups,
    previous: { title: 'Introduction', url: '/docs/introduction/' },
    next: { title: 'Run ids', url: '/docs/run_ids/' },
  },
  'docs-search': {
    query: 'grace',
    isShort: false,
    groups: docsGroups,
    found: [
      {
        title: 'Checks',
        heading: 'Grace time',
        url: '/docs/configuring_checks/#grace-time',
        extract: [
          { text: 'The ', isHit: false },
          { text: 'grace', isHit: true },
        ],
      },
    ],
  },
  tv: { checksUrl: '/api/v3/checks/' },
  'cron-help': {
    trail: [{ text: 'Documentation', url: '/docs/' }],
    schedule: '30 3 * * *',
    kinds: [{ value: 'cron', label: 'Cron', chosen: true }],
    tz: 'UTC',
    zones: ['UTC'],
    preview: null,
    traits: [{ sign: '*', example: '* * * * *', text: 'any value' }],
    common: [{ expression: '* * * * *', words: 'Every minute', url: '?schedule=x' }],
    oncalendar: [{ expression: 'hourly', words: 'Every hour', url: '?schedule=hourly' }],
  },
  'docs-api': {
    trail: [{ text: 'Documentation', url: '/docs/' }],
    documentUrl: '/api/v3/openapi.json',
    tokensUrl: '/accounts/profile/tokens/',
    base: '/api/v3',
    groups: [
      {
        id: 'key',
        heading: 'With an API key of a project',
        text: 'As X-Api-Key.',
        operations: [
          {
            id: 'get_checks',
            method: 'GET',
            path: '/checks/',
            summary: 'Lists the checks of the project.',
            access: 'Takes any key.',
            parameters: [
              { name: 'tag', type: { text: 'text', object: '' }, text: 'Only checks with this tag.' },
            ],
            takes: { text: 'CheckFields', object: 'object-CheckFields' },
            gives: { text: 'checks: list of Check', object: 'object-Check' },
          },
        ],
      },
    ],
    objects: [
      {
        id: 'object-Check',
        name: 'Check',
        fields: [{ name: 'grace', type: { text: 'whole number', object: '' }, text: 'Seconds.' }],
      },
    ],
  },
  'docs-settings': {
    trail: [{ text: 'Documentation', url: '/docs/' }],
    settings: [
      { name: 'SITE_ROOT', fallback: 'http://localhost:8000', text: 'Where people find this site.' },
      { name: 'SECRET_KEY', fallback: '', text: 'Signs links in mails.' },
    ],
  },
  shortcuts: {
    trail: [{ text: 'Documentation', url: '/docs/' }],
    groups: [{ heading: 'Everywhere', keys: [{ keys: ['g', 'h'], text: 'Projects' }] }],
  },
  error,
}

/** The frame of a project's page. */
export const frame: Omit<LayoutPage, 'body'> = {
  csrf: 'token',
  once: 'once',
  root: '',
  icons: '/static/img/icons.svg',
  siteName: 'Rollcall',
  siteLogoUrl: null,
  documentTitle: '1 down – Home – Rollcall',
  theme: 'system',
  looks: [{ name: 'data-density', value: 'compact' }],
  bare: false,
  account: { email: 'alice@example.org', links: [{ text: 'Account', url: '/accounts/profile/' }] },
  project: { code: '1', name: 'Home', url: '/projects/1/checks/' },
  projects: [
    { name: 'Home', url: '/projects/1/checks/', current: true, mark: null, down: 0 },
    { name: 'Work', url: '/projects/2/checks/', current: false, mark: null, down: 0 },
  ],
  addProjectUrl: '/projects/add/',
  sections: [
    { label: 'Checks', url: '/projects/1/checks/', current: true, hasProblem: false },
    { label: 'Integrations', url: '/projects/1/integrations/', current: false, hasProblem: true },
  ],
  summary: [
    { status: 'down', text: '1 down', url: '?status=down', isLoud: true },
    { status: 'late', text: '1 late', url: '?status=grace', isLoud: true },
    { status: 'running', text: '1 running', url: '?status=started', isLoud: false },
  ],
  flash: null,
  viewing: { text: 'You are viewing Home as instance administrator.', leaveUrl: '/' },
  banners: [],
  confirmedUntil: 'Confirmed until 14:35',
  accountNav: accountNav(pathsBelow(''), 'security'),
  asOf: {
    iso: '2026-11-22T12:00:05.000Z',
    text: '2026-11-22 12:00:05 UTC',
    isRefreshing: false,
    url: '?refresh=60',
  },
  styles: ['/static/css/rollcall.css'],
  scripts: ['/static/js/rollcall.js'],
  favicon: '/static/img/fav-down.svg',
  docsUrl: '/docs/',
  shortcutsUrl: '/docs/shortcuts/',
  version: '0.1.0',
}
