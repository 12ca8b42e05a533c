import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { auditFilterOf, auditLine, auditPage, auditQuery, auditWishOf } from '../admin-audit'
import { showAdmin } from '../admin-show'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { drained, mayExport } from '../exporting'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { rootPath } from '../show'

const ON_A_PAGE = 100

/** Entries that are read for the export at a time. */
const AT_ONCE = 500

/** Who did what to teams and the instance: X09 of web-ui.md. */
export function adminAuditPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/admin/audit/', administrator, async (request: Request, response: Response) => {
    const { tz } = visitorOf(request).user
    const wish = auditWishOf((name) => valueOf(request, name))
    const before = numberOf(request, 'before', 0, Number.MAX_SAFE_INTEGER)
    const filter = { ...auditFilterOf(wish, tz), ...(before > 0 ? { beforeId: before } : {}) }
    const found = await store.audit.list(filter, ON_A_PAGE + 1)
    const entries = found.slice(0, ON_A_PAGE)
    const hasMore = found.length > ON_A_PAGE
    await showAdmin(request, response, auditPage(wish, { entries, hasMore, tz, paths }))
  })

  routes.get('/admin/audit/export/', administrator, async (request: Request, response: Response) => {
    if (!(await mayExport(app, request, response))) return
    const wish = auditWishOf((name) => valueOf(request, name))
    const filter = auditFilterOf(wish, visitorOf(request).user.tz)
    // Before the first line, so that it is in the export itself, as any other look at everything should be.
    await actions.trail(actorOf(request), 'audit-exported', 'audit log', auditQuery(wish) || 'everything')
    const day = new Date(clock()).toISOString().slice(0, 10)
    response.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8')
    response.setHeader('Content-Disposition', `attachment; filename="audit-${day}.ndjson"`)
    response.setHeader('Cache-Control', 'no-store')
    for (let beforeId = Number.MAX_SAFE_INTEGER; ;) {
      const entries = await store.audit.list({ ...filter, beforeId }, AT_ONCE)
      const text = entries.map(auditLine).join('')
      if (!response.write(text)) await drained(response)
      const last = entries.at(-1)
      if (last === undefined || entries.length < AT_ONCE || response.destroyed) break
      beforeId = last.id
    }
    response.end()
  })

  return routes
}
