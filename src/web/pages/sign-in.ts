import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { MINUTE } from '../../core/time'
import type { GateForm } from '../account-models'
import { retryAfter, STATUS } from '../answer'
import { isLoopback } from '../banners'
import { browserOf, goOn, leave, wayBack } from '../browser'
import { contextOf } from '../context'
import { AUTO_LOGIN_COOKIE, clearSession, setCookie } from '../cookies'
import { field, formOf, summaryOf } from '../fields'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import type { TextKey } from '../strings'

/** What brought somebody here who did not mean to come: `?notice=`. */
const NOTICES: Readonly<Record<string, TextKey>> = {
  link: 'M-AUTH-4',
  closed: 'M-AUTH-8',
  ended: 'M-AUTH-9',
  late: 'M-AUTH-10',
  password: 'M-AUTH-11',
  registration: 'M-AUTH-12',
  email: 'M-AUTH-14',
  'not-me': 'M-AUTH-13',
}

/** How long the browser that asked for a link is known by a cookie. */
const AUTO_LOGIN_MS = 5 * MINUTE

interface Entry {
  email: string
  identity: string
  keep: boolean
  next: string
}

const NOTHING: Entry = { email: '', identity: '', keep: false, next: '' }

/** Whether what is typed goes over a network as it is: spec/web-ui.md §16.1. */
function isOpenToListeners(request: Request): boolean {
  const used = `http://${request.get('host') ?? ''}`
  return (
    contextOf(request).peer.scheme === 'http' && URL.canParse(used) && !isLoopback(new URL(used).hostname)
  )
}

/** Signing in with a password or a link, and out: spec/web-ui.md A02, A29. */
export function signInPages({ actions, config }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  function show(
    request: Request,
    response: Response,
    entry: Entry,
    { problem = null, notice = '' }: { problem?: Problem | null; notice?: string },
  ): Promise<void> {
    if (problem) retryAfter(response, problem)
    const model = gate({
      heading: `Sign in to ${config.siteName}`,
      notice,
      intro: isOpenToListeners(request) ? [say('M-AUTH-15')] : [],
      problems: summaryOf(problem),
      forms: formsFor({ ...entry, next: wayBack(request, entry.next) ?? '' }, problem),
      links: [
        ...(config.registrationOpen
          ? [{ text: 'Create an account', url: paths.signUp, hook: 'sign-up' }]
          : []),
        { text: 'Forgot your password?', url: paths.askReset, hook: 'forgot' },
      ],
    })
    return render(request, response, 'gate', model, {
      title: 'Sign in',
      status: problem ? STATUS[problem.code] : 200,
      bare: true,
      ...(config.rpId === null ? {} : { scripts: ['passkeys'] }),
    })
  }

  function formsFor({ email, identity, keep, next }: Entry, problem: Problem | null): GateForm[] {
    const ways = []
    if (config.rpId !== null) {
      ways.push(
        gateForm({
          action: paths.passkeySignIn,
          hidden: [{ name: 'next', value: next }],
          submit: 'Sign in with a passkey',
          hook: 'passkey',
          passkey: {
            optionsUrl: paths.passkeyQuestion,
            ceremony: 'get',
            isConditional: true,
            startsItself: false,
          },
        }),
      )
    }
    ways.push(
      gateForm({
        action: paths.signIn,
        hidden: [
          { name: 'action', value: 'login' },
          { name: 'next', value: next },
        ],
        fields: [
          field({
            name: 'email',
            label: 'E-mail',
            type: 'email',
            value: email,
            maxLength: 254,
            autocomplete: config.rpId === null ? 'username' : 'username webauthn',
            isFirst: problem === null,
          }),
          field({
            name: 'password',
            label: 'Password',
            type: 'password',
            maxLength: 200,
            autocomplete: 'current-password',
          }),
          field({
            name: 'keep',
            label: 'Keep me signed in on this device',
            type: 'tick',
            value: String(keep),
          }),
        ],
        submit: 'Sign in',
      }),
    )
    if (config.mail !== null) {
      ways.push(
        gateForm({
          heading: 'Without a password',
          action: paths.signIn,
          hidden: [
            { name: 'action', value: 'link' },
            { name: 'next', value: next },
          ],
          fields: [
            field({
              name: 'identity',
              label: 'Your e-mail address',
              type: 'email',
              value: identity,
              error: problem?.fields?.['identity'] ?? '',
              maxLength: 254,
              autocomplete: 'email',
            }),
          ],
          submit: 'Mail me a link',
          hook: 'send-link',
        }),
      )
    }
    return ways
  }

  routes.get('/accounts/login/', async (request, response) => {
    const { visitor, hadVisitor } = contextOf(request)
    const next = valueOf(request, 'next')
    if (visitor) return response.redirect(303, wayBack(request, next) ?? paths.home)
    if (hadVisitor) clearSession(request, response)
    const key = NOTICES[valueOf(request, 'notice')] ?? (hadVisitor ? 'M-AUTH-9' : null)
    return show(request, response, { ...NOTHING, next }, { notice: key === null ? '' : say(key) })
  })

  routes.post('/accounts/login/', async (request, response) => {
    const { action = '', email = '', password = '', identity = '', next = '', ...form } = formOf(request.body)
    const keep = form['keep'] !== undefined
    const entry = { email, identity, keep, next }
    const browser = browserOf(request)
    const safeNext = wayBack(request, next) ?? ''
    if (action === 'link' && config.mail !== null) {
      const asked = await actions.links.askSignIn(identity, { next: safeNext }, browser)
      if (!asked.ok) return show(request, response, entry, { problem: asked.problem })
      setCookie(request, response, AUTO_LOGIN_COOKIE, asked.value.asker, AUTO_LOGIN_MS)
      return response.redirect(303, paths.linkSent)
    }
    const signedIn = await actions.signIn.withPassword(email, password, { ...browser, keep, next: safeNext })
    if (!signedIn.ok) return show(request, response, entry, { problem: signedIn.problem })
    await goOn(request, response, signedIn.value, next)
  })

  routes.post('/accounts/logout/', async (request, response) => {
    await leave(request, response)
    response.redirect(303, `${contextOf(request).site.root}/accounts/signed_out/`)
  })

  routes.get('/accounts/signed_out/', (request, response) => {
    const { visitor } = contextOf(request)
    if (visitor) return response.redirect(303, paths.home)
    return render(
      request,
      response,
      'signed-out',
      { signInUrl: paths.signIn },
      { title: 'Signed out', bare: true },
    )
  })

  return routes
}
