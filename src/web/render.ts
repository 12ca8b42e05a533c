import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request, Response } from 'express'
import { StoreUnavailable } from '../store/problems'
import { refreshes, REFRESH_S } from './as-of'
import { contextOf } from './context'
import type { Context } from './context'
import { csrfOf, knownToken } from './csrf'
import { isFragment } from './fragments'
import { documentTitle } from './frame'
import { shellOf } from './shell'
import { takes } from './static'
import type { Frame, LayoutPage, Note, PageBase, Views } from './views'

/** Smaller answers do not get smaller. */
const WORTH_COMPRESSING_BYTES = 200

/** Tells one showing of a form from another. */
const ONCE_LENGTH = 16
const ONCE_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

const compress = promisify(gzip)

/** Answers with a view, filled from its view-model, in the layout. */
export async function render<V extends keyof Views>(
  request: Request,
  response: Response,
  view: V,
  model: Views[V],
  frame: Frame,
): Promise<void> {
  const { site } = contextOf(request)
  const { templates } = site.app
  const base: PageBase = {
    // An error page has no form, and strangers who meet one need no cookie.
    csrf: view === 'error' ? (knownToken(request) ?? '') : csrfOf(request, response),
    once: site.app.random.text(ONCE_LENGTH, ONCE_ALPHABET),
    root: site.root,
    icons: site.files.image('icons.svg'),
  }
  const body = templates.fill(view, { ...model, ...base })
  if (isFragment(request)) {
    const note = await takeFlash(contextOf(request))
    const said = note === null ? '' : templates.fill('parts/note', { ...base, note })
    response.setHeader('X-Title', encodeURIComponent(documentTitle(frame, site.app.config.siteName)))
    return await send(request, response, frame.status ?? 200, said + body)
  }
  if (frame.canRefresh && refreshes(request)) response.setHeader('Refresh', String(REFRESH_S))
  const flash = frame.bare ? null : await takeFlash(contextOf(request))
  const layout: LayoutPage = { ...base, ...(await shellOf(request, frame)), flash, body }
  await send(request, response, frame.status ?? 200, templates.fill('layout', layout))
}

/** A part of a page alone, for what is more than that part. */
export function partOf(request: Request, part: string, model: object): string {
  const { site } = contextOf(request)
  const base = { root: site.root, icons: site.files.image('icons.svg') }
  return site.app.templates.fill(`parts/${part}`, { ...base, ...model })
}

/** Answers with it, for the script that puts it in its place. */
export async function renderPart(
  request: Request,
  response: Response,
  part: string,
  model: object,
): Promise<void> {
  await send(request, response, 200, partOf(request, part, model))
}

/** Says something on the next page that is shown to this person. */
export async function flash(request: Request, said: Omit<Note, 'role'>): Promise<void> {
  const { site, visitor } = contextOf(request)
  if (visitor) await site.app.store.signIns.setFlash(visitor.signIn.key, said)
}

/** The message that waits for this page, which is then gone. */
async function takeFlash({ site, visitor }: Context): Promise<Note | null> {
  const waiting = visitor?.signIn.flash ?? null
  if (visitor === null || waiting === null) return null
  try {
    await site.app.store.signIns.setFlash(visitor.signIn.key, null)
  } catch (error) {
    // Seen twice is better than no page at all while the disk is full.
    if (!(error instanceof StoreUnavailable)) throw error
  }
  const isLoud = waiting.tone === 'warning' || waiting.tone === 'error'
  return { ...waiting, role: isLoud ? 'alert' : 'status' }
}

function send(request: Request, response: Response, status: number, html: string): Promise<void> {
  return sendText(request, response, { status, type: 'text/html; charset=utf-8', text: html })
}

/** Answers with a text, made small where that helps. */
export async function sendText(
  request: Request,
  response: Response,
  { status, type, text }: { status: number; type: string; text: string },
): Promise<void> {
  const { config } = contextOf(request).site.app
  response.status(status)
  response.setHeader('Content-Type', type)
  response.setHeader('Vary', 'Accept-Encoding, X-Fragment')
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'private, no-cache')
  const bytes = Buffer.from(text, 'utf8')
  const isWorthIt = config.compress && bytes.length >= WORTH_COMPRESSING_BYTES
  if (!isWorthIt || !takes('gzip', request.headers['accept-encoding'])) {
    response.send(bytes)
    return
  }
  response.setHeader('Content-Encoding', 'gzip')
  response.send(await compress(bytes))
}
