import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { retryAfter, STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { closeAccountInput, closeAccountPage } from '../close-account-page'
import { clearSession } from '../cookies'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { rootPath } from '../show'
import { needsSudo } from '../sudo'

/** Closing one's account: A25 of web-ui.md. */
export function closeAccountPages({ actions, config, store }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  async function show(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const visitor = visitorOf(request)
    const owned = await actions.closeAccount.owned(visitor)
    const all = await store.projects.ofUser(visitor.user.id)
    const model = closeAccountPage({
      email: visitor.user.email,
      owned,
      memberships: all.filter(({ ownerId }) => ownerId !== visitor.user.id).map(({ name }) => name),
      form,
      problem,
      transferUrl: (project) => paths.project(project, 'transfer'),
      page: {
        trail: [{ text: 'Account', url: paths.account }],
        heading: 'Close account',
        intro:
          'This cannot be undone. What goes is gone at once; what is in object storage follows within minutes, and a mail says when all of it is. Backups of the site keep it until they are replaced.',
        whose: 'Your projects go with it',
        leaves: 'You leave',
        submit: 'Close account',
        action: paths.closeAccount,
        cancelUrl: paths.account,
      },
    })
    if (problem) retryAfter(response, problem)
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'close-account', model, { title: 'Close account', status })
  }

  routes.get('/accounts/close/', signedIn, needsSudo, (request: Request, response: Response) =>
    show(request, response, {}, null),
  )

  routes.post('/accounts/close/', signedIn, needsSudo, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const closed = await actions.closeAccount.close(visitorOf(request), closeAccountInput(form))
    if (!closed.ok) return await show(request, response, form, closed.problem)
    clearSession(request, response)
    response.setHeader('Clear-Site-Data', '"cache"')
    response.redirect(303, `${paths.signIn}?notice=closed`)
  })

  return routes
}
