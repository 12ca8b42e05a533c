import { Router } from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { App } from '../../app'
import { fail } from '../../core/problem'
import type { Problem } from '../../core/problem'
import { retryAfter, STATUS } from '../answer'
import { contextOf } from '../context'
import { setSession } from '../cookies'
import { showError } from '../errors'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { setupPage } from '../setup-form'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { say } from '../strings'

/** The first page of all, while there is no account: spec/web-ui.md A01. */
export function setupPages({ actions, config }: App): Router {
  const routes = Router()

  const whileOpen: RequestHandler = async (request, response, next) => {
    if (await actions.setup.isOpen()) return next()
    // Whoever had the form open learns why it is gone.
    const detail = request.method === 'POST' ? { detail: 'Set-up was finished by someone else.' } : {}
    return showError(request, response, 404, detail)
  }

  function show(request: Request, response: Response, form: Form, problem: Problem | null): Promise<void> {
    const action = `${contextOf(request).site.root}/setup/`
    const page = setupPage({ action, siteName: config.siteName, form, problem })
    if (problem) retryAfter(response, problem)
    return render(request, response, 'setup', page, {
      title: 'Set up',
      status: problem ? STATUS[problem.code] : 200,
      bare: true,
    })
  }

  routes.get('/setup/', whileOpen, (request, response) => show(request, response, {}, null))

  routes.post('/setup/', whileOpen, async (request, response) => {
    const form = formOf(request.body)
    const { code = '', email = '', password = '', tz = '' } = form
    const { site, peer } = contextOf(request)
    if (password !== form['repeat']) return show(request, response, form, differs())
    const begun = await actions.setup.begin({ code, email, password, tz }, peer.address)
    if (!begun.ok) return show(request, response, form, begun.problem)

    const { user } = begun.value
    const agent = request.get('user-agent') ?? ''
    const ticket = await actions.signIn.start(user, { address: peer.address, agent, keep: false })
    setSession(request, response, ticket)
    response.redirect(303, pathsBelow(site.root).setupStep('site'))
  })

  return routes
}

/** While there is no account there is nobody to sign in: whoever comes is led to the set-up. */
export function leadToSetup({ actions }: App): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const { site, visitor } = contextOf(request)
    const isDoor = request.path === '/' || request.path === '/accounts/login/'
    if (visitor || request.method !== 'GET' || !isDoor || !(await actions.setup.isOpen())) return next()
    response.redirect(303, `${site.root}/setup/`)
  }
}

function differs(): Problem {
  const message = say('M-PW-5')
  return fail('invalid', message, { fields: { repeat: message } }).problem
}
