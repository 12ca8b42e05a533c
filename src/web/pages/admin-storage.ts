import { Router } from 'express'
import type { Request, Response } from 'express'
import { MIN_AGE_MS } from '../../actions/orphans'
import type { App } from '../../app'
import { adminForm, adminPage, adminSection, fact } from '../admin-page'
import { showAdmin } from '../admin-show'
import { administrator } from '../auth'
import { actorOf } from '../browser'
import { formOf } from '../fields'
import { pathsBelow } from '../paths'
import { flash } from '../render'
import { rootPath, size } from '../show'

/** The database and object storage: X06 of web-ui.md. */
export function adminStoragePages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { administration } = actions

  routes.get('/admin/storage/', administrator, (request: Request, response: Response) =>
    storage(request, response, []),
  )

  routes.post('/admin/storage/analyze/', administrator, async (request: Request, response: Response) => {
    await administration.analyze(actorOf(request))
    await flash(request, { tone: 'success', text: 'The statistics of the database are up to date.' })
    response.redirect(303, paths.admin('storage'))
  })

  routes.post('/admin/storage/orphans/', administrator, async (request: Request, response: Response) => {
    const lines: string[] = []
    const dryRun = formOf(request.body)['delete'] !== 'yes'
    const swept = await actions.orphans.sweep({
      dryRun,
      minAgeMs: MIN_AGE_MS,
      force: false,
      say: (line) => lines.push(line),
    })
    const ending =
      swept === null
        ? 'There is no object storage.'
        : swept.kind === 'failed'
          ? `It ended early: ${swept.failure.reason}`
          : swept.kind === 'no checks'
            ? 'There is no check at all: nothing was touched.'
            : `${swept.checks} checks that do not exist, ${swept.objects} objects removed.`
    if (!dryRun) await actions.trail(actorOf(request), 'storage-swept', 'object storage', ending)
    await storage(request, response, [...lines, ending])
  })

  async function storage(request: Request, response: Response, lines: string[]): Promise<void> {
    const [figures, bytes, purges] = await Promise.all([
      store.figures.of(clock()),
      store.administration.sizeBytes(),
      store.purges.waiting(),
    ])
    const model = adminPage('storage', paths, {
      heading: 'Storage',
      sections: [
        adminSection({
          id: 'database',
          heading: 'Database',
          facts: [
            fact('Kind', config.database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'),
            fact('Size on disk', size(bytes)),
          ],
          forms: [
            adminForm({
              action: paths.adminStorage('analyze'),
              submit: 'Update statistics',
              hook: 'analyze',
            }),
          ],
        }),
        adminSection({
          id: 'objects',
          heading: 'Object storage',
          facts:
            config.objects === null
              ? [fact('Object storage', 'off', { note: 'Ping bodies stay in the database.' })]
              : [
                  fact('Bodies waiting', String(figures.bodies.waiting), {
                    note: size(figures.bodies.bytes),
                  }),
                  fact('Removed checks whose bodies are still to go', String(purges.count), {
                    note: purges.failing > 0 ? `${purges.failing} failed and will be tried again` : '',
                  }),
                ],
          lines,
          forms:
            config.objects === null
              ? []
              : [
                  adminForm({
                    action: paths.adminStorage('orphans'),
                    submit: 'Look for bodies of checks that do not exist',
                    hook: 'orphans',
                  }),
                  adminForm({
                    action: paths.adminStorage('orphans'),
                    hidden: [{ name: 'delete', value: 'yes' }],
                    submit: 'Delete them',
                    isDanger: true,
                    hook: 'delete-orphans',
                  }),
                ],
        }),
      ],
    })
    await showAdmin(request, response, model)
  }

  return routes
}
