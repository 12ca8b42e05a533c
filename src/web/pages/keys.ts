import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import type { ApiKey } from '../../core/api-key'
import type { Problem } from '../../core/problem'
import { count } from '../../core/words'
import { inProject, projectOf, roleOf, visitorOf } from '../auth'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { ACCESS_WORDS, keyInputOf, keysPage, lastUse } from '../key-list'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import type { TextKey } from '../strings'
import type { ConfirmPage } from '../view-models'

/** Keys of a project: P05 of web-ui.md. */
export function keyPages(app: App): Router {
  const { store, config, clock, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = inProject('member')

  routes.get('/projects/:project/settings/keys/', own, (request: Request, response: Response) =>
    list(request, response, {}, null),
  )

  routes.post('/projects/:project/settings/keys/', own, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const project = projectOf(request)
    const added = await actions.apiKeys.add(project, visitorOf(request).user, keyInputOf(form))
    if (!added.ok) return list(request, response, form, added.problem)
    const { key, secret } = added.value
    response.setHeader('Cache-Control', 'no-store')
    const model = {
      trail: [{ text: 'Keys', url: paths.keys(project.code) }],
      heading: `Key ${key.name}`,
      secret,
      access: ACCESS_WORDS[key.access].toLowerCase(),
      curl: `curl -H 'X-Api-Key: ${secret}' ${config.siteRoot}/api/v3/checks/`,
      wallboardUrl:
        key.access === 'read-only'
          ? `${config.siteRoot}/tv/#${secret}=${encodeURIComponent(project.name)}`
          : '',
      backUrl: paths.keys(project.code),
    }
    await render(request, response, 'key-once', model, { title: 'New key', project, section: 'settings' })
  })

  routes.get(
    '/projects/:project/settings/keys/:key/revoke/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const key = await keyOf(request)
      if (key === null) return next()
      const used = lastUse(key, visitorOf(request).user.tz)
      await confirm(request, response, {
        heading: `Revoke ${key.name}?`,
        text: [used, 'Requests with it fail from then on. This cannot be undone.'],
        action: paths.revokeKey(projectOf(request).code, key.code),
        submit: 'Revoke key',
      })
    },
  )

  routes.post(
    '/projects/:project/settings/keys/:key/revoke/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const key = await keyOf(request)
      if (key === null) return next()
      await actions.apiKeys.revoke(key)
      await done(request, response, 'M-PRJ-4', { name: key.name })
    },
  )

  routes.get(
    '/projects/:project/settings/ping_key/renew/',
    own,
    async (request: Request, response: Response) => {
      await confirm(request, response, {
        heading: 'Replace the ping key?',
        text: [
          `Every key/slug ping address of this project changes at once. ${await slugs(request)}`,
          'Jobs that use the old addresses must be changed, or their checks go down.',
        ],
        action: paths.pingKey(projectOf(request).code, 'renew'),
        submit: 'Replace ping key',
      })
    },
  )

  routes.post(
    '/projects/:project/settings/ping_key/renew/',
    own,
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      await actions.apiKeys.renewPingKey(project)
      await done(request, response, project.pingKey === null ? 'M-KEY-2' : 'M-KEY-3')
    },
  )

  routes.get(
    '/projects/:project/settings/ping_key/remove/',
    own,
    async (request: Request, response: Response) => {
      await confirm(request, response, {
        heading: 'Remove the ping key?',
        text: [
          `Every key/slug ping address of this project stops working at once. ${await slugs(request)}`,
          'Ping addresses with the UUID of a check go on working.',
        ],
        action: paths.pingKey(projectOf(request).code, 'remove'),
        submit: 'Remove ping key',
      })
    },
  )

  routes.post(
    '/projects/:project/settings/ping_key/remove/',
    own,
    async (request: Request, response: Response) => {
      await actions.apiKeys.removePingKey(projectOf(request))
      await done(request, response, 'M-KEY-4')
    },
  )

  async function list(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const project = projectOf(request)
    const [keys, checks] = await Promise.all([
      store.apiKeys.ofProject(project.id),
      store.checks.ofProject(project.id),
    ])
    const model = keysPage({
      project,
      role: roleOf(request),
      keys,
      slug: checks.find(({ slug }) => slug !== '')?.slug ?? '',
      pingEndpoint: config.pingEndpoint,
      form,
      problem,
      tz: visitorOf(request).user.tz,
      nowAt: clock(),
      paths,
    })
    const status = problem === null ? 200 : 422
    await render(request, response, 'keys', model, { title: 'Keys', status, project, section: 'settings' })
  }

  async function keyOf(request: Request): Promise<ApiKey | null> {
    const keys = await store.apiKeys.ofProject(projectOf(request).id)
    return keys.find(({ code }) => code === request.params['key']) ?? null
  }

  /** '3 checks have a slug.' */
  async function slugs(request: Request): Promise<string> {
    const checks = await store.checks.ofProject(projectOf(request).id)
    const named = checks.filter(({ slug }) => slug !== '').length
    return `${count(named, 'check')} ${named === 1 ? 'has' : 'have'} a slug.`
  }

  async function confirm(
    request: Request,
    response: Response,
    about: Pick<ConfirmPage, 'heading' | 'text' | 'action' | 'submit'>,
  ): Promise<void> {
    const project = projectOf(request)
    const url = paths.keys(project.code)
    const model = { ...about, trail: [{ text: 'Keys', url }], isDanger: true, cancelUrl: url, typed: null }
    await render(request, response, 'confirm', model, { title: about.submit, project, section: 'settings' })
  }

  async function done(
    request: Request,
    response: Response,
    key: TextKey,
    values: Record<string, string> = {},
  ): Promise<void> {
    await flash(request, { tone: 'success', text: say(key, values) })
    response.redirect(303, paths.keys(projectOf(request).code))
  }

  return routes
}
