import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { retryAfter, STATUS } from '../answer'
import { contextOf } from '../context'
import { clearSession, cookieOf, sessionCookieName, setSession } from '../cookies'
import { formOf } from '../fields'
import { nextPath } from '../next'
import { render } from '../render'
import { say } from '../strings'

/** Signing in with a password, and out: spec/web-ui.md A02, A29. */
export function signInPages({ actions, config }: App): Router {
  const routes = Router()

  function show(
    request: Request,
    response: Response,
    about: { email: string; keep: boolean; next: string; problem?: Problem; notice?: string },
  ): Promise<void> {
    const { email, keep, next, problem, notice = '' } = about
    const { root } = contextOf(request).site
    if (problem) retryAfter(response, problem)
    return render(
      request,
      response,
      'sign-in',
      {
        action: `${root}/accounts/login/`,
        siteName: config.siteName,
        email,
        keep,
        next: wayBack(request, next) ?? '',
        error: problem?.message ?? '',
        notice,
      },
      { title: 'Sign in', status: problem ? STATUS[problem.code] : 200, bare: true },
    )
  }

  routes.get('/accounts/login/', async (request, response) => {
    const { site, visitor, hadVisitor } = contextOf(request)
    const next = typeof request.query['next'] === 'string' ? request.query['next'] : ''
    if (visitor) return response.redirect(303, wayBack(request, next) ?? `${site.root}/`)
    if (!hadVisitor) return show(request, response, { email: '', keep: false, next })
    clearSession(request, response)
    return show(request, response, { email: '', keep: false, next, notice: say('M-AUTH-9') })
  })

  routes.post('/accounts/login/', async (request, response) => {
    const { email = '', password = '', next = '', ...form } = formOf(request.body)
    const { site, peer } = contextOf(request)
    const keep = form['keep'] !== undefined
    const agent = request.get('user-agent') ?? ''
    const signedIn = await actions.signIn.withPassword(email, password, {
      address: peer.address,
      agent,
      keep,
      next: wayBack(request, next) ?? '',
    })
    if (!signedIn.ok) return show(request, response, { email, keep, next, problem: signedIn.problem })

    await endSession(request)
    if (signedIn.value.kind === 'second') throw new Error('not yet')
    setSession(request, response, signedIn.value.ticket)
    response.redirect(303, wayBack(request, next) ?? `${site.root}/`)
  })

  routes.post('/accounts/logout/', async (request, response) => {
    await endSession(request)
    clearSession(request, response)
    response.setHeader('Clear-Site-Data', '"cache"')
    response.redirect(303, `${contextOf(request).site.root}/accounts/signed_out/`)
  })

  routes.get('/accounts/signed_out/', (request, response) => {
    const signInUrl = `${contextOf(request).site.root}/accounts/login/`
    return render(request, response, 'signed-out', { signInUrl }, { title: 'Signed out', bare: true })
  })

  /** Whoever was signed in with the cookie that this browser sent, is not any more. */
  async function endSession(request: Request): Promise<void> {
    const cookie = cookieOf(request, sessionCookieName(contextOf(request).site))
    if (cookie) await actions.signIn.end(cookie)
  }

  return routes
}

function wayBack(request: Request, wanted: string): string | null {
  const { root, isPage } = contextOf(request).site
  return nextPath(wanted, { root, isPage })
}
