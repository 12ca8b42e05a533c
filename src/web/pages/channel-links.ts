import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { rootPath } from '../show'
import { badLink, isPastScanners } from './mail-links'

/** Where the links in mails lead; nobody has to sign in: I08 and I09 of web-ui.md. */
export function channelLinkPages(app: App): Router {
  const { config, clock, actions } = app
  const root = rootPath(config.siteRoot)
  const paths = pathsBelow(root)
  const routes = Router()

  routes.get('/integrations/:channel/verify/:token/', async (request: Request, response: Response) => {
    const { code, token } = named(request)
    const confirmed = await actions.channels.confirm(code, token)
    if (!confirmed.ok) return await badLink(request, response, 'integration address')
    const model = {
      heading: 'Address confirmed',
      text: ['From now on alerts are sent to it. Every mail has a link to end that.'],
      link: { text: `To ${config.siteName}`, url: paths.home },
    }
    await render(request, response, 'message', model, { title: model.heading, bare: true })
  })

  // A question first, because mail scanners open links.
  routes.get('/integrations/:channel/unsub/:signed/', async (request: Request, response: Response) => {
    const { code, signed } = named(request)
    const link = await actions.channels.readUnsubscribe(code, signed)
    if (!link.ok) return await badLink(request, response, 'unsubscribe from alerts')
    const model = {
      heading: 'Unsubscribe from alerts?',
      text: [
        'This address gets no more mails about these checks. The people who look after them will see that.',
      ],
      action: `${root}/integrations/${code}/unsub/${signed}/`,
      submit: 'Unsubscribe',
      pressesItself: isPastScanners(link.value.madeAt, clock()),
    }
    await render(request, response, 'unsubscribe', model, { title: 'Unsubscribe', bare: true })
  })

  routes.post('/integrations/:channel/unsub/:signed/', async (request: Request, response: Response) => {
    const { code, signed } = named(request)
    const done = await actions.channels.unsubscribe(code, signed)
    if (!done.ok) return await badLink(request, response, 'unsubscribe from alerts')
    const model = {
      heading: 'You are unsubscribed',
      text: ['No more alerts are sent to this address.'],
      link: null,
    }
    await render(request, response, 'message', model, { title: model.heading, bare: true })
  })

  return routes
}

function named(request: Request): { code: string; token: string; signed: string } {
  const { channel, token, signed } = request.params
  return { code: String(channel), token: String(token), signed: String(signed) }
}
