import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { retryAfter, STATUS } from '../answer'
import { browserOf, leave } from '../browser'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { newPasswordFields } from '../password-fields'
import { render } from '../render'
import { rootPath } from '../show'
import { badLink } from './mail-links'

/** For those who have lost their password, or never had one: spec/web-ui.md A09, A10. */
export function passwordResetPages({ actions, config }: App): Router {
  const root = rootPath(config.siteRoot)
  const paths = pathsBelow(root)
  const routes = Router()
  const signInLink = { text: 'Sign in', url: paths.signIn, hook: 'sign-in' }

  async function ask(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    if (problem) retryAfter(response, problem)
    const model = gate({
      heading: 'Set a new password',
      intro: ['We mail you a link with which you set a new one.'],
      problems: summaryOf(problem),
      forms: [
        gateForm({
          action: paths.askReset,
          fields: [
            field({
              name: 'identity',
              label: 'E-mail',
              type: 'email',
              value: form['identity'] ?? '',
              error: problem?.fields?.['identity'] ?? '',
              required: true,
              maxLength: 254,
              autocomplete: 'username',
              isFirst: problem === null,
            }),
          ],
          submit: 'Mail me a link',
        }),
      ],
      links: [signInLink],
    })
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'gate', model, { title: 'Set a new password', status, bare: true })
  }

  /** Without mails only somebody at the server can help. */
  async function cannot(request: Request, response: Response): Promise<void> {
    const model = gate({
      heading: 'Set a new password',
      intro: [
        'This site cannot send mails.',
        'An administrator can make a link for you, under Administration, Users.',
        'At the server, the command rollcall changepassword sets a new one.',
      ],
      links: [signInLink],
    })
    await render(request, response, 'gate', model, { title: 'Set a new password', bare: true })
  }

  routes.get('/accounts/password_reset/', (request, response) =>
    config.mail === null ? cannot(request, response) : ask(request, response, {}, null),
  )

  routes.post('/accounts/password_reset/', async (request, response) => {
    if (config.mail === null) return cannot(request, response)
    const form = formOf(request.body)
    const asked = await actions.links.askReset(form['identity'] ?? '', browserOf(request))
    if (!asked.ok) return ask(request, response, form, asked.problem)
    const model = gate({
      heading: 'Look into your mail',
      intro: ['If this address has an account here, a link is on its way. It works once, for one hour.'],
      links: [{ text: 'Use another address', url: paths.askReset, hook: 'again' }, signInLink],
    })
    await render(request, response, 'gate', model, { title: 'Link sent', bare: true })
  })

  async function set(request: Request, response: Response, problem: Problem | null): Promise<void> {
    const user = await actions.links.resetting(String(request.params['token']))
    if (user === null) return badLink(request, response, 'reset')
    if (problem) retryAfter(response, problem)
    const model = gate({
      heading: 'Set a new password',
      intro: [
        `For ${user.email}. Everybody who is signed in to this account is signed out, and its access tokens are revoked.`,
      ],
      problems: summaryOf(problem),
      forms: [
        gateForm({
          action: `${root}${request.path}`,
          fields: newPasswordFields(problem),
          submit: 'Save password',
        }),
      ],
    })
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'gate', model, { title: 'Set a new password', status, bare: true })
  }

  routes.get('/accounts/password_reset/:token/', (request: Request, response: Response) =>
    set(request, response, null),
  )

  routes.post('/accounts/password_reset/:token/', async (request: Request, response: Response) => {
    const { password = '', repeat = '' } = formOf(request.body)
    const secret = String(request.params['token'])
    const done = await actions.links.reset(secret, { password, repeat }, browserOf(request))
    if (done === null) return badLink(request, response, 'reset')
    if (!done.ok) return set(request, response, done.problem)
    await leave(request, response)
    response.redirect(303, `${paths.signIn}?notice=password`)
  })

  return routes
}
