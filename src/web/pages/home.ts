import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Project } from '../../core/project'
import { compareNames, count } from '../../core/words'
import { signedIn, visitorOf } from '../auth'
import { BY_CONCERN, countsOf } from '../frame'
import { pathsBelow } from '../paths'
import type { Paths } from '../paths'
import { render } from '../render'
import { mark, rootPath } from '../show'
import type { HomePage } from '../view-models'
import type { Counts } from '../views'

/** The projects of a person, or the checks of the only one: P01 of web-ui.md. */
export function homePages(app: App): Router {
  const { store, config, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/', signedIn, async (request: Request, response: Response) => {
    const projects = await store.projects.ofUser(visitorOf(request).user.id)
    const [only] = projects
    if (only !== undefined && projects.length === 1) {
      response.redirect(303, paths.checks(only.code))
      return
    }
    const nowAt = clock()
    const sums = await Promise.all(
      projects.map(async (project) => {
        const counts = countsOf(await store.checks.ofProject(project.id), nowAt)
        return { project, counts }
      }),
    )
    await render(request, response, 'home', homePage(sums, paths), { title: 'Projects' })
  })

  return routes
}

export function homePage(sums: { project: Project; counts: Counts }[], paths: Paths): HomePage {
  return {
    projects: sums
      .toSorted(
        (a, b) =>
          Number(b.counts.down > 0) - Number(a.counts.down > 0) ||
          compareNames(a.project.name, b.project.name),
      )
      .map(({ project, counts }) => {
        const present = BY_CONCERN.filter((status) => counts[status] > 0)
        return {
          name: project.name,
          url: paths.checks(project.code),
          worst: mark(present[0] ?? 'new', counts.running > 0),
          counts: present.map((status) => `${counts[status]} ${status}`).join(' · '),
          checks: count(
            present.reduce((sum, status) => sum + counts[status], 0),
            'check',
          ),
        }
      }),
  }
}
