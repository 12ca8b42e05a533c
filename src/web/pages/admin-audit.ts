import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { AUDIT_ACTIONS } from '../../store/audit'
import type { AuditAction } from '../../store/audit'
import { adminPage, adminSection, cell } from '../admin-page'
import { showAdmin } from '../admin-show'
import { administrator, visitorOf } from '../auth'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { inZone, rootPath } from '../show'

const ENTRIES = 100

/** Who did what to teams and the instance: X09 of web-ui.md. */
export function adminAuditPages(app: App): Router {
  const { store, config } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/admin/audit/', administrator, async (request: Request, response: Response) => {
    const { tz } = visitorOf(request).user
    const search = valueOf(request, 'search')
    const chosen = AUDIT_ACTIONS.find((each) => each === valueOf(request, 'action'))
    const before = numberOf(request, 'before', 0, Number.MAX_SAFE_INTEGER)
    const filter: { search: string; action?: AuditAction; beforeId?: number } = { search }
    if (chosen) filter.action = chosen
    if (before > 0) filter.beforeId = before
    const entries = await store.audit.list(filter, ENTRIES)
    const last = entries.length === ENTRIES ? entries.at(-1) : undefined
    const query = new URLSearchParams({
      ...(search ? { search } : {}),
      ...(chosen ? { action: chosen } : {}),
    })
    if (last) query.set('before', String(last.id))
    await showAdmin(
      request,
      response,
      adminPage('audit', paths, {
        heading: 'Audit log',
        search: {
          action: paths.admin('audit'),
          value: search,
          label: 'Person or object',
          choices: [
            { text: 'All', url: paths.admin('audit'), current: !chosen },
            ...AUDIT_ACTIONS.map((action) => ({
              text: wordsOf(action),
              url: `${paths.admin('audit')}?action=${action}`,
              current: action === chosen,
            })),
          ],
        },
        sections: [
          adminSection({
            id: 'entries',
            heading: 'Who did what',
            text: [`Times in ${tz}. Entries are kept for 400 days.`],
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
              empty: 'Nothing was written down so far.',
            },
          }),
        ],
        olderUrl: last ? `${paths.admin('audit')}?${query.toString()}` : null,
      }),
    )
  })

  return routes
}

/** 'role-changed' as people say it. */
function wordsOf(action: AuditAction): string {
  return action.replaceAll('-', ' ')
}
