import { Router } from 'express'
import type { Request, Response } from 'express'
import { doneBy } from '../../actions/bulk-jobs'
import type { App } from '../../app'
import { signedIn, visitorOf } from '../auth'
import { bulkText, progressPage } from '../bulk-form'
import { showError } from '../errors'
import { flash, render } from '../render'

/** How often the page of a job looks again. */
const AGAIN_S = 2

/** How far something is that is done with very many checks: web-ui.md §6.4. */
export function bulkJobPages({ actions }: App): Router {
  const routes = Router()

  routes.get('/checks/bulk/:job/', signedIn, async (request: Request, response: Response) => {
    const code = String(request.params['job'])
    const job = await actions.bulkJobs.look(code, visitorOf(request).user.id)
    if (job === null) return await showError(request, response, 404)
    if (job.position >= job.total) {
      await actions.bulkJobs.finish(code)
      const tone = job.done > 0 ? 'success' : 'info'
      await flash(request, { tone, text: bulkText(doneBy(job), job) })
      return response.redirect(303, job.back)
    }
    response.setHeader('Refresh', String(AGAIN_S))
    const model = progressPage(job, doneBy(job))
    await render(request, response, 'bulk-job', model, { title: `${model.percent} % – ${model.heading}` })
  })

  return routes
}
