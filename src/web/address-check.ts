import type { IncomingHttpHeaders } from 'node:http'
import type { Request } from 'express'
import type { App } from '../app'
import type { Peer, Trust } from '../world/peer'
import { contextOf } from './context'

/** What the three sides say the address of the site is, and what is to be done about it: X08 of web-ui.md. */
export interface AddressCheck {
  rows: { side: string; address: string; note: string }[]
  /** The address that the browser says, or else the request. */
  used: string
  isGood: boolean
  /** In words; the last may be a line for the settings. */
  fix: string[]
}

export interface AddressSource {
  headers: IncomingHttpHeaders
  /** The other end of the connection; null for a Unix socket. */
  socketAddress: string | null
  /** As the server makes it out. */
  peer: Peer
  isProxy: boolean
  siteRoot: string
  siteRootSource: string
}

export function addressCheck(source: AddressSource): AddressCheck {
  const { headers, peer, siteRoot, siteRootSource } = source
  const browser = browserOrigin(headers)
  const received = `${peer.scheme}://${headers.host ?? ''}`
  const used = browser ?? received
  const configured = new URL(siteRoot).origin
  const rows = [
    {
      side: 'Your browser',
      address: used,
      note: browser === null ? 'As the request says.' : '',
    },
    { side: 'Proxy headers', address: forwarded(headers) || 'none', note: believed(source) },
    {
      side: 'Received',
      address: received,
      note: 'Scheme and Host of the request, as the server takes them.',
    },
    { side: 'Configured', address: siteRoot, note: `SITE_ROOT, from: ${siteRootSource}` },
  ]
  const fix = [...proxyFix(source, used, received), ...rootFix(used, configured)]
  return { rows, used, isGood: fix.length === 0, fix }
}

/** The same of a request. */
export function addressCheckOf(
  request: Request,
  { config, settings }: Pick<App, 'config' | 'settings'>,
  trust: Pick<Trust, 'has'>,
): AddressCheck {
  const { remoteAddress } = request.socket
  return addressCheck({
    headers: request.headers,
    socketAddress: remoteAddress ?? null,
    peer: contextOf(request).peer,
    isProxy: remoteAddress === undefined || trust.has(remoteAddress),
    siteRoot: config.siteRoot,
    siteRootSource: settings.values().find(({ name }) => name === 'SITE_ROOT')?.source ?? '',
  })
}

/** Pages of ours tell where they were opened when they lead to another of ours. */
function browserOrigin({ referer, origin, host }: IncomingHttpHeaders): string | null {
  const said = origin !== undefined && origin !== 'null' ? origin : referer
  if (said === undefined || !URL.canParse(said)) return null
  const url = new URL(said)
  // From another site, it says nothing about ours.
  return url.hostname === (host ?? '').replace(/:\d+$/, '') || origin === said ? url.origin : null
}

function forwarded(headers: IncomingHttpHeaders): string {
  return ['x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-for', 'forwarded']
    .flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${String(headers[name])}`]))
    .join(', ')
}

function believed({ headers, isProxy, socketAddress }: AddressSource): string {
  if (forwarded(headers) === '') return 'The request came straight to the server, or the proxy adds nothing.'
  return isProxy
    ? `Believed: ${socketAddress ?? 'the Unix socket'} is among TRUSTED_PROXIES.`
    : `Not believed: ${socketAddress ?? ''} is not among TRUSTED_PROXIES.`
}

function proxyFix(
  { headers, isProxy, socketAddress }: AddressSource,
  used: string,
  received: string,
): string[] {
  if (forwarded(headers) !== '' && !isProxy) {
    return [
      'A proxy that is not trusted passes requests on. If it is yours:',
      `TRUSTED_PROXIES=${socketAddress ?? ''}`,
    ]
  }
  if (used.replace(/^https?/, '') === received.replace(/^https?/, '') && used !== received) {
    return ['The proxy does not say that your browser uses https: let it set X-Forwarded-Proto.']
  }
  return []
}

function rootFix(used: string, configured: string): string[] {
  if (used === configured) return []
  return [
    'Links in mails and ping addresses begin with another address than yours. If yours is right:',
    `SITE_ROOT=${used}`,
  ]
}
