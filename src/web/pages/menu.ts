import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { signedIn, visitorOf } from '../auth'
import { dismissMailBanner } from '../banners'
import { boardOf } from '../board'
import { worstOf } from '../frame'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { renderPart } from '../render'
import { rightsOf } from '../rights'
import { mark, rootPath } from '../show'
import { addProjectUrl, switcherOf } from '../shell'

/** The person's projects with how they are, for the switcher in the header: web-ui.md §2.1. */
export function menuPages(app: App): Router {
  const { store, clock, config } = app
  const board = boardOf(app)
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/projects/menu/', signedIn, async (request: Request, response: Response) => {
    const reached = await store.projects.withRoles(visitorOf(request).user.id)
    const { byProject } = await board.latelyOf(rightsOf(reached).map(({ project }) => project.id))
    const model = {
      projects: switcherOf(reached, valueOf(request, 'current'), paths).map((entry) => {
        const counts = byProject.get(entry.id)?.counts
        const worst = counts && worstOf(counts)
        return {
          ...entry,
          mark: worst ? mark(worst, (counts?.running ?? 0) > 0) : null,
          down: counts?.down ?? 0,
        }
      }),
      addUrl: addProjectUrl(request),
    }
    await renderPart(request, response, 'project-menu', model)
  })

  routes.post('/banners/mail/dismiss/', signedIn, async (request: Request, response: Response) => {
    await dismissMailBanner({ store, clock }, visitorOf(request).user)
    response.redirect(303, paths.home)
  })

  return routes
}
