import type { Request, RequestHandler } from 'express'
import { contextOf } from './context'
import { nextPath } from './next'
import { pathsBelow } from './paths'

/**
 * For routes behind `signedIn`, or any other guard, that are dangerous: whoever has not shown within
 * the last half hour who they are is asked, and comes back to the page. What was posted is not done
 * afterwards: the form is shown again. spec/web-ui.md A11.
 */
export const needsSudo: RequestHandler = (request, response, next) => {
  const context = contextOf(request)
  const untilAt = context.visitor?.signIn.sudo?.untilAt ?? 0
  context.needsSudo = true
  if (untilAt > context.site.app.clock()) return next()
  const { reauth } = pathsBelow(context.site.root)
  response.redirect(303, `${reauth}?next=${encodeURIComponent(pageOf(request))}`)
}

/** The page with the form: at the same address if there is one, else where the browser came from. */
function pageOf(request: Request): string {
  const { root, isPage } = contextOf(request).site
  if (request.method === 'GET' || isPage(request.path)) return request.originalUrl
  const referrer = request.get('referer') ?? ''
  const { pathname, search } = URL.canParse(referrer) ? new URL(referrer) : { pathname: '', search: '' }
  return nextPath(pathname + search, { root, isPage }) ?? `${root}/`
}
