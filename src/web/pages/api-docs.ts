import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { whileSame } from '../../core/while-same'
import { accountDoor } from '../api/account/door'
import { describedApi, projectApi } from '../api/door'
import { apiDocsPage } from '../api-docs'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { rootPath } from '../show'

/** Every route of the management API, for people: made from the same description as the document for programs. */
export function apiDocsPages(app: App): Router {
  const root = rootPath(app.config.siteRoot)
  const paths = pathsBelow(root)
  const routes = Router()
  const ofProject = projectApi(app)
  const ofAccount = accountDoor(app, ofProject).routes
  const model = whileSame(
    () => app.config.siteRoot,
    () =>
      apiDocsPage(describedApi(app, ofProject, ofAccount), {
        trail: [{ text: 'Documentation', url: paths.docs }],
        documentUrl: `${root}/api/v3/openapi.json`,
        tokensUrl: paths.tokens,
      }),
  )

  routes.get('/docs/api/', (request: Request, response: Response) =>
    render(request, response, 'docs-api', model(), { title: 'Management API, every route', section: 'docs' }),
  )

  return routes
}
