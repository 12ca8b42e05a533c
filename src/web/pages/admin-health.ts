import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { healthPage } from '../admin-health'
import { showAdmin } from '../admin-show'
import { administrator, visitorOf } from '../auth'
import { healthSource } from '../health-source'
import { pathsBelow } from '../paths'
import { rootPath } from '../show'

/** How the instance is: X01 of web-ui.md. */
export function adminHealthPages(app: App): Router {
  const paths = pathsBelow(rootPath(app.config.siteRoot))
  const routes = Router()

  routes.get('/admin/', administrator, async (request: Request, response: Response) => {
    const { source, minutes } = await healthSource(app, visitorOf(request).user.tz)
    await showAdmin(request, response, healthPage(source, minutes, paths))
  })

  return routes
}
