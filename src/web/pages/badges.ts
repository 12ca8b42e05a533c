import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { readBadgePath } from '../../core/badge-address'
import { inProject, projectOf } from '../auth'
import { badgesPage, chosenPath } from '../badge-page'
import { badgeMaker } from '../badges'
import { formOf } from '../fields'
import { pathsBelow } from '../paths'
import { prometheusPage } from '../prometheus-page'
import { render } from '../render'
import { rootPath } from '../show'

/** What others may see of a project: badges (web-ui.md B01), and what Prometheus reads (I13). */
export function badgePages(app: App): Router {
  const { store, config, signer } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const make = badgeMaker(app)
  const routes = Router()

  routes.get(
    '/projects/:project/badges/',
    inProject('read-only'),
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      const source = {
        project,
        checks: await store.checks.ofProject(project.id),
        form: formOf(request.query),
        siteRoot: config.siteRoot,
        projectLabel: config.badgeLabel,
        sign: signer.badge,
        url: paths.badges(project.code),
        prometheusUrl: paths.prometheus(project.code),
      }
      const address = readBadgePath(decodeURIComponent(chosenPath(source) ?? ''))
      const document = address === null || address.format === 'svg' ? null : await make(address)
      const model = badgesPage(source, document?.text ?? '')
      await render(request, response, 'badges', model, { title: 'Badges', project, section: 'badges' })
    },
  )

  routes.get(
    '/projects/:project/add_prometheus/',
    inProject('read-only'),
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      const { siteRoot, prometheusEnabled: isOn } = config
      const model = prometheusPage(project, { siteRoot, isOn, paths })
      await render(request, response, 'prometheus', model, {
        title: 'Prometheus',
        project,
        section: 'integrations',
      })
    },
  )

  return routes
}
