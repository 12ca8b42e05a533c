import { addDays, instantOf } from '../core/calendar'
import { AUDIT_ACTIONS } from '../store/audit'
import type { AuditAction, AuditEntry, AuditFilter } from '../store/audit'
import type { AdminPage } from './admin-models'
import { adminPage, adminSection, cell } from './admin-page'
import { field } from './fields'
import type { Paths } from './paths'
import { inZone } from './show'

/** What is asked of the audit log, by the names in its address. */
export interface AuditWish {
  search: string
  action: AuditAction | null
  /** Days of the zone of whoever asks, both included; '' for no bound. */
  from: string
  to: string
}

const DAY_FORM = /^(\d{4})-(\d\d)-(\d\d)$/

/** `valueOf` gives what stands in the address by a name, or ''. What makes no sense is left out. */
export function auditWishOf(valueOf: (name: string) => string): AuditWish {
  const day = (name: string): string => (dayIn(valueOf(name)) === null ? '' : valueOf(name))
  return {
    search: valueOf('search'),
    action: AUDIT_ACTIONS.find((each) => each === valueOf('action')) ?? null,
    from: day('from'),
    to: day('to'),
  }
}

export function auditFilterOf({ search, action, from, to }: AuditWish, tz: string): AuditFilter {
  const [first, last] = [dayIn(from), dayIn(to)]
  return {
    search,
    ...(action === null ? {} : { action }),
    ...(first === null ? {} : { fromAt: instantOf(first, 0, tz) }),
    ...(last === null ? {} : { untilAt: instantOf(addDays(last, 1), 0, tz) }),
  }
}

function dayIn(text: string): { year: number; month: number; day: number } | null {
  const [, year, month, day] = DAY_FORM.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined) return null
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day } : null
}

/** The same as the part of an address behind '?'; '' for everything. */
export function auditQuery(
  { search, action, from, to }: AuditWish,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({
    ...(search ? { search } : {}),
    ...(action ? { action } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...more,
  }).toString()
  return query === '' ? '' : `?${query}`
}

/** Who did what to teams and the instance: X09 of web-ui.md. */
export function auditPage(
  wish: AuditWish,
  { entries, hasMore, tz, paths }: { entries: AuditEntry[]; hasMore: boolean; tz: string; paths: Paths },
): AdminPage {
  const url = paths.admin('audit')
  const isAll = auditQuery(wish) === ''
  const last = entries.at(-1)
  return adminPage('audit', paths, {
    heading: 'Audit log',
    search: {
      action: url,
      value: wish.search,
      label: 'Person or object',
      hidden: [],
      fields: [
        field({
          name: 'action',
          label: 'What was done',
          type: 'select',
          options: [
            { value: '', label: 'Everything', chosen: wish.action === null },
            ...AUDIT_ACTIONS.toSorted().map((action) => ({
              value: action,
              label: wordsOf(action),
              chosen: action === wish.action,
            })),
          ],
        }),
        field({ name: 'from', label: 'From', type: 'date', value: wish.from }),
        field({ name: 'to', label: 'To', type: 'date', value: wish.to }),
      ],
      choices: isAll ? [] : [{ text: 'Clear', url, current: false }],
    },
    sections: [
      adminSection({
        id: 'entries',
        heading: 'Who did what',
        text: [`Times and days in ${tz}. Entries are kept for 400 days.`],
        table: {
          caption: 'Who did what, the newest first',
          columns: ['When', 'Who', 'What', 'To what', 'Detail'],
          rows: entries.map(({ id, at, actor, address, action, object, detail }) => ({
            hook: `entry-${id}`,
            cells: [
              cell(inZone(at, tz)),
              cell(actor, null, address ?? ''),
              cell(wordsOf(action)),
              cell(object),
              cell(detail),
            ],
            forms: [],
          })),
          empty: isAll ? 'Nothing was written down so far.' : 'Nothing matches.',
        },
        links:
          entries.length === 0
            ? []
            : [
                {
                  text: 'Take along as NDJSON',
                  url: `${paths.auditExport}${auditQuery(wish)}`,
                  hook: 'export-ndjson',
                },
              ],
      }),
    ],
    olderUrl: hasMore && last ? `${url}${auditQuery(wish, { before: String(last.id) })}` : null,
  })
}

/** 'role-changed' as people say it. */
function wordsOf(action: AuditAction): string {
  return action.replaceAll('-', ' ')
}

/** One entry for programs, a line of its own. */
export function auditLine({ at, actor, address, action, object, detail }: AuditEntry): string {
  return `${JSON.stringify({ time: new Date(at).toISOString(), actor, address, action, object, detail })}\n`
}
