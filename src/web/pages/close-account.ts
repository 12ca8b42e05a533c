import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { compareNames, count } from '../../core/words'
import type { CloseAccountPage } from '../account-models'
import { retryAfter, STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { clearSession } from '../cookies'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { rootPath, size } from '../show'
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
    const model: CloseAccountPage = {
      trail: [{ text: 'Account', url: paths.account }],
      errors: summaryOf(problem),
      action: paths.closeAccount,
      projects: owned
        .toSorted((one, other) => compareNames(one.project.name, other.project.name))
        .map(({ project, contents }) => ({
          name: project.name || 'unnamed',
          contents: [
            count(contents.checks, 'check'),
            count(contents.pings, 'ping'),
            count(contents.channels, 'integration'),
            ...(contents.bodies > 0
              ? [
                  `${contents.bodies === 1 ? '1 body' : `${contents.bodies} bodies`} in object storage (${size(contents.bodyBytes)})`,
                ]
              : []),
          ].join(', '),
          decide:
            contents.members === 0
              ? null
              : {
                  name: `delete-${project.code}`,
                  label: `Delete it, ${contents.members === 1 ? '1 person loses' : `${contents.members} people lose`} access`,
                  chosen: form[`delete-${project.code}`] !== undefined,
                  error: problem?.fields?.[`delete-${project.code}`] ?? '',
                  transferUrl: paths.project(project.code, 'transfer'),
                },
        })),
      memberships: all
        .filter(({ ownerId }) => ownerId !== visitor.user.id)
        .map(({ name }) => name || 'unnamed')
        .toSorted(compareNames),
      typed: field({
        name: 'typed',
        label: `Type ${visitor.user.email} to confirm`,
        type: 'email',
        value: form['typed'] ?? '',
        error: problem?.fields?.['typed'] ?? '',
        required: true,
        maxLength: 254,
      }),
      cancelUrl: paths.account,
    }
    if (problem) retryAfter(response, problem)
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'close-account', model, { title: 'Close account', status })
  }

  routes.get('/accounts/close/', signedIn, needsSudo, (request: Request, response: Response) =>
    show(request, response, {}, null),
  )

  routes.post('/accounts/close/', signedIn, needsSudo, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const decided = new Set(
      Object.keys(form)
        .filter((name) => name.startsWith('delete-'))
        .map((name) => name.slice('delete-'.length)),
    )
    const closed = await actions.closeAccount.close(visitorOf(request), {
      typed: form['typed'] ?? '',
      decided,
    })
    if (!closed.ok) return await show(request, response, form, closed.problem)
    clearSession(request, response)
    response.setHeader('Clear-Site-Data', '"cache"')
    response.redirect(303, `${paths.signIn}?notice=closed`)
  })

  return routes
}
