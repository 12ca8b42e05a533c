import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { frameOfCheck, trailToCheck } from '../about-check'
import { checkOf, onCheck } from '../auth'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { pingUrlOf, rootPath } from '../show'
import { usagePage } from '../usage-page'

/** How jobs of all sorts ping a check: C08 of web-ui.md. */
export function usagePages({ config }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/checks/:check/usage/', onCheck('read-only'), async (request: Request, response: Response) => {
    const check = checkOf(request)
    const model = usagePage({
      check,
      pingUrl: pingUrlOf(check, config.pingEndpoint).whole,
      emailAddress: config.smtpd === null ? null : `${check.code}@${config.pingEmailDomain}`,
      lang: valueOf(request, 'lang'),
      variant: valueOf(request, 'variant'),
      trail: trailToCheck(request, paths),
      paths,
    })
    await render(
      request,
      response,
      'usage',
      model,
      frameOfCheck(request, 'Usage examples', { scripts: ['events'] }),
    )
  })

  return routes
}
