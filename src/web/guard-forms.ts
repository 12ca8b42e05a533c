import type { Request, RequestHandler } from 'express'
import { sameSecret } from '../world/secrets'
import { contextOf } from './context'
import { knownToken } from './csrf'
import { showError } from './errors'
import { formOf } from './fields'
import type { Form } from './fields'
import { isFragment } from './fragments'

/** Where a change may come from: spec/web-ui.md §16.5. */

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Mail programs, or buttons in chats, post these on their own; the signed address is the permission. */
const EXEMPT =
  /^\/(integrations\/[^/]+\/unsub\/[^/]+|accounts\/unsubscribe_reports\/[^/]+|acknowledge\/[^/]+\/[^/]+)\/?$/

/** Lets a change through only if it came from one of our own forms. */
export const guardForms: RequestHandler = (request, response, next) => {
  if (SAFE.has(request.method) || EXEMPT.test(request.path)) return next()
  const stranger = foreignOrigin(request)
  if (stranger !== null) {
    const heading = 'That came from another address'
    return showError(request, response, 403, { heading, detail: originDetail(request, stranger) })
  }
  const given = formOf(request.body)['csrf'] ?? request.get('x-csrf-token') ?? ''
  const expected = knownToken(request)
  if (expected !== null && sameSecret(given, expected)) return next()
  // A script that meant to change something is to say that the session is over, not that a form is old.
  if (isFragment(request) && contextOf(request).visitor === null) return showError(request, response, 401)
  const kept = enteredIn(formOf(request.body))
  const what = kept.length > 0 ? ' What you entered is below.' : ''
  const detail = `This form was open too long. Go back, reload the page and try again.${what}`
  return showError(request, response, 403, { heading: 'Nothing was saved', detail, kept })
}

/** What a person would not like to type again; nothing that is a secret or that they did not type. */
function enteredIn(form: Form): { name: string; value: string }[] {
  return Object.entries(form).flatMap(([name, value = '']) =>
    value === '' || HIDDEN.test(name) || /pass|secret|code|key|token|repeat/i.test(name)
      ? []
      : [{ name, value }],
  )
}

const HIDDEN = /^(csrf|once|do|action|next|back)$/

/** Where the browser says the form is from, if that is not here. */
function foreignOrigin(request: Request): string | null {
  const fetchSite = request.get('sec-fetch-site')
  const origin = request.get('origin')
  if (fetchSite !== undefined) return fetchSite === 'cross-site' ? (origin ?? 'another site') : null
  // Browsers say 'null' for our own pages without referrer, too; the token decides about those.
  if (origin === undefined || origin === 'null') return null
  const { siteRoot, siteRootGiven } = contextOf(request).site.app.config
  if (origin === new URL(siteRoot).origin) return null
  // Nobody has said yet what the address is: then it is the one in use.
  if (!siteRootGiven && URL.canParse(origin) && new URL(origin).host === request.get('host')) return null
  return origin
}

function originDetail(request: Request, origin: string): string {
  const { site, visitor } = contextOf(request)
  const said = `Your browser sent ${origin}, this instance is configured as ${site.app.config.siteRoot}.`
  if (visitor?.user.isAdmin !== true) return said
  return `${said} Set SITE_ROOT to the address in use, and behind a proxy TRUSTED_PROXIES to its address.`
}
