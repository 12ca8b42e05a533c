import { Router } from 'express'
import type { Request, Response } from 'express'
import type { Step } from '../../actions/try-objects'
import type { App } from '../../app'
import { showAdmin } from '../admin-show'
import { storagePage } from '../admin-storage'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { formOf } from '../fields'
import { pathsBelow } from '../paths'
import { flash } from '../render'
import { rootPath } from '../show'
import type { Note } from '../views'

/** How long the page waits for a measurement: small households see it at once. */
const MEASURING_MS = 300

const PURGES = 50

/** The database and object storage: X06 of web-ui.md. */
export function adminStoragePages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { upkeep, jobs } = actions

  routes.get('/admin/storage/', administrator, (request: Request, response: Response) =>
    storage(request, response, []),
  )

  routes.post('/admin/storage/analyze/', administrator, async (request: Request, response: Response) => {
    await upkeep.analyze(actorOf(request))
    await back(request, response, good('The statistics of the database are up to date.'))
  })

  routes.post('/admin/storage/checkpoint/', administrator, async (request: Request, response: Response) => {
    const done = await upkeep.checkpoint(actorOf(request))
    const said = done ? good('The log is in the file.') : bad('Somebody reads from it just now: try again.')
    await back(request, response, done === null ? bad(ITSELF) : said)
  })

  routes.post('/admin/storage/vacuum/', administrator, async (request: Request, response: Response) => {
    const isSure = formOf(request.body)['sure'] === 'true'
    const said = {
      begun: good('It has begun. Pings wait until it is done.'),
      running: bad(UNDER_WAY),
      'not sure': bad('Tick that pings may be refused meanwhile.'),
      'no room': bad('There is not enough room on the disk for it.'),
      'not here': bad(ITSELF),
    }[await upkeep.vacuum(actorOf(request), isSure)]
    await back(request, response, said)
  })

  routes.post('/admin/storage/check/', administrator, async (request: Request, response: Response) => {
    await back(request, response, started(await upkeep.checkIntegrity(actorOf(request))))
  })

  routes.post('/admin/storage/prune/', administrator, async (request: Request, response: Response) => {
    await back(request, response, started(await upkeep.prune(actorOf(request))))
  })

  routes.post('/admin/storage/orphans/', administrator, async (request: Request, response: Response) => {
    const dryRun = formOf(request.body)['delete'] !== 'yes'
    await back(request, response, started(await upkeep.sweep(actorOf(request), dryRun)))
  })

  routes.post('/admin/storage/objects/', administrator, async (request: Request, response: Response) => {
    const steps = await upkeep.tryObjects(actorOf(request))
    if (steps === null) return await back(request, response, bad('There is no object storage.'))
    await storage(request, response, steps)
  })

  async function storage(request: Request, response: Response, steps: Step[]): Promise<void> {
    const [sizes, rows, disk, plan, vacuum, check, prune, sweep, largest, objects] = await Promise.all([
      store.upkeep.sizes(),
      store.upkeep.rows(),
      upkeep.diskSpace(),
      upkeep.vacuumPlan(),
      jobs.last('vacuum'),
      jobs.last('integrity check'),
      jobs.last('prune'),
      jobs.last('sweep'),
      actions.largest.look(MEASURING_MS),
      config.objects === null ? null : objectStorage(steps),
    ])
    const model = storagePage({
      isFile: config.database.kind === 'sqlite',
      sizes,
      rows,
      disk,
      plan,
      jobs: { vacuum, check, prune, sweep },
      largest,
      objects,
      tz: visitorOf(request).user.tz,
      nowAt: clock(),
      paths,
    })
    await showAdmin(request, response, model)
  }

  async function objectStorage(steps: Step[]) {
    const [{ bodies }, waiting, first] = await Promise.all([
      store.figures.of(clock()),
      store.purges.waiting(),
      store.purges.first(PURGES),
    ])
    return { bodies, trouble: app.health.objectsTrouble(), purges: { ...waiting, first }, steps }
  }

  async function back(request: Request, response: Response, said: Omit<Note, 'role'>): Promise<void> {
    await flash(request, said)
    response.redirect(303, paths.admin('storage'))
  }

  return routes
}

const UNDER_WAY = 'It is under way already.'
const ITSELF = 'This database does that by itself.'

const good = (text: string): Omit<Note, 'role'> => ({ tone: 'success', text })
const bad = (text: string): Omit<Note, 'role'> => ({ tone: 'error', text })
const started = (begun: boolean) => (begun ? good('It has begun.') : bad(UNDER_WAY))
