import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { settingsTable } from '../../config'
import { ENDINGS } from '../check-page'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { rootPath } from '../show'
import type { DocsSettingsPage } from '../view-models'

/** Never a real one: web-ui.md §10. */
const EXAMPLE_CODE = '00000000-0000-4000-8000-000000000000'

/** The documentation, which anybody may read: D01 of web-ui.md. */
export function docsPages(app: App): Router {
  const { config } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/docs/', async (request: Request, response: Response) => {
    const model = {
      siteName: config.siteName,
      pingUrl: config.pingEndpoint + EXAMPLE_CODE,
      endings: ENDINGS,
      pages: [
        { title: 'Settings', text: 'Every setting, its default and what it is for.', url: paths.settings },
      ],
    }
    await render(request, response, 'docs', model, { title: 'Documentation', section: 'docs' })
  })

  routes.get('/docs/self_hosted_configuration/', async (request: Request, response: Response) => {
    const model = { trail: [{ text: 'Documentation', url: paths.docs }], settings: settingsForPeople() }
    await render(request, response, 'docs-settings', model, { title: 'Settings', section: 'docs' })
  })

  return routes
}

function settingsForPeople(): DocsSettingsPage['settings'] {
  return settingsTable().map(({ name, default: fallback, sentence }) => ({
    name,
    fallback: String(fallback ?? ''),
    text: sentence,
  }))
}
