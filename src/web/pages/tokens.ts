import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import type { AccessToken } from '../../core/api-key'
import type { Problem } from '../../core/problem'
import { signedIn, visitorOf } from '../auth'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { ACCESS_WORDS, keyInputOf, lastUse, tokensPage } from '../key-list'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { needsSudo } from '../sudo'
import { say } from '../strings'

/** What scripts of a person use for all of their projects: who has one, has the account but for its settings. */
export function tokenPages(app: App): Router {
  const { store, config, clock, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const trail = [{ text: 'Access tokens', url: paths.tokens }]
  const routes = Router()

  routes.get('/accounts/profile/tokens/', signedIn, needsSudo, (request: Request, response: Response) =>
    list(request, response, {}, null),
  )

  routes.post(
    '/accounts/profile/tokens/',
    signedIn,
    needsSudo,
    async (request: Request, response: Response) => {
      const form = formOf(request.body)
      const added = await actions.accessTokens.add(visitorOf(request).user, keyInputOf(form))
      if (!added.ok) return list(request, response, form, added.problem)
      const { token, secret } = added.value
      response.setHeader('Cache-Control', 'no-store')
      const model = {
        trail,
        heading: `Token ${token.name}`,
        secret,
        access: ACCESS_WORDS[token.access].toLowerCase(),
        curl: `curl -H 'X-Api-Key: ${secret}' ${config.siteRoot}/api/v3/projects/`,
        wallboardUrl: '',
        backUrl: paths.tokens,
      }
      await render(request, response, 'key-once', model, { title: 'New token' })
    },
  )

  const revoke = '/accounts/profile/tokens/:token/revoke/'

  routes.get(revoke, signedIn, async (request: Request, response: Response, next: NextFunction) => {
    const token = await tokenOf(request)
    if (token === null) return next()
    const used = lastUse(token, visitorOf(request).user.tz)
    const model = {
      trail,
      heading: `Revoke ${token.name}?`,
      text: [used, 'Requests with it fail from then on. This cannot be undone.'],
      action: paths.revokeToken(token.code),
      submit: 'Revoke token',
      isDanger: true,
      cancelUrl: paths.tokens,
      typed: null,
    }
    await render(request, response, 'confirm', model, { title: 'Revoke token' })
  })

  routes.post(revoke, signedIn, async (request: Request, response: Response, next: NextFunction) => {
    const token = await tokenOf(request)
    if (token === null) return next()
    await actions.accessTokens.revoke(token)
    await flash(request, { tone: 'success', text: say('M-TOK-1', { name: token.name }) })
    response.redirect(303, paths.tokens)
  })

  async function list(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const { user } = visitorOf(request)
    const tokens = await store.accessTokens.ofUser(user.id)
    const model = tokensPage({ tokens, form, problem, tz: user.tz, nowAt: clock(), paths })
    const status = problem === null ? 200 : 422
    await render(request, response, 'tokens', model, { title: 'Access tokens', account: 'tokens', status })
  }

  async function tokenOf(request: Request): Promise<AccessToken | null> {
    const tokens = await store.accessTokens.ofUser(visitorOf(request).user.id)
    return tokens.find(({ code }) => code === request.params['token']) ?? null
  }

  return routes
}
