import type { Request, Response } from 'express'
import type { Browser, Ticket } from '../actions/sessions'
import { contextOf } from './context'
import { clearSession, cookieOf, sessionCookieName, setSession } from './cookies'
import { nextPath } from './next'

/** Where a request comes from, as far as a person can tell from it whether it was them. */
export function browserOf(request: Request): Browser {
  return { address: contextOf(request).peer.address, agent: request.get('user-agent') ?? '' }
}

/** Signs in: whoever was signed in with the cookie that this browser sent, is not any more. */
export async function enter(request: Request, response: Response, ticket: Ticket): Promise<void> {
  await endSession(request)
  setSession(request, response, ticket)
}

/** Signs out, and lets the browser forget. */
export async function leave(request: Request, response: Response): Promise<void> {
  await endSession(request)
  clearSession(request, response)
  response.setHeader('Clear-Site-Data', '"cache"')
}

async function endSession(request: Request): Promise<void> {
  const { site } = contextOf(request)
  const cookie = cookieOf(request, sessionCookieName(site))
  if (cookie) await site.app.actions.signIn.end(cookie)
}

/** The page to go on to, if it is one of ours that makes sense then; else null. */
export function wayBack(request: Request, wanted: unknown): string | null {
  const { root, isPage } = contextOf(request).site
  return typeof wanted === 'string' ? nextPath(wanted, { root, isPage }) : null
}
