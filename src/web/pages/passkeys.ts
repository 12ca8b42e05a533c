import { Router } from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { PasskeyActions } from '../../actions/passkeys'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import type { Passkey } from '../../store/passkeys'
import { retryAfter, STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { browserOf, goOn } from '../browser'
import { contextOf } from '../context'
import { setSession } from '../cookies'
import { nonceOf } from '../csrf'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { showRecoveryCodes } from '../recovery-codes'
import { rootPath } from '../show'
import { say } from '../strings'
import { needsSudo } from '../sudo'

/** Passkeys and security keys: A02, A17, A18 of web-ui.md. Nothing of it is there where no RP_ID is set. */
export function passkeyPages({ actions, config, store }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const trail = [{ text: 'Security', url: paths.security }]
  const routes = Router()

  const whereThereAreKeys: RequestHandler = (request, response, next) =>
    actions.passkeys === null ? showError(request, response, 404) : next()

  const keys = (): PasskeyActions => {
    if (actions.passkeys === null) throw new Error('This route lacks whereThereAreKeys')
    return actions.passkeys
  }

  routes.post('/accounts/login/passkey/question/', whereThereAreKeys, async (request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    response.json(await keys().askToSignIn(nonceOf(request) ?? ''))
  })

  routes.post('/accounts/login/passkey/', whereThereAreKeys, async (request, response) => {
    const { next = '', answer = '' } = formOf(request.body)
    const given = { text: answer, origin: originOf(request), bond: nonceOf(request) ?? '' }
    const entered = await keys().signIn(given, { next }, browserOf(request))
    if (entered.ok) return goOn(request, response, entered.value, next)
    const { problem } = entered
    retryAfter(response, problem)
    const model = gate({
      heading: `Sign in to ${config.siteName}`,
      problems: [{ field: '', text: problem.message }],
      links: [{ text: 'Back to the sign-in', url: paths.signIn, hook: 'again' }],
    })
    const status = STATUS[problem.code]
    await render(request, response, 'gate', model, { title: 'Sign in', status, bare: true })
  })

  async function showAdding(
    request: Request,
    response: Response,
    name: string,
    problem: Problem | null,
  ): Promise<void> {
    const model = gate({
      heading: 'Add a passkey',
      intro: ['Your browser asks for a fingerprint, your face, a PIN or a key.'],
      problems: summaryOf(problem),
      forms: [
        gateForm({
          action: paths.addPasskey,
          fields: [
            field({
              name: 'name',
              label: 'Name',
              value: name,
              help: 'To tell it from others: Laptop, blue key.',
              required: true,
              maxLength: 100,
              isFirst: problem === null,
            }),
          ],
          submit: 'Add it',
          hook: 'passkey',
          passkey: {
            optionsUrl: `${paths.addPasskey}question/`,
            ceremony: 'create',
            isConditional: false,
            startsItself: false,
          },
        }),
      ],
      links: [{ text: 'Cancel', url: paths.security, hook: 'cancel' }],
    })
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'gate', model, { title: 'Add a passkey', status, scripts: ['passkeys'] })
  }

  routes.get(
    '/accounts/two_factor/webauthn/',
    signedIn,
    whereThereAreKeys,
    needsSudo,
    (request: Request, response: Response) => showAdding(request, response, '', null),
  )

  routes.post(
    '/accounts/two_factor/webauthn/question/',
    signedIn,
    whereThereAreKeys,
    needsSudo,
    async (request: Request, response: Response) => {
      response.setHeader('Cache-Control', 'no-store')
      response.json(await keys().askToAdd(visitorOf(request)))
    },
  )

  routes.post(
    '/accounts/two_factor/webauthn/',
    signedIn,
    whereThereAreKeys,
    needsSudo,
    async (request: Request, response: Response) => {
      const { name = '', answer = '' } = formOf(request.body)
      const visitor = visitorOf(request)
      const isFirst = await actions.authenticator.hasNone(visitor)
      const given = { text: answer, origin: originOf(request) }
      const added = await keys().add(visitor, name, given, browserOf(request))
      if (!added.ok) return await showAdding(request, response, name, added.problem)
      const said = `Added ${added.value.name}.`
      if (isFirst) return await showRecoveryCodes(request, response, [said])
      await flash(request, { tone: 'success', text: said })
      response.redirect(303, paths.security)
    },
  )

  /** For those who have the key; nobody else's is there. */
  async function keyOf(request: Request): Promise<Passkey | null> {
    const own = await store.passkeys.ofUser(visitorOf(request).user.id)
    return own.find(({ code }) => code === request.params['key']) ?? null
  }

  routes.get(
    '/accounts/two_factor/:key/remove/',
    signedIn,
    whereThereAreKeys,
    needsSudo,
    async (request: Request, response: Response, next: NextFunction) => {
      const key = await keyOf(request)
      if (key === null) return next()
      const own = await store.secondSteps.of(visitorOf(request).user.id)
      const isLast = own.totp === null && own.passkeys === 1
      const model = {
        trail,
        heading: `Remove ${key.name}?`,
        text: [
          ...(isLast ? ['After this, two-step sign-in will be off.'] : []),
          'It can no longer be used to sign in here. Your other sessions end.',
        ],
        action: paths.passkey(key.code, 'remove'),
        submit: 'Remove key',
        isDanger: true,
        cancelUrl: paths.security,
        typed: null,
      }
      await render(request, response, 'confirm', model, { title: 'Remove key' })
    },
  )

  routes.post(
    '/accounts/two_factor/:key/remove/',
    signedIn,
    whereThereAreKeys,
    needsSudo,
    async (request: Request, response: Response, next: NextFunction) => {
      const key = await keyOf(request)
      if (key === null) return next()
      setSession(request, response, await keys().remove(visitorOf(request), key, browserOf(request)))
      await flash(request, { tone: 'success', text: `Removed ${key.name}.` })
      response.redirect(303, paths.security)
    },
  )

  async function showRename(
    request: Request,
    response: Response,
    key: Passkey,
    name: string,
    problem: Problem | null,
  ): Promise<void> {
    const model = {
      trail,
      heading: 'Rename key',
      intro: '',
      action: paths.passkey(key.code, 'rename'),
      hidden: [],
      groups: [
        {
          legend: '',
          fields: [
            field({
              name: 'name',
              label: 'Name',
              value: name,
              error: problem?.fields?.['name'] ?? '',
              required: true,
              maxLength: 100,
            }),
          ],
        },
      ],
      errors: summaryOf(problem),
      submit: 'Save',
      cancelUrl: paths.security,
      notes: [],
      placeholders: [],
    }
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'form', model, { title: 'Rename key', status })
  }

  routes.get(
    '/accounts/two_factor/:key/rename/',
    signedIn,
    whereThereAreKeys,
    async (request: Request, response: Response, next: NextFunction) => {
      const key = await keyOf(request)
      return key === null ? next() : showRename(request, response, key, key.name, null)
    },
  )

  routes.post(
    '/accounts/two_factor/:key/rename/',
    signedIn,
    whereThereAreKeys,
    async (request: Request, response: Response, next: NextFunction) => {
      const key = await keyOf(request)
      if (key === null) return next()
      const { name = '' } = formOf(request.body)
      const renamed = await keys().rename(visitorOf(request), key, name)
      if (!renamed.ok) return showRename(request, response, key, name, renamed.problem)
      await flash(request, { tone: 'success', text: say('M-INT-2') })
      response.redirect(303, paths.security)
    },
  )

  return routes
}

/** The address of the page that asked; while nobody has said what it is, the one in use. */
export function originOf(request: Request): string {
  const { site, peer } = contextOf(request)
  const { siteRoot, siteRootGiven } = site.app.config
  return siteRootGiven ? new URL(siteRoot).origin : `${peer.scheme}://${request.get('host') ?? ''}`
}
