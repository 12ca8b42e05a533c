import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { healthPage } from '../admin-health'
import { showAdmin } from '../admin-show'
import { administrator, visitorOf } from '../auth'
import { pathsBelow } from '../paths'
import { rootPath } from '../show'

/** How the instance is: X01 of web-ui.md. */
export function adminHealthPages(app: App): Router {
  const { store, config, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/admin/', administrator, async (request: Request, response: Response) => {
    const nowAt = clock()
    const [figures, sizeBytes, purges] = await Promise.all([
      store.figures.of(nowAt),
      store.upkeep.sizes().then(({ bytes }) => bytes),
      store.purges.waiting(),
    ])
    const model = healthPage({
      app,
      figures,
      sizeBytes,
      purges,
      tz: visitorOf(request).user.tz,
      nowAt,
      paths,
    })
    await showAdmin(request, response, model)
  })

  return routes
}
