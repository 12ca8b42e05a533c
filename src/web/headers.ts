import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Config } from '../config'
import { whileSame } from '../core/while-same'

/** Features that browsers offer to pages; ours need two. */
const PERMISSIONS = [
  'accelerometer=()',
  'autoplay=()',
  'camera=()',
  'clipboard-read=()',
  'clipboard-write=(self)',
  'display-capture=()',
  'encrypted-media=()',
  'fullscreen=()',
  'geolocation=()',
  'gyroscope=()',
  'magnetometer=()',
  'microphone=()',
  'midi=()',
  'payment=()',
  'picture-in-picture=()',
  'publickey-credentials-create=(self)',
  'publickey-credentials-get=(self)',
  'screen-wake-lock=()',
  'usb=()',
  'xr-spatial-tracking=()',
].join(', ')

/** What every answer of the site carries: spec/web-ui.md §16.6, spec/operations.md §11.1. */
export function securityHeaders(
  config: Pick<Config, 'siteRoot' | 'siteLogoUrl' | 'hstsSeconds'>,
): (response: ServerResponse, scheme: 'http' | 'https') => void {
  const { siteLogoUrl, hstsSeconds } = config
  const headers = whileSame(
    () => config.siteRoot,
    (siteRoot) =>
      new Map([
        ['Content-Security-Policy', contentSecurityPolicy(logoOrigin(siteRoot, siteLogoUrl))],
        ['Cross-Origin-Opener-Policy', 'same-origin'],
        ['Cross-Origin-Resource-Policy', 'same-origin'],
        ['Permissions-Policy', PERMISSIONS],
        ['Referrer-Policy', 'same-origin'],
        ['X-Content-Type-Options', 'nosniff'],
        ['X-Frame-Options', 'DENY'],
      ]),
  )
  return (response, scheme) => {
    response.setHeaders(headers())
    if (scheme === 'https' && hstsSeconds > 0) {
      response.setHeader('Strict-Transport-Security', `max-age=${hstsSeconds}`)
    }
  }
}

/** What is for one person is nobody else's; a page that says nothing else about it is asked for again. */
export const keepPrivate: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'private, no-cache')
  next()
}

/** Addresses from mails: whoever has one may do what it says. */
const SECRET_ADDRESS =
  /^\/(integrations\/[^/]+\/(verify|unsub)\/|invites\/|acknowledge\/|accounts\/(check_token|password_reset|change_email|not_me|unsubscribe_reports)\/[^/]+)/i

/** Pages whose address is a secret tell nobody where the visitor came from, and are not kept. */
export const hideAddress: RequestHandler = (request, response, next) => {
  if (SECRET_ADDRESS.test(request.path)) {
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('Cache-Control', 'no-store')
  }
  next()
}

/** Nothing inline, nothing from elsewhere; only the operator's logo may widen it. */
function contentSecurityPolicy(logo: string | null): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    logo === null ? `img-src 'self'` : `img-src 'self' ${logo}`,
    `connect-src 'self'`,
    `font-src 'none'`,
    `frame-src 'self'`,
    `object-src 'none'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `manifest-src 'self'`,
    `require-trusted-types-for 'script'`,
    `trusted-types rollcall`,
  ].join('; ')
}

function logoOrigin(siteRoot: string, siteLogoUrl: string | null): string | null {
  if (siteLogoUrl === null) return null
  const { origin } = new URL(siteLogoUrl, siteRoot)
  return origin === new URL(siteRoot).origin ? null : origin
}
