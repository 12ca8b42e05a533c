import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { validSchedule } from '../../actions/check-input'
import { signedIn } from '../auth'
import { contextOf } from '../context'
import { formOf } from '../fields'
import { renderPart } from '../render'
import { asked, mayPreview } from '../schedule-asking'

/** Previews of a schedule alone, for pages that help with expressions: web-ui.md C06, spec/schedules.md [S65]. */
export function schedulePreviewPages({ clock }: App): Router {
  const routes = Router()

  // Anybody may try out cron expressions: the documentation has a page for it.
  routes.post('/checks/cron_preview/', (request, response) => answer(request, response, 'cron'))

  routes.post('/checks/oncalendar_preview/', signedIn, (request: Request, response: Response) =>
    answer(request, response, 'oncalendar'),
  )

  routes.post('/checks/validate_schedule/', signedIn, (request: Request, response: Response) => {
    const { kind, schedule: expression = '', tz = 'UTC' } = formOf(request.body)
    if (kind !== 'cron' && kind !== 'oncalendar') {
      response.status(400).json({ error: 'The kind must be cron or oncalendar.' })
      return
    }
    response.json({ result: validSchedule({ kind, expression, tz }).ok })
  })

  async function answer(request: Request, response: Response, kind: 'cron' | 'oncalendar'): Promise<void> {
    if (!(await mayPreview(request, response))) return
    const { schedule = '', tz = '' } = formOf(request.body)
    const { user } = contextOf(request).visitor ?? { user: { tz: 'UTC' } }
    // The grace time says nothing about the times.
    const form = { kind, [kind]: schedule, tz, grace: '1', grace_unit: 'hours' }
    const { preview } = asked(form, { check: null, nowAt: clock(), tz: user.tz })
    await renderPart(request, response, 'schedule-preview', { preview })
  }

  return routes
}
