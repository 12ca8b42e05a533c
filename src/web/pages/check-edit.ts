import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { HOUR } from '../../core/time'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { backOf } from '../back'
import { nameForm, nameValues, readDescription, scheduleForm } from '../check-forms'
import type { FormState } from '../check-forms'
import { field, formOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { asked, asksForPreview, limitPreviews, showTiming } from '../schedule-asking'
import { timingValues, zonesInUse } from '../schedule-form'
import { moment, nameOf, rootPath } from '../show'
import { say } from '../strings'
import type { TextKey } from '../strings'
import type { ConfirmPage } from '../view-models'
import type { Frame } from '../views'

/** A check that was pinged within this time is in use: its name has to be typed to remove it. */
const IN_USE_MS = 24 * HOUR

/** What people change about a check: C05, C06, C12 and C17 of web-ui.md. */
export function checkEditPages(app: App): Router {
  const { config, clock, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onCheck('member')

  routes.get('/checks/:check/name/', own, async (request: Request, response: Response) => {
    await askName(request, response, nameValues(checkOf(request)), null)
  })

  routes.post('/checks/:check/name/', own, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const described = await actions.checks.describe(checkOf(request), readDescription(form))
    if (!described.ok) return await askName(request, response, form, described.problem)
    const { id, slug } = described.value
    const siblings = await app.store.checks.ofProject(projectOf(request).id)
    const isShared = slug !== '' && siblings.some((each) => each.id !== id && each.slug === slug)
    await done(request, response, isShared ? 'M-CHK-15' : 'M-CHK-2')
  })

  routes.get('/checks/:check/timeout/', own, async (request: Request, response: Response) => {
    const zones = await zonesOf(request)
    const form = timingValues(checkOf(request), zones, visitorOf(request).user.tz)
    await askSchedule(request, response, form, null, zones)
  })

  routes.post(
    '/checks/:check/timeout/',
    [...own, limitPreviews],
    async (request: Request, response: Response) => {
      const form = formOf(request.body)
      if (asksForPreview(form)) return await askSchedule(request, response, form, null)
      const { schedule, graceMs } = askedOf(request, form)
      const saved = await actions.checks.reschedule(checkOf(request), schedule, graceMs, byOf(request))
      if (!saved.ok) return await askSchedule(request, response, form, saved.problem)
      await done(request, response, saved.value.wentDown ? 'M-CHK-4' : 'M-CHK-3')
    },
  )

  routes.get('/checks/:check/pause/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    const then = check.manualResume ? 'is ignored until you resume.' : 'resumes it.'
    await confirm(request, response, {
      heading: `Pause ${nameOf(check)}?`,
      text: [`No alarm is raised while it is paused. The next ping ${then}`],
      action: paths.checkPart(check.code, 'pause'),
      submit: 'Pause',
    })
  })

  routes.post('/checks/:check/pause/', own, async (request: Request, response: Response) => {
    const wasPaused = checkOf(request).status === 'paused'
    const paused = await actions.checks.pause(checkOf(request), byOf(request))
    await done(request, response, wasPaused || !paused.ok ? 'M-CHK-13' : 'M-CHK-5')
  })

  routes.get('/checks/:check/resume/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    await confirm(request, response, {
      heading: `Resume ${nameOf(check)}?`,
      text: ['Its status becomes New; the clock starts at the next ping.'],
      action: paths.checkPart(check.code, 'resume'),
      submit: 'Resume',
    })
  })

  routes.post('/checks/:check/resume/', own, async (request: Request, response: Response) => {
    const resumed = await actions.checks.resume(checkOf(request), byOf(request))
    await done(request, response, resumed.ok ? 'M-CHK-6' : 'M-CHK-14')
  })

  routes.get('/checks/:check/remove/', own, async (request: Request, response: Response) => {
    await askRemove(request, response, '')
  })

  routes.post('/checks/:check/remove/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    const typed = (formOf(request.body)['typed'] ?? '').trim()
    if (isInUse(request) && typed !== nameOf(check)) {
      return await askRemove(request, response, say('M-FORM-7', { name: nameOf(check) }))
    }
    await actions.checks.remove(check)
    await flash(request, { tone: 'success', text: say('M-CHK-10', { name: nameOf(check) }) })
    response.redirect(303, backOf(request) ?? paths.checks(projectOf(request).code))
  })

  async function askName(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const model = nameForm(stateOf(request, 'name', form, problem))
    await render(request, response, 'form', model, frameOf(request, 'Name', problem))
  }

  async function askSchedule(
    request: Request,
    response: Response,
    given: Form,
    problem: Problem | null,
    known?: string[],
  ): Promise<void> {
    const { form, preview } = askedOf(request, given)
    const zones = known ?? (await zonesOf(request))
    const model = scheduleForm({ ...stateOf(request, 'timeout', form, problem), zones, preview })
    await showTiming(request, response, model, frameOf(request, 'Schedule', problem))
  }

  function askedOf(request: Request, form: Form): ReturnType<typeof asked> {
    const { tz } = visitorOf(request).user
    return asked(form, { check: checkOf(request), nowAt: clock(), tz })
  }

  async function zonesOf(request: Request): Promise<string[]> {
    return zonesInUse(await app.store.checks.ofProject(projectOf(request).id))
  }

  async function askRemove(request: Request, response: Response, wrong: string): Promise<void> {
    const check = checkOf(request)
    const name = nameOf(check)
    const { tz } = visitorOf(request).user
    const inUse = isInUse(request) && check.lastPingAt !== null
    const model = {
      heading: `Remove ${name}?`,
      text: [
        'The ping URL stops working at once and cannot be brought back.',
        ...(inUse
          ? [`This check is in use: last ping ${moment(check.lastPingAt ?? 0, tz).text} (${tz}).`]
          : []),
      ],
      action: paths.checkPart(check.code, 'remove'),
      submit: 'Remove check',
      isDanger: true,
      typed: inUse
        ? field({ name: 'typed', label: `Type “${name}” to confirm`, required: true, error: wrong })
        : null,
    }
    await confirm(request, response, model, wrong === '' ? 200 : 422)
  }

  function isInUse(request: Request): boolean {
    const { lastPingAt } = checkOf(request)
    return lastPingAt !== null && clock() - lastPingAt < IN_USE_MS
  }

  async function confirm(
    request: Request,
    response: Response,
    about: Pick<ConfirmPage, 'heading' | 'text' | 'action' | 'submit'> & Partial<ConfirmPage>,
    status = 200,
  ): Promise<void> {
    const trail = trailOf(request)
    const cancelUrl = paths.check(checkOf(request).code)
    const model = { trail, cancelUrl, isDanger: false, typed: null, ...about }
    await render(request, response, 'confirm', model, { ...frameOf(request, about.submit, null), status })
  }

  async function done(request: Request, response: Response, key: TextKey): Promise<void> {
    const isNothing = key === 'M-CHK-13' || key === 'M-CHK-14'
    const tone = key === 'M-CHK-4' || key === 'M-CHK-15' ? 'warning' : isNothing ? 'info' : 'success'
    await flash(request, { tone, text: say(key) })
    response.redirect(303, backOf(request) ?? paths.check(checkOf(request).code))
  }

  function stateOf(
    request: Request,
    part: 'name' | 'timeout',
    form: Form,
    problem: Problem | null,
  ): FormState {
    const { code } = checkOf(request)
    const trail = trailOf(request)
    return { trail, action: paths.checkPart(code, part), cancelUrl: paths.check(code), form, problem }
  }

  function trailOf(request: Request): FormState['trail'] {
    const { code, name } = projectOf(request)
    const check = checkOf(request)
    return [
      { text: name, url: paths.checks(code) },
      { text: nameOf(check), url: paths.check(check.code) },
    ]
  }

  return routes
}

function frameOf(request: Request, title: string, problem: Problem | null): Frame {
  return {
    title: `${title} – ${nameOf(checkOf(request))}`,
    status: problem === null ? 200 : 422,
    project: projectOf(request),
    section: 'checks',
  }
}

/** Who does it, for the log. */
function byOf(request: Request): string {
  return visitorOf(request).user.email
}
