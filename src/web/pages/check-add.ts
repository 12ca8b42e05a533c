import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { inProject, projectOf, visitorOf } from '../auth'
import { backOf, withBack } from '../back'
import { titleOf } from '../channel-names'
import { newCheckForm, readDescription, readTold } from '../check-forms'
import { contextOf } from '../context'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { valuesOf } from '../query'
import { flash } from '../render'
import { asked, asksForPreview, limitPreviews, showTiming } from '../schedule-asking'
import { newTimingValues, zonesInUse } from '../schedule-form'
import { rootPath } from '../show'
import { say } from '../strings'

/** Adding a check: C02 of web-ui.md. */
export function checkAddPages(app: App): Router {
  const { store, config, clock, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get(
    '/projects/:project/checks/add/',
    inProject('member'),
    async (request: Request, response: Response) => {
      const zones = await zonesOf(request)
      const timing = newTimingValues(zones, visitorOf(request).user.tz)
      const form = { tags: valuesOf(request, 'tag').join(' '), ...timing }
      await ask(request, response, form, null, zones)
    },
  )

  routes.post(
    '/projects/:project/checks/add/',
    [...inProject('member'), limitPreviews],
    async (request: Request, response: Response) => {
      const given = formOf(request.body)
      if (asksForPreview(given)) return await ask(request, response, given, null)
      const { form, schedule, graceMs } = askedOf(request, given)
      const described = readDescription(form)
      const code = codeOfForm(request, given)
      const added = await actions.checks.add(projectOf(request), { ...described, schedule, graceMs, code })
      if (!added.ok) return await ask(request, response, given, added.problem)
      const told = readTold(form)
      // One that is gone meanwhile is no reason not to have the check: then all are told.
      if (told !== null) await actions.switches.setAll(added.value, told)
      const link = { text: 'How to ping it', url: paths.checkPart(added.value.code, 'usage') }
      await flash(request, { tone: 'success', text: say('M-CHK-1'), link })
      const back = backOf(request) ?? paths.checks(projectOf(request).code)
      response.redirect(303, `${back}${back.includes('?') ? '&' : '?'}fresh=${added.value.code}`)
    },
  )

  async function ask(
    request: Request,
    response: Response,
    given: Form,
    problem: Problem | null,
    known?: string[],
  ): Promise<void> {
    const { id, code, name } = projectOf(request)
    const { form, preview } = askedOf(request, given)
    const channels = await store.channels.ofProject(id)
    const back = backOf(request)
    const model = newCheckForm({
      trail: [{ text: name, url: paths.checks(code) }],
      action: withBack(paths.addCheck(code), back),
      cancelUrl: back ?? paths.checks(code),
      channels: channels.map((channel) => ({ code: channel.code, name: titleOf(channel) })),
      form,
      problem,
      zones: known ?? (await zonesOf(request)),
      preview,
    })
    await showTiming(request, response, model, {
      title: 'New check',
      status: problem === null ? 200 : 422,
      project: { code, name },
      section: 'checks',
    })
  }

  function askedOf(request: Request, form: Form): ReturnType<typeof asked> {
    return asked(form, { check: null, nowAt: clock(), tz: visitorOf(request).user.tz })
  }

  async function zonesOf(request: Request): Promise<string[]> {
    return zonesInUse(await store.checks.ofProject(projectOf(request).id))
  }

  return routes
}

/**
 * The code of a check that a form makes: the same for the same form, so that one whose answer was lost makes no
 * second check however late it is sent again, and by whatever instance it is taken. Null: the form has no number.
 */
function codeOfForm(request: Request, form: Form): string | null {
  if (form['once'] === undefined || form['once'] === '') return null
  const { signer } = contextOf(request).site.app
  const hex = signer.sign('new check', JSON.stringify([visitorOf(request).user.id, request.path, form]))
  // As a version 4 UUID is written, which all of its other digits may be anything in.
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5')
}
