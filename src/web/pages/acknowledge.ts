import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Acknowledgeable } from '../../store/repeats'
import { render } from '../render'
import { rootPath } from '../show'
import { badLink } from './mail-links'

/** Where the link in a message that is repeated leads. Nobody has to sign in. */
export function acknowledgePages(app: App): Router {
  const root = rootPath(app.config.siteRoot)
  const routes = Router()

  // A question first, because chat services and mail scanners open links.
  routes.get('/acknowledge/:notification/:token/', async (request: Request, response: Response) => {
    const { code, token } = named(request)
    const link = await app.actions.acknowledge.read(code, token)
    if (!link.ok) return await badLink(request, response, 'acknowledge')
    if (!link.value.isOpen || link.value.acknowledgedAt !== null)
      return await say(request, response, link.value)
    const model = {
      trail: [],
      heading: `Acknowledge that ${nameOf(link.value)} is down?`,
      text: [
        'It is then not told again, through any channel, until the check goes down the next time. That it is back up is told as always.',
      ],
      action: `${root}/acknowledge/${code}/${token}/`,
      submit: 'Acknowledge',
      isDanger: false,
      cancelUrl: null,
      typed: null,
    }
    await render(request, response, 'confirm', model, { title: 'Acknowledge', bare: true })
  })

  routes.post('/acknowledge/:notification/:token/', async (request: Request, response: Response) => {
    const { code, token } = named(request)
    const done = await app.actions.acknowledge.acknowledge(code, token)
    if (!done.ok) return await badLink(request, response, 'acknowledge')
    await say(request, response, done.value)
  })

  return routes
}

async function say(request: Request, response: Response, about: Acknowledgeable): Promise<void> {
  const model = about.isOpen
    ? {
        heading: 'Acknowledged',
        text: [`That ${nameOf(about)} is down is not told again. That it is back up will be.`],
        link: null,
      }
    : { heading: 'It is over', text: [`${nameOf(about)} has changed since this message.`], link: null }
  await render(request, response, 'message', model, { title: model.heading, bare: true })
}

/** Whoever opens the link need not know the code of the check. */
function nameOf({ checkName }: Acknowledgeable): string {
  return checkName === '' ? 'a check without a name' : checkName
}

function named(request: Request): { code: string; token: string } {
  const { notification, token } = request.params
  return { code: String(notification), token: String(token) }
}
