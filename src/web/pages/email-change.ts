import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { MINUTE } from '../../core/time'
import { retryAfter, STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { browserOf, leave } from '../browser'
import { contextOf } from '../context'
import { AUTO_LOGIN_COOKIE, clearSession, cookieOf, setCookie, setSession } from '../cookies'
import { field, formOf, summaryOf } from '../fields'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import { needsSudo } from '../sudo'
import { badLink } from './mail-links'

const ASKER_MS = 5 * MINUTE

/** Changing the address of one's account: A15, A16 of web-ui.md. */
export function emailChangePages({ actions, config, store }: App): Router {
  const root = rootPath(config.siteRoot)
  const paths = pathsBelow(root)
  const trail = [{ text: 'Account', url: paths.account }]
  const routes = Router()

  async function show(
    request: Request,
    response: Response,
    email: string,
    problem: Problem | null,
  ): Promise<void> {
    const { user } = visitorOf(request)
    const own = await store.secondSteps.of(user.id)
    const model = {
      trail,
      heading: 'Change e-mail',
      intro: `Your address is ${user.email}.`,
      action: paths.changeEmail,
      hidden: [],
      groups: [
        {
          legend: '',
          fields: [
            field({
              name: 'email',
              label: 'New address',
              type: 'email',
              value: email,
              error: problem?.fields?.['email'] ?? '',
              required: true,
              maxLength: 254,
              autocomplete: 'email',
              isFirst: problem === null,
            }),
          ],
        },
      ],
      errors: summaryOf(problem),
      submit: config.mail === null ? 'Change address' : 'Mail a link to it',
      cancelUrl: paths.account,
      notes: [
        'E-mail integrations are not changed: alerts go on to the addresses they have.',
        ...(own.totp !== null || own.passkeys > 0
          ? ['Your authenticator app and keys stay with the account.']
          : []),
      ],
      placeholders: [],
    }
    if (problem) retryAfter(response, problem)
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'form', model, { title: 'Change e-mail', status })
  }

  /** Somebody said of a change that it was not theirs. */
  async function showLocked(request: Request, response: Response, problem: Problem | null): Promise<void> {
    const { user } = visitorOf(request)
    const hasPassword = user.passwordHash !== null
    const password = field({
      name: 'password',
      label: 'Your password',
      type: 'password',
      error: problem?.fields?.['password'] ?? '',
      maxLength: 200,
      autocomplete: 'current-password',
    })
    const model = gate({
      heading: 'The address is locked',
      intro: [
        'Somebody said of a change of this address that it was not theirs.',
        hasPassword ? 'With your password you open it again.' : 'An administrator can open it again.',
      ],
      problems: summaryOf(problem),
      forms: hasPassword
        ? [
            gateForm({
              action: paths.changeEmail,
              fields: [password],
              hidden: [{ name: 'action', value: 'unlock' }],
              submit: 'Unlock',
            }),
          ]
        : [],
      links: [{ text: 'Back', url: paths.account, hook: 'back' }],
    })
    if (problem) retryAfter(response, problem)
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'gate', model, { title: 'Change e-mail', status })
  }

  routes.get('/accounts/change_email/', signedIn, needsSudo, async (request: Request, response: Response) => {
    const { user } = visitorOf(request)
    if (actions.emailChange.isLocked(user)) return await showLocked(request, response, null)
    await show(request, response, '', null)
  })

  routes.post(
    '/accounts/change_email/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      const visitor = visitorOf(request)
      const { email = '', action = '', password = '' } = formOf(request.body)
      if (action === 'unlock') {
        const unlocked = await actions.emailChange.unlock(visitor, password)
        if (!unlocked.ok) return await showLocked(request, response, unlocked.problem)
        return response.redirect(303, paths.changeEmail)
      }
      const asked = await actions.emailChange.ask(visitor, email, browserOf(request))
      if (!asked.ok) {
        if (asked.problem.code === 'forbidden') return await showLocked(request, response, null)
        return await show(request, response, email, asked.problem)
      }
      if ('ticket' in asked.value) {
        setSession(request, response, asked.value.ticket)
        await flash(request, { tone: 'success', text: say('M-ACC-4') })
        return response.redirect(303, paths.account)
      }
      setCookie(request, response, AUTO_LOGIN_COOKIE, asked.value.asker, ASKER_MS)
      const model = {
        heading: 'One more step',
        text: [
          'A link is on its way to the new address. It works for 15 minutes; until you open it nothing changes.',
          'Your old address is told of it, too.',
        ],
        link: { text: 'Back to the account', url: paths.account },
      }
      await render(request, response, 'message', model, { title: 'One more step' })
    },
  )

  routes.get('/accounts/change_email/:token/', async (request: Request, response: Response) => {
    const secret = String(request.params['token'])
    const found = await actions.emailChange.look(secret, cookieOf(request, AUTO_LOGIN_COOKIE) ?? '')
    if (found === null) return response.redirect(303, `${paths.signIn}?notice=link`)
    if (found.isHere) return confirm(request, response)
    const model = gate({
      heading: 'Use this address?',
      intro: [`${found.email} becomes the address of your account.`],
      forms: [gateForm({ action: `${root}${request.path}`, submit: 'Use this address', hook: 'continue' })],
    })
    await render(request, response, 'gate', model, { title: 'Use this address?', bare: true })
  })

  routes.post('/accounts/change_email/:token/', confirm)

  async function confirm(request: Request, response: Response): Promise<void> {
    const { visitor } = contextOf(request)
    const secret = String(request.params['token'])
    const changed = await actions.emailChange.confirm(secret, visitor, browserOf(request))
    if (changed === null) return response.redirect(303, `${paths.signIn}?notice=link`)
    setCookie(request, response, AUTO_LOGIN_COOKIE, '', 0)
    if (changed.ticket === null) return response.redirect(303, `${paths.signIn}?notice=email`)
    setSession(request, response, changed.ticket)
    await flash(request, { tone: 'success', text: say('M-ACC-4') })
    response.redirect(303, paths.account)
  }

  routes.get('/accounts/not_me/:token/', async (request: Request, response: Response) => {
    if (!(await actions.emailChange.isNotMe(String(request.params['token']))))
      return badLink(request, response, 'not me')
    const model = gate({
      heading: 'It was not you?',
      intro: [
        'This ends all sessions of the account, revokes its access tokens, and locks its address until you unlock it.',
      ],
      forms: [gateForm({ action: `${root}${request.path}`, submit: 'It was not me', hook: 'continue' })],
    })
    await render(request, response, 'gate', model, { title: 'It was not you?', bare: true })
  })

  routes.post('/accounts/not_me/:token/', async (request: Request, response: Response) => {
    const done = await actions.emailChange.notMe(String(request.params['token']), browserOf(request))
    if (!done) return badLink(request, response, 'not me')
    await leave(request, response)
    clearSession(request, response)
    response.redirect(303, `${paths.signIn}?notice=not-me`)
  })

  return routes
}
