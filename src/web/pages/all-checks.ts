import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { signedIn, visitorOf } from '../auth'
import { backOf } from '../back'
import { boardOf } from '../board'
import { pathsBelow } from '../paths'
import { flash } from '../render'
import { rightsOf } from '../rights'
import { rootPath } from '../show'
import { lists } from '../show-list'
import { say } from '../strings'

/** The checks of all projects that somebody can see: P03 of web-ui.md. */
export function allChecksPages(app: App): Router {
  const { store, config } = app
  const board = boardOf(app)
  const { show, poll } = lists(app)
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/checks/', signedIn, async (request: Request, response: Response) => {
    const { user } = visitorOf(request)
    const rights = rightsOf(await store.projects.withRoles(user.id))
    const ids = rights.map(({ project }) => project.id)
    const [current, channels, settings, unread] = await Promise.all([
      board.nowOf(ids),
      store.channels.ofProjects(ids),
      store.listSettings.of(user.id),
      store.reads.unreadAnywhere(user.id),
    ])
    await show(request, response, {
      project: null,
      rights,
      current,
      channels,
      unread,
      settings,
      limit: null,
    })
  })

  routes.get('/checks/status/', signedIn, async (request: Request, response: Response) => {
    const { user } = visitorOf(request)
    const rights = rightsOf(await store.projects.withRoles(user.id))
    await poll(request, response, {
      project: null,
      rights,
      current: await board.latelyOf(rights.map(({ project }) => project.id)),
      unread: () => store.reads.unreadAnywhere(user.id),
    })
  })

  routes.post('/checks/mark_read/', signedIn, async (request: Request, response: Response) => {
    await store.reads.markEverything(visitorOf(request).user.id)
    await flash(request, { tone: 'success', text: say('M-CHK-16') })
    response.redirect(303, backOf(request) ?? paths.allChecks)
  })

  return routes
}
