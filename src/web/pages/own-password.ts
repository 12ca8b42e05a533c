import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { count } from '../../core/words'
import type { Problem } from '../../core/problem'
import { retryAfter, STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { browserOf } from '../browser'
import { setSession } from '../cookies'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { newPasswordFields } from '../password-fields'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import { needsSudo } from '../sudo'

/** Setting, changing and removing one's password: A14 of web-ui.md. */
export function ownPasswordPages({ actions, config, store }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const trail = [{ text: 'Security', url: paths.security }]
  const routes = Router()

  async function show(request: Request, response: Response, problem: Problem | null): Promise<void> {
    const { user, signIn } = visitorOf(request)
    const current = field({
      name: 'current',
      label: 'Current password',
      type: 'password',
      error: problem?.fields?.['current'] ?? '',
      required: true,
      maxLength: 200,
      autocomplete: 'current-password',
    })
    const asksCurrent = user.passwordHash !== null && signIn.sudo?.by !== 'password'
    const tokens = (await store.accessTokens.ofUser(user.id)).length
    const revoke = field({
      name: 'revoke',
      label: `Revoke my ${tokens === 1 ? 'access token' : count(tokens, 'access token')}, too`,
      type: 'tick',
      help: 'Do so if somebody else may know the old password. Scripts that use it need a new one.',
    })
    const heading = user.passwordHash === null ? 'Set a password' : 'Change password'
    const model = {
      trail,
      heading,
      intro: 'You stay signed in here; your other sessions end.',
      action: paths.ownPassword,
      hidden: [{ name: 'username', value: user.email }],
      groups: [
        {
          legend: '',
          fields: [
            ...(asksCurrent ? [current] : []),
            ...newPasswordFields(problem),
            ...(tokens > 0 ? [revoke] : []),
          ],
        },
      ],
      errors: summaryOf(problem),
      submit: 'Save password',
      cancelUrl: paths.security,
      notes: [],
      placeholders: [],
    }
    if (problem) retryAfter(response, problem)
    await render(request, response, 'form', model, {
      title: heading,
      status: problem ? STATUS[problem.code] : 200,
    })
  }

  routes.get('/accounts/set_password/', signedIn, needsSudo, (request: Request, response: Response) =>
    show(request, response, null),
  )

  routes.post(
    '/accounts/set_password/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      const { password = '', repeat = '', current = '', revoke } = formOf(request.body)
      const input = { password, repeat, current, revokeTokens: revoke === 'true' }
      const set = await actions.ownPassword.set(visitorOf(request), input, browserOf(request))
      if (!set.ok) return await show(request, response, set.problem)
      setSession(request, response, set.value)
      await flash(request, { tone: 'success', text: say('M-ACC-1') })
      response.redirect(303, paths.security)
    },
  )

  routes.get(
    '/accounts/set_password/remove/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      const model = {
        trail,
        heading: 'Remove the password?',
        text: ['You then sign in with a passkey, or a link by mail. Your other sessions end.'],
        action: paths.removePassword,
        submit: 'Remove password',
        isDanger: true,
        cancelUrl: paths.security,
        typed: null,
      }
      await render(request, response, 'confirm', model, { title: 'Remove password' })
    },
  )

  routes.post(
    '/accounts/set_password/remove/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      const removed = await actions.ownPassword.remove(visitorOf(request), browserOf(request))
      if (removed.ok) setSession(request, response, removed.value)
      await flash(
        request,
        removed.ok
          ? { tone: 'success', text: say('M-ACC-2') }
          : { tone: 'error', text: removed.problem.message },
      )
      response.redirect(303, paths.security)
    },
  )

  return routes
}
