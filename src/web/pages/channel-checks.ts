import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { compareNames } from '../../core/words'
import { channelOf, onChannel, projectOf } from '../auth'
import { titleOf } from '../channel-names'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import type { Problem } from '../../core/problem'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { nameOf, rootPath } from '../show'
import { say } from '../strings'

/** What a ticked check is called in the form: this and its code. */
const TICK = 'on-'

/** For which checks an integration is on, and what it is called: I04 and I05 of web-ui.md. */
export function channelCheckPages({ store, config, actions }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onChannel('member')

  routes.get('/integrations/:channel/checks/', own, async (request: Request, response: Response) => {
    const channel = channelOf(request)
    const project = projectOf(request)
    const [checks, ids] = await Promise.all([
      store.checks.ofProject(project.id),
      store.channels.checkIds(channel.id),
    ])
    const on = new Set(ids)
    const model = {
      trail: [{ text: 'Integrations', url: paths.channels(project.code) }],
      name: titleOf(channel),
      action: paths.channelPart(channel.code, 'checks'),
      cancelUrl: paths.channels(project.code),
      checks: checks
        .map((check) => ({ field: `${TICK}${check.code}`, name: nameOf(check), isOn: on.has(check.id) }))
        .toSorted((one, other) => compareNames(one.name, other.name)),
    }
    const frame = { title: 'Checks of an integration', project, section: 'integrations' as const }
    await render(request, response, 'channel-checks', model, frame)
  })

  routes.post('/integrations/:channel/checks/', own, async (request: Request, response: Response) => {
    const names = Object.keys(formOf(request.body)).filter((name) => name.startsWith(TICK))
    const codes = names.map((name) => name.slice(TICK.length))
    const assigned = await actions.channels.assign(channelOf(request), codes)
    if (!assigned.ok) return showError(request, response, 404)
    await flash(request, { tone: 'success', text: say('M-INT-2') })
    response.redirect(303, paths.channels(projectOf(request).code))
  })

  routes.get('/integrations/:channel/name/', own, (request: Request, response: Response) =>
    askName(request, response, { name: channelOf(request).name }, null),
  )

  routes.post('/integrations/:channel/name/', own, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const renamed = await actions.channels.rename(channelOf(request), form['name'] ?? '')
    if (!renamed.ok) return askName(request, response, form, renamed.problem)
    await flash(request, { tone: 'success', text: say('M-INT-2') })
    response.redirect(303, paths.channels(projectOf(request).code))
  })

  async function askName(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const channel = channelOf(request)
    const project = projectOf(request)
    const name = field({
      name: 'name',
      label: 'Name',
      value: form['name'] ?? '',
      help: 'What to call it in lists. May stay empty.',
      error: problem?.fields?.['name'] ?? '',
      maxLength: 100,
    })
    const model = {
      trail: [{ text: 'Integrations', url: paths.channels(project.code) }],
      heading: `Rename ${titleOf(channel)}`,
      intro: '',
      action: paths.channelPart(channel.code, 'name'),
      hidden: [],
      groups: [{ legend: '', fields: [name] }],
      errors: summaryOf(problem),
      submit: 'Save',
      cancelUrl: paths.channels(project.code),
      notes: [],
      placeholders: [],
    }
    const status = problem === null ? 200 : 422
    const frame = { title: 'Rename an integration', status, project, section: 'integrations' as const }
    await render(request, response, 'form', model, frame)
  }

  return routes
}
