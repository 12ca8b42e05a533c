import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { DAY } from '../../core/time'
import { frameOfCheck, trailToCheck } from '../about-check'
import { checkOf, onCheck } from '../auth'
import { cookieOf, setCookie } from '../cookies'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { pingUrlOf, rootPath } from '../show'
import { usagePage } from '../usage-page'

/** Which examples somebody looked at last, kept by their browser: 'python.status'. */
const COOKIE = 'usage'

const REMEMBERED_MS = 365 * DAY

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
      ...chosenOf(request, response),
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

/** What the address asks for; where it says nothing, what was looked at last. Remembers what is chosen now. */
function chosenOf(request: Request, response: Response): { lang: string; variant: string } {
  const [knownLang = '', knownVariant = ''] = (cookieOf(request, COOKIE) ?? '').split('.')
  const [lang, variant] = [valueOf(request, 'lang'), valueOf(request, 'variant')]
  const chosen = { lang: lang || knownLang, variant: variant || knownVariant }
  if (lang !== '' || variant !== '') {
    const text = `${chosen.lang}.${chosen.variant}`
    if (/^[a-z]{0,20}\.[a-z]{0,20}$/.test(text)) setCookie(request, response, COOKIE, text, REMEMBERED_MS)
  }
  return chosen
}
