import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { MINUTE, SECOND } from '../../core/time'
import { retryAfter, STATUS } from '../answer'
import { browserOf, goOn } from '../browser'
import { contextOf } from '../context'
import { AUTO_LOGIN_COOKIE, setCookie } from '../cookies'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { newPasswordFields } from '../password-fields'
import { render } from '../render'
import { rootPath } from '../show'

/** People take longer than that to type their address. */
const LEAST_AGE_MS = 2 * SECOND

const AUTO_LOGIN_MS = 5 * MINUTE

const PURPOSE = 'sign-up'

/** Making an account for oneself: spec/web-ui.md A08. */
export function signUpPages({ actions, config, signer, clock }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  async function show(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    if (problem) retryAfter(response, problem)
    const name = config.mail === null ? 'email' : 'identity'
    const address = field({
      name,
      label: 'E-mail',
      type: 'email',
      value: form[name] ?? '',
      error: problem?.fields?.[name] ?? '',
      required: true,
      maxLength: 254,
      autocomplete: config.mail === null ? 'username' : 'email',
      isFirst: problem === null,
    })
    const model = gate({
      heading: 'Create an account',
      intro: config.mail === null ? [] : ['You get a link by mail. The account is made when you open it.'],
      problems: summaryOf(problem),
      forms: [
        gateForm({
          action: paths.signUp,
          hidden: [
            { name: 'tz', value: form['tz'] ?? '' },
            { name: 'began', value: signer.stamp(PURPOSE, '', clock()) },
          ],
          fields: config.mail === null ? [address, ...newPasswordFields(problem)] : [address],
          submit: config.mail === null ? 'Create the account' : 'Mail me the link',
          trap: true,
        }),
      ],
      links: [{ text: 'Sign in instead', url: paths.signIn, hook: 'sign-in' }],
    })
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'gate', model, { title: 'Create an account', status, bare: true })
  }

  async function sent(request: Request, response: Response): Promise<void> {
    const model = gate({
      heading: 'Check your e-mail',
      intro: ['A link is on its way. It works once, for one hour.'],
      links: [{ text: 'Use another address', url: paths.signUp, hook: 'again' }],
    })
    await render(request, response, 'gate', model, { title: 'Check your e-mail', bare: true })
  }

  async function closed(request: Request, response: Response): Promise<void> {
    const model = gate({
      heading: 'Registration is closed',
      intro: ['Registration is closed. Ask the administrator of this instance for an invitation.'],
      links: [{ text: 'Sign in', url: paths.signIn, hook: 'sign-in' }],
    })
    const about = { title: 'Registration is closed', status: 403, bare: true }
    await render(request, response, 'gate', model, about)
  }

  /** Programs fill in every field, at once. */
  function isProgram(form: Form): boolean {
    const beganAt = signer.stampedAt(PURPOSE, '', form['began'] ?? '')
    return (form['website'] ?? '') !== '' || beganAt === null || clock() - beganAt < LEAST_AGE_MS
  }

  routes.get('/accounts/signup/', async (request, response) => {
    if (contextOf(request).visitor) return response.redirect(303, paths.home)
    return config.registrationOpen ? show(request, response, {}, null) : closed(request, response)
  })

  routes.post('/accounts/signup/', async (request, response) => {
    if (!config.registrationOpen) return closed(request, response)
    const form = formOf(request.body)
    const { identity = '', email = '', password = '', repeat = '', tz = '' } = form
    if (isProgram(form)) return sent(request, response)
    if (config.mail === null) {
      const made = await actions.signUp.withPassword({ email, password, repeat, tz }, browserOf(request))
      if (!made.ok) return show(request, response, form, made.problem)
      return goOn(request, response, made.value, '')
    }
    const asked = await actions.links.askSignUp(identity, { tz }, browserOf(request))
    if (!asked.ok) return show(request, response, form, asked.problem)
    setCookie(request, response, AUTO_LOGIN_COOKIE, asked.value.asker, AUTO_LOGIN_MS)
    await sent(request, response)
  })

  return routes
}
