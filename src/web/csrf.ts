import type { Request, Response } from 'express'
import { contextOf } from './context'
import { cookieOf, PRE_COOKIE, setCookie } from './cookies'

/** Not a secret of ours, only a name for what is signed. */
const PURPOSE = 'pre'

/** What forms of this browser carry. Before a sign-in it is tied to a signed cookie, set here. */
export function csrfOf(request: Request, response: Response): string {
  const known = knownToken(request)
  if (known !== null) return known
  const { random, signer } = contextOf(request).site.app
  const nonce = random.bytes(16).toString('base64url')
  const token = `${nonce}.${signer.sign(PURPOSE, nonce)}`
  setCookie(request, response, PRE_COOKIE, token, null)
  return token
}

/** What a form that was posted by this browser must carry; null when it was never given one. */
export function knownToken(request: Request): string | null {
  const { visitor, site } = contextOf(request)
  if (visitor) return visitor.signIn.csrf
  const token = cookieOf(request, PRE_COOKIE)
  if (token === null) return null
  const [nonce = '', mac = ''] = token.split('.')
  return site.app.signer.matches(PURPOSE, nonce, mac) ? token : null
}
