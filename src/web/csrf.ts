import type { Request, Response } from 'express'
import { contextOf } from './context'
import { cookieOf, PRE_COOKIE, setCookie } from './cookies'

/** Not a secret of ours, only a name for what is signed. */
const PURPOSE = 'pre'

/** What forms of this browser carry. Before a sign-in it is tied to a signed cookie, set here. */
export function csrfOf(request: Request, response: Response): string {
  const known = knownToken(request)
  if (known !== null) return known
  const { random } = contextOf(request).site.app
  return giveNonce(request, response, random.bytes(16).toString('base64url'))
}

/** Ties this browser to a secret of ours, such as that of a sign-in which is half done. */
export function giveNonce(request: Request, response: Response, nonce: string): string {
  const { signer } = contextOf(request).site.app
  const token = `${nonce}.${signer.sign(PURPOSE, nonce)}`
  setCookie(request, response, PRE_COOKIE, token, null)
  return token
}

/** The secret that this browser was tied to, if it was to any. */
export function nonceOf(request: Request): string | null {
  const token = cookieOf(request, PRE_COOKIE)
  if (token === null) return null
  const [nonce = '', mac = ''] = token.split('.')
  return contextOf(request).site.app.signer.matches(PURPOSE, nonce, mac) ? nonce : null
}

/** What a form that was posted by this browser must carry; null when it was never given one. */
export function knownToken(request: Request): string | null {
  const { visitor } = contextOf(request)
  if (visitor) return visitor.signIn.csrf
  return nonceOf(request) === null ? null : cookieOf(request, PRE_COOKIE)
}
