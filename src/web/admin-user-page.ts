import type { Problem } from '../core/problem'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import type { AccountEvent } from '../store/account-events'
import type { Account } from '../store/administration'
import type { SignIn } from '../store/sign-ins'
import type { AdminForm, AdminPage, AdminSection } from './admin-models'
import { adminForm, adminPage, adminSection, cell, fact } from './admin-page'
import { field, summaryOf } from './fields'
import type { Paths } from './paths'
import { inZone } from './show'

export interface AdminUserSource {
  user: User
  /** Null: it went away just now. */
  account: Account | null
  projects: readonly string[]
  sessions: readonly Pick<SignIn, 'key' | 'seenAt' | 'address' | 'agent'>[]
  events: readonly AccountEvent[]
  /** Whoever looks is the one who is looked at. */
  isMe: boolean
  tz: string
  paths: Paths
  problem: Problem | null
  fresh: AdminPage['fresh']
}

const USUAL_DAYS = '30'

/** One account, and what can be done about it: X03 of web-ui.md. */
export function adminUserPage(source: AdminUserSource): AdminPage {
  const { user, paths, problem, fresh } = source
  return adminPage('users', paths, {
    heading: user.email,
    back: { text: 'Users', url: paths.admin('users') },
    fresh,
    errors: summaryOf(problem),
    sections: [
      accountSection(source),
      limitSection(source),
      ...(source.isMe ? [] : [deletionSection(source)]),
      sessionSection(source),
      eventSection(source),
    ],
  })
}

type Part = Parameters<Paths['adminUserPart']>[1]

function button(
  { user, paths }: AdminUserSource,
  name: Part,
  submit: string,
  more: Partial<AdminForm> = {},
): AdminForm {
  return adminForm({ action: paths.adminUserPart(user.id, name), submit, hook: name, ...more })
}

function accountSection(source: AdminUserSource): AdminSection {
  const { user, account, projects, isMe, tz } = source
  return adminSection({
    id: 'account',
    heading: 'Account',
    facts: [
      fact('Created', minute(user.createdAt, tz)),
      fact('Last active', account?.seenAt ? minute(account.seenAt, tz) : 'not signed in'),
      fact('State', user.disabled ? 'disabled' : 'active'),
      fact('Administrator', user.isAdmin ? 'yes' : 'no'),
      fact('Second step', account?.hasSecondStep === true ? 'on' : 'off'),
      fact('Password', user.passwordHash === null ? 'none' : 'set'),
      fact('Checks', `${account?.checks ?? 0} of ${user.checkLimit}`),
      fact('Projects', projects.join(', ') || 'none'),
    ],
    forms: [
      ...(isMe
        ? []
        : [
            user.disabled
              ? button(source, 'enable', 'Enable')
              : button(source, 'disable', 'Disable', { isDanger: true }),
            button(source, 'administrator', user.isAdmin ? 'Take administration away' : 'Make administrator'),
          ]),
      button(source, 'end_sessions', 'End all sessions'),
      button(source, 'reset_second_step', 'Reset second steps', { isDanger: true }),
      button(source, 'link', 'Make a sign-in link', { hidden: [{ name: 'purpose', value: 'sign-in' }] }),
      button(source, 'link', 'Make a password link', {
        hidden: [{ name: 'purpose', value: 'reset' }],
        hook: 'reset-link',
      }),
    ],
  })
}

function limitSection(source: AdminUserSource): AdminSection {
  const { user, problem } = source
  const limit = { type: 'number' as const }
  return adminSection({
    id: 'limits',
    heading: 'Limits',
    forms: [
      button(source, 'limits', 'Save limits', {
        fields: [
          field({
            ...limit,
            name: 'checks',
            label: 'Checks',
            value: String(user.checkLimit),
            error: problem?.fields?.['checks'] ?? '',
          }),
          field({
            ...limit,
            name: 'pings',
            label: 'Pings kept per check',
            value: String(user.pingLogLimit),
            help: 'Projects may say otherwise for themselves.',
            error: problem?.fields?.['pings'] ?? '',
          }),
        ],
      }),
    ],
  })
}

function deletionSection(source: AdminUserSource): AdminSection {
  const { user, problem, tz } = source
  const isPlanned = user.closeAt !== null
  return adminSection({
    id: 'deletion',
    heading: 'Deletion',
    text: [
      'Projects of the account go with it, also those in which others work. Give away first what is to stay. On a planned day no more questions are asked.',
    ],
    facts: [fact('Planned', user.closeAt === null ? 'no' : `on ${minute(user.closeAt, tz)}`)],
    forms: [
      button(source, 'plan_deletion', isPlanned ? 'Change the day' : 'Schedule deletion', {
        fields: [
          field({
            name: 'days',
            label: 'In how many days',
            type: 'number',
            value: USUAL_DAYS,
            error: problem?.fields?.['days'] ?? '',
          }),
        ],
        isDanger: true,
      }),
      ...(isPlanned ? [button(source, 'cancel_deletion', 'Cancel the deletion')] : []),
      button(source, 'delete', 'Delete now…', { method: 'get', isDanger: true }),
    ],
  })
}

function sessionSection({ user, sessions, tz }: AdminUserSource): AdminSection {
  return adminSection({
    id: 'sessions',
    heading: 'Sessions',
    table: {
      caption: `Sessions of ${user.email}. Times in ${tz}.`,
      columns: ['Last seen', 'From', 'Browser'],
      rows: sessions.map(({ key, seenAt, address, agent }) => ({
        hook: `session-${key.slice(0, 8)}`,
        cells: [cell(inZone(seenAt, tz)), cell(address ?? 'unknown'), cell(agent)],
        forms: [],
      })),
      empty: 'Not signed in anywhere.',
    },
  })
}

function eventSection({ user, events, tz }: AdminUserSource): AdminSection {
  return adminSection({
    id: 'events',
    heading: 'Recent security events',
    table: {
      caption: `Events of ${user.email}. Times in ${tz}.`,
      columns: ['When', 'What', 'From'],
      rows: events.map(({ at, kind, detail, address }, i) => ({
        hook: `event-${i}`,
        cells: [cell(inZone(at, tz)), cell(kind.replaceAll('-', ' '), null, detail), cell(address ?? '')],
        forms: [],
      })),
      empty: 'None.',
    },
  })
}

function minute(at: Instant, tz: string): string {
  return inZone(at, tz).slice(0, 16)
}
