import type { Request, Response } from 'express'
import type { Ticket } from '../actions/sign-in'
import { contextOf } from './context'
import type { Site } from './context'

/** spec/web-ui.md §4.2, §16.1 */
export const PRE_COOKIE = 'pre'
export const AUTO_LOGIN_COOKIE = 'auto-login'

/** A longer header is not worth reading. */
const MAX_COOKIES = 50

export function cookieOf(request: Request, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';').slice(0, MAX_COOKIES)) {
    const at = pair.indexOf('=')
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

/** The prefix makes browsers refuse the cookie unless it is for this host alone, by https, for all paths. */
export function sessionCookieName({ app, root }: Pick<Site, 'app' | 'root'>): string {
  return isHttps(app.config) && root === '' ? '__Host-sid' : 'sid'
}

export function setSession(request: Request, response: Response, ticket: Ticket): void {
  const name = sessionCookieName(contextOf(request).site)
  setCookie(request, response, name, ticket.cookie, ticket.maxAgeMs)
}

export function clearSession(request: Request, response: Response): void {
  setCookie(request, response, sessionCookieName(contextOf(request).site), '', 0)
}

/** `maxAgeMs` null: until the browser is closed. */
export function setCookie(
  request: Request,
  response: Response,
  name: string,
  value: string,
  maxAgeMs: number | null,
): void {
  const { site, peer } = contextOf(request)
  response.cookie(name, value, {
    httpOnly: true,
    sameSite: 'lax',
    secure: peer.scheme === 'https' || isHttps(site.app.config),
    path: site.root === '' ? '/' : site.root,
    ...(maxAgeMs === null ? {} : { maxAge: maxAgeMs }),
  })
}

/** An address that was only saved on a page may be a slip, which must not keep people from mending it. */
function isHttps({ siteRoot, siteRootGiven }: Site['app']['config']): boolean {
  return siteRootGiven && siteRoot.startsWith('https:')
}
