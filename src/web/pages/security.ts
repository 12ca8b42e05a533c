import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { browserName } from '../../core/user-agent'
import { METHOD_WORDS } from '../account-events'
import type { SessionsPage } from '../account-models'
import { signedIn, visitorOf } from '../auth'
import { browserOf } from '../browser'
import { showError } from '../errors'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { securityPage } from '../security-page'
import { moment, rootPath } from '../show'

/** How many events are shown. */
const EVENTS = 20

/** How safe one's account is, and where one is signed in: A13, A22 of web-ui.md. */
export function securityPages({ actions, config, store }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/accounts/profile/security/', signedIn, async (request: Request, response: Response) => {
    const visitor = visitorOf(request)
    const { user } = visitor
    const [own, passkeys, sessions, events, canRemovePassword] = await Promise.all([
      store.secondSteps.of(user.id),
      store.passkeys.ofUser(user.id),
      actions.signIn.list(visitor),
      store.accountEvents.ofUser(user.id, EVENTS),
      actions.ownPassword.canRemove(user),
    ])
    const model = securityPage({
      user,
      own,
      passkeys,
      sessions: sessions.length,
      events,
      canRemovePassword,
      hasRpId: config.rpId !== null,
      isElsewhere: config.remoteUserHeader !== null,
      paths,
    })
    await render(request, response, 'security', model, { title: 'Security', account: 'security' })
  })

  routes.get('/accounts/profile/sessions/', signedIn, async (request: Request, response: Response) => {
    const visitor = visitorOf(request)
    const { tz } = visitor.user
    const sessions = await actions.signIn.list(visitor)
    const model: SessionsPage = {
      sessions: sessions.map((each) => ({
        id: each.id,
        isThis: each.isThis,
        browser: browserName(each.agent) || 'Unknown browser',
        address: each.address ?? 'unknown',
        method: METHOD_WORDS[each.method],
        created: moment(each.createdAt, tz),
        seen: moment(each.seenAt, tz),
        endUrl: paths.endSession(each.id),
      })),
      endOthersUrl: paths.endSessions,
      tz,
    }
    await render(request, response, 'sessions', model, { title: 'Sessions', account: 'sessions' })
  })

  routes.post(
    '/accounts/profile/sessions/end/:session/',
    signedIn,
    async (request: Request, response: Response) => {
      const visitor = visitorOf(request)
      if (!(await actions.signIn.endOne(visitor, String(request.params['session'])))) {
        return showError(request, response, 404)
      }
      await flash(request, { tone: 'success', text: 'Session ended.' })
      response.redirect(303, paths.sessions)
    },
  )

  routes.post('/accounts/profile/sessions/end/', signedIn, async (request: Request, response: Response) => {
    await actions.signIn.endOthers(visitorOf(request), browserOf(request))
    await flash(request, { tone: 'success', text: 'All other sessions were ended.' })
    response.redirect(303, paths.sessions)
  })

  return routes
}
