import type { Request, Response } from 'express'
import type { Entered } from '../actions/second-step'
import type { Actor } from '../actions/audit'
import type { Browser, Ticket } from '../actions/sessions'
import { visitorOf } from './auth'
import { contextOf } from './context'
import { giveNonce } from './csrf'
import { pathsBelow } from './paths'
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

/** Goes on after the first step of a sign-in: to the second, or to where the person wanted to go. */
export async function goOn(
  request: Request,
  response: Response,
  entered: Entered,
  next: string,
): Promise<void> {
  const paths = pathsBelow(contextOf(request).site.root)
  if (entered.kind === 'in') {
    await enter(request, response, entered.ticket)
    return response.redirect(303, wayBack(request, next) ?? paths.home)
  }
  // Whoever was signed in here before is not the one who comes.
  await endSession(request)
  clearSession(request, response)
  giveNonce(request, response, entered.secret)
  response.redirect(303, paths.secondStep(entered.ways[0] ?? 'totp'))
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

/** Who asks, for the trail of what was done. */
export function actorOf(request: Request): Actor {
  return { user: visitorOf(request).user, address: contextOf(request).peer.address }
}
