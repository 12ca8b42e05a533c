import type { Paused } from '../store/sending'
import { UNDELIVERED_STATES } from '../store/undelivered'
import type { FailureGroup, OutboxState, Undelivered, UndeliveredState } from '../store/undelivered'
import type { AdminPage, AdminSearch, AdminSection } from './admin-models'
import { adminForm, adminPage, adminSection, cell, fact } from './admin-page'
import type { Paths } from './paths'
import { inZone } from './show'

export interface DeliveriesSource {
  paused: Paused | null
  outbox: OutboxState
  groups: FailureGroup[]
  rows: Undelivered[]
  state: UndeliveredState | null
  search: string
  /** There are more rows than these. */
  hasMore: boolean
  tz: string
  paths: Paths
}

/** Alerts on their way: X05 of web-ui.md. */
export function deliveriesPage(source: DeliveriesSource): AdminPage {
  const { state, rows, hasMore, outbox, paths } = source
  const url = (wanted: UndeliveredState | null, beforeId: number | null = null): string => {
    const query = new URLSearchParams({
      ...(source.search ? { search: source.search } : {}),
      ...(wanted ? { state: wanted } : {}),
      ...(beforeId ? { before: String(beforeId) } : {}),
    }).toString()
    return `${paths.admin('deliveries')}${query ? `?${query}` : ''}`
  }
  const search: AdminSearch = {
    action: paths.admin('deliveries'),
    value: source.search,
    label: 'Check, project or integration',
    hidden: state === null ? [] : [{ name: 'state', value: state }],
    fields: [],
    choices: [
      { text: 'All', url: url(null), current: state === null },
      ...UNDELIVERED_STATES.map((each) => ({
        text: `${STATE_WORDS[each]} (${outbox[each].toLocaleString('en')})`,
        url: url(each),
        current: each === state,
      })),
    ],
  }
  return adminPage('deliveries', paths, {
    heading: 'Deliveries',
    sections: [sending(source), failures(source), alerts(source, search)],
    olderUrl: hasMore ? url(state, rows.at(-1)?.id ?? null) : null,
  })
}

const STATE_WORDS: Record<UndeliveredState, string> = {
  waiting: 'Waiting or on their way',
  retrying: 'Tried again',
  dead: 'Failed for good',
}

/** The switch for all alerts at once. */
function sending({ paused, tz, paths }: DeliveriesSource): AdminSection {
  const form =
    paused === null
      ? adminForm({
          action: paths.adminSending('pause'),
          submit: 'Pause all sending',
          isDanger: true,
          hook: 'pause',
        })
      : adminForm({ action: paths.adminSending('resume'), submit: 'Resume sending', hook: 'resume' })
  return adminSection({
    id: 'sending',
    heading: 'Sending',
    text: [
      'While it is paused, no instance begins to tell an alert. Nothing is lost: what is due waits, and goes out when you resume. Mails that people ask for, such as sign-in links, and reports are sent all the same.',
    ],
    facts: [
      paused === null
        ? fact('Alerts', 'go out', { state: 'ready' })
        : fact('Alerts', `paused since ${inZone(paused.at, tz)}`, {
            state: 'problem',
            note: `by ${paused.by}`,
          }),
    ],
    forms: [form],
  })
}

function failures({ groups, paths }: DeliveriesSource): AdminSection {
  const form = ({ kind, error }: FailureGroup, i: number, part: 'retry' | 'drop', submit: string) =>
    adminForm({
      action: paths.adminFailing(part),
      hidden: [
        { name: 'kind', value: kind },
        { name: 'error', value: error },
      ],
      submit,
      about: `of ${kind}: ${error}`,
      hook: `${part}-group-${i}`,
    })
  return adminSection({
    id: 'failures',
    heading: 'What goes wrong',
    table: {
      caption: 'Failures by kind and error, the most frequent first',
      columns: ['Error', 'Kind', 'Tried again', 'Failed for good', 'Integrations', ''],
      rows: groups.map((group, i) => ({
        hook: `failure-${i}`,
        cells: [
          cell(group.error),
          cell(group.kind),
          cell(group.retrying.toLocaleString('en')),
          cell(group.dead.toLocaleString('en')),
          cell(group.channels.toLocaleString('en')),
        ],
        forms: [form(group, i, 'retry', 'Retry all'), form(group, i, 'drop', 'Drop all')],
      })),
      empty: 'Nothing just now.',
    },
  })
}

function alerts({ rows, state, search, tz, paths }: DeliveriesSource, form: AdminSearch): AdminSection {
  const button = (id: number, part: 'retry' | 'drop', submit: string) =>
    adminForm({
      action: paths.adminDelivery(id, part),
      submit,
      about: `alert ${id}`,
      hook: `${part}-${id}`,
    })
  return adminSection({
    id: 'outbox',
    heading: 'Alerts that wait, or failed in the last 24 hours',
    text: [`Times in ${tz}, the newest first.`],
    search: form,
    table: {
      caption: 'Alerts that are not told, the newest first',
      columns: ['Check', 'Told by', 'State', 'Since', 'Next try', ''],
      rows: rows.map((row) => ({
        hook: `alert-${row.id}`,
        cells: [
          cell(`${row.check || 'unnamed'} ${row.status}`, paths.check(row.checkCode), row.project),
          cell(row.channel || row.kind, null, row.channel ? row.kind : ''),
          cell(stateOf(row), null, row.error),
          cell(inZone(row.createdAt, tz)),
          cell(nextOf(row, tz)),
        ],
        forms:
          row.state === 'sending' ? [] : [button(row.id, 'retry', 'Retry'), button(row.id, 'drop', 'Drop')],
      })),
      empty: state === null && search === '' ? 'All alerts are told.' : 'None matches.',
    },
  })
}

function stateOf({ state, attempts }: Undelivered): string {
  if (state === 'failed') return 'failed for good'
  if (state === 'sending') return 'on its way'
  return attempts === 0 ? 'waiting' : `retrying after ${attempts === 1 ? 'one try' : `${attempts} tries`}`
}

function nextOf({ state, dueAt }: Undelivered, tz: string): string {
  if (state === 'sending') return 'just now'
  return dueAt === null ? 'never' : dueAt === 0 ? 'at once' : inZone(dueAt, tz)
}
