import type { Views } from '../../src/web/views'
import { adminForm } from '../../src/web/admin-page'
import { pingChart } from '../../src/web/ping-chart'
import { field } from '../../src/web/fields'
import { NOON } from '../support/build'

const AT = { iso: '2026-11-20T12:00:00.000Z', text: '2026-11-20 12:00', isRelative: true }

export const tabs = [
  { text: 'General', url: '/projects/1/settings/', current: true },
  { text: 'Keys', url: '/projects/1/settings/keys/', current: false },
  { text: 'Team', url: '/projects/1/settings/team/', current: false },
]

const roles = [
  { value: 'read-only', label: 'Read-only', text: 'looks at everything', chosen: false },
  { value: 'member', label: 'Member', text: 'works on checks', chosen: true },
  { value: 'manager', label: 'Manager', text: 'invites others, too', chosen: false },
]

/** What the pages about projects and teams show in tests. */
export const teamExamples: Pick<Views, 'project-settings' | 'team' | 'transfer' | 'admin'> = {
  'project-settings': {
    tabs,
    facts: [{ label: 'Name', value: 'Home <b>' }],
    general: {
      action: '/projects/1/settings/',
      errors: [{ field: 'name', text: 'Give the project a name.' }],
      fields: [field({ name: 'name', label: 'Name', error: 'Give the project a name.', required: true })],
    },
    log: {
      action: '/projects/1/settings/log_size/',
      errors: [],
      field: field({ name: 'limit', label: 'Pings kept per check', type: 'number', value: '100' }),
      note: 'When you lower it, older pings are deleted for good.',
    },
    ownership: {
      text: 'You own this project.',
      url: '/projects/1/transfer/',
      label: 'Transfer the ownership',
    },
    removeUrl: '/projects/1/remove/',
    leaveUrl: '/projects/1/leave/',
  },
  team: {
    tabs,
    projectName: 'Home',
    tz: 'Europe/Berlin',
    people: [
      {
        email: 'olga@example.org',
        role: 'Owner',
        isYou: true,
        since: AT,
        active: '2026-11-20',
        secondStep: 'on',
        change: null,
        removeUrl: null,
      },
      {
        email: 'wes@example.org',
        role: 'Member',
        isYou: false,
        since: AT,
        active: 'not signed in',
        secondStep: 'off',
        change: { action: '/projects/1/settings/team/2/role/', roles },
        removeUrl: '/projects/1/settings/team/2/remove/',
      },
    ],
    showsActivity: true,
    showsSecondStep: true,
    showsActions: true,
    invite: {
      action: '/projects/1/settings/team/',
      errors: [],
      email: field({ name: 'email', label: 'E-mail', type: 'email', required: true }),
      roles,
      roleError: 'Choose one of the options.',
      suggestions: [{ email: 'mia@example.org', url: '?email=mia%40example.org' }],
      how: 'They get a link by mail.',
    },
    invitations: [
      {
        email: 'new@example.org',
        role: 'Member',
        invitedBy: 'olga@example.org',
        expires: { ...AT, isRelative: false },
        resendUrl: '/resend/',
        linkUrl: '/link/',
        revokeUrl: '/revoke/',
      },
    ],
    fresh: { email: 'new@example.org', link: 'https://rollcall.example.org/invites/abc/' },
    leaveUrl: '/projects/1/leave/',
  },
  admin: {
    tabs,
    heading: 'Health',
    back: { text: 'Users', url: '/admin/users/' },
    search: {
      action: '/admin/users/',
      value: 'ol',
      label: 'E-mail',
      hidden: [{ name: 'state', value: 'dead' }],
      fields: [field({ name: 'from', label: 'From', type: 'date' })],
      choices: tabs,
    },
    fresh: { heading: 'Send this link', text: 'It works once.', secret: 'https://rollcall.example.org/x/' },
    errors: [{ field: 'email', text: 'There is an account with this address already.' }],
    sections: [
      {
        id: 'one',
        heading: 'Alerts',
        text: ['Times in UTC.'],
        facts: [
          { label: 'Scheduler', value: 'running', state: 'ready', note: '' },
          { label: 'Mails', value: '3', state: 'waiting', note: 'Look at it.' },
          { label: 'Disk', value: 'full', state: 'problem', note: '' },
          { label: 'Version', value: '1', state: null, note: '' },
        ],
        table: {
          caption: 'Alerts',
          columns: ['Check', 'State', ''],
          rows: [
            {
              hook: 'alert-1',
              cells: [
                { text: 'Backup', url: '/x/', sub: 'Home' },
                { text: 'waiting', url: null, sub: '<b>' },
              ],
              forms: [adminForm({ action: '/retry/', submit: 'Retry', hook: 'retry' })],
            },
          ],
          empty: 'None.',
        },
        forms: [
          adminForm({
            action: '/test/',
            fields: [field({ name: 'to', label: 'To', type: 'email' })],
            hidden: [{ name: 'a', value: 'b' }],
            submit: 'Send',
            about: 'to them',
            hook: 'send',
            isDanger: true,
          }),
        ],
        lines: ['S: 220 hello', 'C: EHLO <me>'],
        search: null,
        chart: pingChart([{ at: NOON, count: 3 }], NOON, 'UTC'),
        links: [{ text: 'Take along', url: '/export/', hook: 'export' }],
      },
    ],
    olderUrl: '/older/',
  },
  transfer: {
    tabs,
    heading: 'Transfer the ownership',
    text: ['The new owner may do everything.'],
    errors: [],
    ask: {
      action: '/projects/1/transfer/',
      field: field({
        name: 'email',
        label: 'New owner',
        type: 'select',
        options: [{ value: 'mia@example.org', label: 'mia@example.org (Manager)', chosen: true }],
      }),
    },
    pending: { email: 'mia@example.org', since: AT, cancelUrl: '/projects/1/transfer/cancel/' },
    offer: {
      acceptUrl: '/accept/',
      rejectUrl: '/reject/',
      whyNot: 'Your limit is 10 checks, you use 9; this project has 3.',
    },
  },
}
