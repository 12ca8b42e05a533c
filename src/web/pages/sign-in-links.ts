import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { browserOf, goOn } from '../browser'
import { AUTO_LOGIN_COOKIE, cookieOf, setCookie } from '../cookies'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'

/** Signing in by a link from a mail: spec/web-ui.md A03, A04. */
export function signInLinkPages({ actions, config }: App): Router {
  const root = rootPath(config.siteRoot)
  const paths = pathsBelow(root)
  const routes = Router()

  routes.get('/accounts/login_link_sent/', async (request, response) => {
    const model = gate({
      heading: 'Look into your mail',
      intro: [say('M-AUTH-2'), 'It works once, for one hour. If nothing comes, look for it among the spam.'],
      links: [
        { text: 'Use another address', url: paths.signIn, hook: 'again' },
        { text: 'Back', url: paths.home, hook: 'back' },
      ],
    })
    await render(request, response, 'gate', model, { title: 'Sign-in link sent', bare: true })
  })

  // Scanners open the links of mails. They have no cookie, so for them it is a page with a button.
  routes.get('/accounts/check_token/:user/:token/', async (request: Request, response: Response) => {
    const secret = String(request.params['token'])
    const found = await actions.links.look(secret, cookieOf(request, AUTO_LOGIN_COOKIE) ?? '')
    if (found === null) return response.redirect(303, `${paths.signIn}?notice=link`)
    if (found.isHere) return use(request, response)
    const model = gate({
      heading: `Sign in to ${config.siteName}`,
      intro: ['This link was opened in another browser than the one that asked for it, or a while ago.'],
      forms: [
        gateForm({
          action: `${root}${request.path}`,
          submit: `Continue to ${config.siteName}`,
          hook: 'continue',
        }),
      ],
    })
    await render(request, response, 'gate', model, { title: 'Sign in', bare: true })
  })

  routes.post('/accounts/check_token/:user/:token/', use)

  async function use(request: Request, response: Response): Promise<void> {
    const used = await actions.links.enter(String(request.params['token']), browserOf(request))
    if (used === null) return response.redirect(303, `${paths.signIn}?notice=link`)
    setCookie(request, response, AUTO_LOGIN_COOKIE, '', 0)
    await goOn(request, response, used.entered, used.next)
  }

  return routes
}
