import type { Request, RequestHandler } from 'express'

/** How the script of pages asks for parts of them: web-ui.md §0.4, §2.3. */

/** Whether only the inner part of a page is asked for. */
export function isFragment(request: Request): boolean {
  return request.get('x-fragment') !== undefined
}

/**
 * A script cannot see where a redirect leads, and would follow it and so take the message that waits for the
 * page there. It is told in a header instead: 204 and `X-Location`.
 */
export const tellWhere: RequestHandler = (request, response, next) => {
  if (isFragment(request) && request.method === 'POST') {
    const redirect = (first: number | string, second?: string | number): void => {
      const url = String(typeof first === 'number' ? second : first)
      // Written as a redirect would be: letters beyond ASCII have no place in a header.
      const address = response.location(url).get('Location') ?? url
      response.removeHeader('Location')
      response.status(204).setHeader('X-Location', address).end()
    }
    response.redirect = redirect
  }
  next()
}
