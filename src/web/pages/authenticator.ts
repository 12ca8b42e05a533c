import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { totpAddress } from '../../core/totp'
import { STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { browserOf } from '../browser'
import { setSession } from '../cookies'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { qrPicture } from '../qr'
import { flash, render } from '../render'
import { showRecoveryCodes } from '../recovery-codes'
import { rootPath } from '../show'
import { needsSudo } from '../sudo'

/** Authenticator apps and recovery codes: A19–A21 of web-ui.md. */
export function authenticatorPages({ actions, config, store }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const trail = [{ text: 'Security', url: paths.security }]
  const routes = Router()

  async function show(request: Request, response: Response, problem: Problem | null): Promise<void> {
    const visitor = visitorOf(request)
    const secret = await actions.authenticator.draft(visitor)
    const { siteName } = config
    const model = {
      trail,
      qr: qrPicture(totpAddress({ secret, siteName, email: visitor.user.email })),
      secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
      plain: secret,
      action: paths.totp,
      field: field({
        name: 'code',
        label: 'Code of the app',
        error: problem?.fields?.['code'] ?? '',
        required: true,
        maxLength: 20,
        autocomplete: 'one-time-code',
        isFirst: problem === null,
      }),
      errors: summaryOf(problem),
      cancelUrl: paths.security,
    }
    response.setHeader('Cache-Control', 'no-store')
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'totp', model, { title: 'Authenticator app', status })
  }

  /** Whether there is one already; then the page leads away. */
  async function isThere(request: Request, response: Response): Promise<boolean> {
    const { totp } = await store.secondSteps.of(visitorOf(request).user.id)
    if (totp === null) return false
    await flash(request, { tone: 'info', text: 'Your authenticator app is set up already.' })
    response.redirect(303, paths.security)
    return true
  }

  routes.get(
    '/accounts/two_factor/totp/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      if (!(await isThere(request, response))) await show(request, response, null)
    },
  )

  routes.post(
    '/accounts/two_factor/totp/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      if (await isThere(request, response)) return
      const visitor = visitorOf(request)
      const { code = '' } = formOf(request.body)
      const isFirst = await actions.authenticator.hasNone(visitor)
      const confirmed = await actions.authenticator.confirm(visitor, code, browserOf(request))
      if (!confirmed.ok) return await show(request, response, confirmed.problem)
      if (isFirst) return await showRecoveryCodes(request, response, ['Your authenticator app is on.'])
      await flash(request, { tone: 'success', text: 'Your authenticator app is on.' })
      response.redirect(303, paths.security)
    },
  )

  routes.get(
    '/accounts/two_factor/totp/remove/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      const own = await store.secondSteps.of(visitorOf(request).user.id)
      const isLast = own.passkeys === 0
      const model = {
        trail,
        heading: 'Remove the authenticator app?',
        text: [
          ...(isLast ? ['After this, two-step sign-in will be off.'] : []),
          'Your other sessions end. Remove the entry in the app yourself.',
        ],
        action: paths.removeTotp,
        submit: 'Remove authenticator app',
        isDanger: true,
        cancelUrl: paths.security,
        typed: null,
      }
      await render(request, response, 'confirm', model, { title: 'Remove authenticator app' })
    },
  )

  routes.post(
    '/accounts/two_factor/totp/remove/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      setSession(
        request,
        response,
        await actions.authenticator.remove(visitorOf(request), browserOf(request)),
      )
      await flash(request, { tone: 'success', text: 'Removed authenticator app.' })
      response.redirect(303, paths.security)
    },
  )

  routes.get(
    '/accounts/two_factor/recovery/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      const { recovery } = await store.secondSteps.of(visitorOf(request).user.id)
      const model = {
        trail,
        heading: 'Make new recovery codes?',
        text: [
          'With one of them you sign in when you have lost your app or key. Each works once.',
          ...(recovery.left > 0 ? ['The codes that you have now stop working.'] : []),
        ],
        action: paths.recoveryCodes,
        submit: 'Make ten codes',
        isDanger: recovery.left > 0,
        cancelUrl: paths.security,
        typed: null,
      }
      await render(request, response, 'confirm', model, { title: 'Recovery codes' })
    },
  )

  routes.post('/accounts/two_factor/recovery/', signedIn, needsSudo, (request: Request, response: Response) =>
    showRecoveryCodes(request, response, []),
  )

  return routes
}
