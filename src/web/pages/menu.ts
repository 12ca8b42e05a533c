import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { signedIn, visitorOf } from '../auth'
import { dismissMailBanner } from '../banners'
import { countsOf, worstOf } from '../frame'
import { valueOf } from '../query'
import { renderPart } from '../render'
import { mark, rootPath } from '../show'
import { addProjectUrl, switcherOf } from '../shell'

/** The person's projects with how they are, for the switcher in the header: web-ui.md §2.1. */
export function menuPages({ store, clock, config }: App): Router {
  const routes = Router()

  routes.get('/projects/menu/', signedIn, async (request: Request, response: Response) => {
    const nowAt = clock()
    const entries = await switcherOf(request, valueOf(request, 'current'))
    const projects = await store.projects.ofUser(visitorOf(request).user.id)
    const known = new Map(
      await Promise.all(
        projects.map(async ({ id, code }) => {
          const counts = countsOf(await store.checks.ofProject(id), nowAt)
          return [code, counts] as const
        }),
      ),
    )
    const model = {
      projects: entries.map((entry) => {
        const counts = known.get(entry.code)
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
    response.redirect(303, `${rootPath(config.siteRoot)}/`)
  })

  return routes
}
