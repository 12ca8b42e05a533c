import type { Request, RequestHandler, Response } from 'express'
import { trustBy } from '../world/peer'
import type { App } from '../app'
import { browserOf } from './browser'
import { clearSession, setSession } from './cookies'
import { contextOf } from './context'
import { showError } from './errors'
import { gate } from './gates'
import { render } from './render'

/** Our own ways in, which are off. */
const OURS =
  /^\/(invites|accounts\/(login|signup|password_reset|check_token|login_link_sent|change_email))(\/|$)/i

/**
 * Where a proxy says in a header who somebody is: that person is signed in, nobody else, and without the header
 * nobody is. From anybody but a trusted proxy the header says nothing. spec/web-ui.md A28, §16.2.
 */
export function headerSignOn({ config, actions }: App): RequestHandler {
  const header = config.remoteUserHeader
  if (header === null) return (_request, _response, next) => next()
  const trust = trustBy(config)

  return async (request, response, next) => {
    // The first account of all is made by the set-up, with its code.
    if (await actions.setup.isOpen()) return next()
    const context = contextOf(request)
    const { remoteAddress } = request.socket
    const isProxy = remoteAddress === undefined || trust.has(remoteAddress)
    const said = isProxy ? (request.get(header) ?? '').trim().toLowerCase() : ''
    if (said === '') {
      if (context.visitor) await end(request, response)
      return OURS.test(request.path) ? askProxy(request, response, header) : next()
    }
    if (context.visitor?.user.email === said) return next()
    if (context.visitor) await end(request, response)
    const known = await actions.signUp.known(said)
    if (!known.ok) return showError(request, response, 403, { detail: known.problem.message })
    if (known.value.disabled) {
      return showError(request, response, 403, { detail: 'This account was disabled. Ask an administrator.' })
    }
    const options = { ...browserOf(request), keep: false, method: 'single sign-on' as const }
    const ticket = await actions.signIn.start(known.value, options)
    setSession(request, response, ticket)
    context.visitor = (await actions.signIn.find(ticket.cookie))?.visitor ?? null
    next()
  }

  async function end(request: Request, response: Response): Promise<void> {
    const context = contextOf(request)
    if (context.visitor) await actions.signIn.endThis(context.visitor)
    clearSession(request, response)
    context.visitor = null
  }

  async function askProxy(request: Request, response: Response, name: string): Promise<void> {
    if (request.get('x-fragment') !== undefined) return showError(request, response, 401)
    const model = gate({
      heading: 'Sign in at your single sign-on',
      intro: [
        `This instance uses single sign-on. Your proxy did not send the header ${name}. Reload after signing in there.`,
      ],
    })
    await render(request, response, 'gate', model, { title: 'Sign in', status: 401, bare: true })
  }
}
