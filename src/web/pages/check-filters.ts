import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { checkOf, onCheck, projectOf } from '../auth'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { filterForm, filterValues, readRules, tryRules, warningsAbout } from '../filter-form'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { nameOf, rootPath } from '../show'
import { say } from '../strings'
import type { FormPage } from '../view-models'

/** Which pings count for a check, and as what: C07 of web-ui.md. */
export function checkFilterPages(app: App): Router {
  const { config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onCheck('member')

  routes.get('/checks/:check/filtering_rules/', own, async (request: Request, response: Response) => {
    await ask(request, response, filterValues(checkOf(request)), null)
  })

  routes.post('/checks/:check/filtering_rules/', own, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    if (form['do'] === 'try') return await ask(request, response, form, null, tryRules(form))
    const rules = readRules(form)
    const saved = await actions.checks.filter(checkOf(request), rules)
    if (!saved.ok) return await ask(request, response, form, saved.problem)
    const warnings = warningsAbout(rules.filters)
    await flash(request, {
      tone: warnings.length > 0 ? 'warning' : 'success',
      text: [say('M-CHK-2'), ...warnings].join(' '),
    })
    response.redirect(303, paths.check(checkOf(request).code))
  })

  async function ask(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
    tried: FormPage['tried'] = null,
  ): Promise<void> {
    const check = checkOf(request)
    const project = projectOf(request)
    const model = filterForm({
      trail: [
        { text: project.name, url: paths.checks(project.code) },
        { text: nameOf(check), url: paths.check(check.code) },
      ],
      action: paths.checkPart(check.code, 'filtering_rules'),
      cancelUrl: paths.check(check.code),
      form,
      problem,
      tried,
    })
    await render(request, response, 'form', model, {
      title: `Filtering rules – ${nameOf(check)}`,
      status: problem === null ? 200 : 422,
      project,
      section: 'checks',
    })
  }

  return routes
}
