import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import { frameOfCheck, trailToCheck } from '../about-check'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { fileStem } from '../csv'
import { downtimesCsv, downtimesPage } from '../downtimes-page'
import type { DowntimesSource } from '../downtimes-page'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { rootPath } from '../show'

/** Most changes of status, and most alerts, that are looked at. */
const MOST_FLIPS = 20_000
const MOST_TOLD = 5_000

/** Most runs among which one that took too long is looked for. */
const MOST_RUNS = 5_000

/** When a check was down: C19 of web-ui.md. */
export function downtimePages({ store, config, clock }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get(
    '/checks/:check/downtimes/',
    onCheck('read-only'),
    async (request: Request, response: Response) => {
      const source = await sourceOf(request)
      if (valueOf(request, 'format') === 'csv') {
        const date = new Date(source.nowAt).toISOString().slice(0, 10)
        response
          .status(200)
          .set('Content-Type', 'text/csv; charset=utf-8')
          .set(
            'Content-Disposition',
            `attachment; filename="${fileStem(source.check)}-downtimes-${date}.csv"`,
          )
          .send(downtimesCsv(source))
        return
      }
      await render(request, response, 'downtimes', downtimesPage(source), frameOfCheck(request, 'Downtimes'))
    },
  )

  async function sourceOf(request: Request): Promise<DowntimesSource> {
    const check = checkOf(request)
    const project = projectOf(request)
    const afterN = lastHiddenN(check, logLimitOf(project, await store.users.find(project.ownerId)))
    const [flips, told, runs] = await Promise.all([
      store.flips.latest(check.id, { sinceAt: 0, limit: MOST_FLIPS }),
      store.notifications.ofCheck(check.id, MOST_TOLD),
      store.runs.latest(check.id, { afterN, limit: MOST_RUNS }),
    ])
    return {
      check,
      flips,
      told,
      runs,
      month: valueOf(request, 'month'),
      nowAt: clock(),
      tz: visitorOf(request).user.tz,
      url: paths.checkPart(check.code, 'downtimes'),
      trail: trailToCheck(request, paths),
    }
  }

  return routes
}
