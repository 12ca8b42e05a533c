import type { ErrorRequestHandler, Request, Response } from 'express'
import { SECOND } from '../core/time'
import { StoreUnavailable } from '../store/problems'
import { contextOf } from './context'
import { loggable } from './loggable'
import { errorPage } from './pages/errors'
import type { ErrorAbout } from './pages/errors'
import { render } from './render'

/** The page for an answer other than the one asked for. Needs no database: spec/web-ui.md §12. */
export async function showError(
  request: Request,
  response: Response,
  status: number,
  { detail, ...more }: Pick<ErrorAbout, 'heading' | 'detail' | 'link' | 'kept'> = {},
): Promise<void> {
  const { requestId, site, visitor } = contextOf(request)
  if (isForScripts(request)) {
    const said = { error: detail ?? WORDS[status] ?? 'error', request: requestId }
    response.status(status)
    // Express would add a charset, which clients of the API do not expect.
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(said))
    return
  }
  const about = { home: `${site.root}/`, requestId, ...more }
  const model = errorPage(status, detail === undefined ? about : { ...about, detail })
  await render(request, response, 'error', model, {
    title: model.heading,
    status,
    bare: visitor === null || status >= 500,
  })
}

/** The one error handler: what nobody could answer for ends here, and is logged once. */
export const errorHandler: ErrorRequestHandler = async (error: unknown, request, response, _next) => {
  if (response.headersSent) {
    // Half an answer must not look like a whole one.
    response.destroy()
    return
  }
  const { site, requestId } = contextOf(request)
  const where = { request: requestId, method: request.method, path: loggable(request.originalUrl) }
  try {
    const status = clientStatus(error)
    if (status !== null) return await showError(request, response, status)
    site.app.log.error('a request failed', { ...where, cause: error })
    if (!(error instanceof StoreUnavailable)) return await showError(request, response, 500)
    response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / SECOND))
    retryOnce(request, response)
    const full = 'The disk of the server is full: nothing can be saved until there is room again.'
    await showError(request, response, 503, error.why === 'disk full' ? { detail: full } : {})
  } catch (second) {
    site.app.log.error('an error page failed', { ...where, cause: second })
    response.status(500).type('text/plain').send(`Something went wrong. Request ${requestId}\n`)
  }
}

/** Lets the browser look again after a moment, once: web-ui.md E11. Nothing that changes something is repeated. */
function retryOnce(request: Request, response: Response): void {
  const isRetried = Object.hasOwn(request.query, RETRIED)
  // A path that begins with two slashes would be read as the name of a host.
  const isElsewhere = /^\/[/\\]/.test(request.originalUrl)
  if (request.method !== 'GET' || isForScripts(request) || isRetried || isElsewhere) return
  const mark = request.originalUrl.includes('?') ? '&' : '?'
  response.setHeader('Refresh', `${RETRY_S}; url=${request.originalUrl}${mark}${RETRIED}`)
}

const RETRY_S = 5
const RETRIED = 'again'

/** The status of what the parsers of Express found wrong with a request, or null for a bug of ours. */
function clientStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null
  if (error.status === 413) return 413
  // A path that cannot be decoded names nothing that is here.
  if (error instanceof URIError) return 404
  return error.status >= 400 && error.status < 500 ? 400 : null
}

function isForScripts(request: Request): boolean {
  const { root } = contextOf(request).site
  return request.get('x-fragment') !== undefined || request.originalUrl.startsWith(`${root}/api/`)
}

const WORDS: Record<number, string> = {
  400: 'bad request',
  401: 'signed_out',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  413: 'too large',
  429: 'too many requests',
  500: 'internal error',
  503: 'try again later',
}
