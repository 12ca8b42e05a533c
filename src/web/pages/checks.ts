import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { reaches } from '../../core/role'
import { inProject, projectOf, roleOf, visitorOf } from '../auth'
import { backOf } from '../back'
import { boardOf } from '../board'
import { contextOf } from '../context'
import { pathsBelow } from '../paths'
import { flash } from '../render'
import { rootPath } from '../show'
import { lists } from '../show-list'
import type { Right } from '../rights'
import { say } from '../strings'
import { ifKept, unreadOf } from '../unread'

/** The checks of a project, and what its script asks again and again: C01 of web-ui.md. */
export function checksPages(app: App): Router {
  const { store, config } = app
  const board = boardOf(app)
  const { show, poll } = lists(app)
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const guest = inProject('read-only')

  routes.get('/projects/:project/checks/', guest, async (request: Request, response: Response) => {
    const project = projectOf(request)
    const { user } = visitorOf(request)
    const [current, channels, load, settings, unread] = await Promise.all([
      board.now(project.id),
      store.channels.ofProject(project.id),
      store.transfers.loadOf(project.id, project.ownerId),
      store.listSettings.of(user.id),
      unreadOf(store, user.id, project.id),
    ])
    if (settings.lastProjectId !== project.id && !contextOf(request).asAdministrator) {
      await ifKept(store.listSettings.setLastProject(user.id, project.id))
    }
    const limit = { used: load.used, most: load.limit }
    const rights = [rightIn(request)]
    await show(request, response, { project, rights, current, channels, unread, settings, limit })
  })

  routes.get('/projects/:project/checks/status/', guest, async (request: Request, response: Response) => {
    const project = projectOf(request)
    await poll(request, response, {
      project,
      rights: [rightIn(request)],
      current: await board.lately(project.id),
      unread: () => unreadOf(store, visitorOf(request).user.id, project.id),
    })
  })

  routes.post('/projects/:project/checks/mark_read/', guest, async (request: Request, response: Response) => {
    const { id, code } = projectOf(request)
    await store.reads.markAll(visitorOf(request).user.id, id)
    await flash(request, { tone: 'success', text: say('M-CHK-16') })
    response.redirect(303, backOf(request) ?? paths.checks(code))
  })

  return routes
}

function rightIn(request: Request): Right {
  return { project: projectOf(request), canEdit: reaches(roleOf(request), 'member') }
}
