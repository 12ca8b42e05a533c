import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { render } from '../render'
import { rootPath } from '../show'

/** The wallboard: C20 of web-ui.md. Everybody may open it; what it shows depends on the keys behind the `#`. */
export function tvPages({ config }: App): Router {
  const routes = Router()

  routes.get('/tv/', async (request: Request, response: Response) => {
    const model = { checksUrl: `${rootPath(config.siteRoot)}/api/v3/checks/` }
    await render(request, response, 'tv', model, { title: 'Wallboard', bare: true, scripts: ['tv'] })
  })

  return routes
}
