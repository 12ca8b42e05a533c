import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request, Response } from 'express'
import { compareNames } from '../core/words'
import { StoreUnavailable } from '../store/problems'
import { bannersFor } from './banners'
import { contextOf } from './context'
import type { Context } from './context'
import { csrfOf, knownToken } from './csrf'
import { faviconName } from './favicon'
import { isFragment } from './fragments'
import { documentTitle, faviconOf, headerSums } from './frame'
import { pathsBelow } from './paths'
import { inZone } from './show'
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
  const layout: LayoutPage = { ...base, ...(await around(request, frame)), body }
  await send(request, response, frame.status ?? 200, templates.fill('layout', layout))
}

/** Answers with a part of a page alone, for the script that puts it in its place. */
export async function renderPart(
  request: Request,
  response: Response,
  part: string,
  model: object,
): Promise<void> {
  const { site } = contextOf(request)
  const base = { root: site.root, icons: site.files.image('icons.svg') }
  await send(request, response, 200, site.app.templates.fill(`parts/${part}`, { ...base, ...model }))
}

/** Says something on the next page that is shown to this person. */
export async function flash(request: Request, { tone, text }: Omit<Note, 'role'>): Promise<void> {
  const { site, visitor } = contextOf(request)
  if (visitor) await site.app.store.signIns.setFlash(visitor.signIn.key, { tone, text })
}

/** All of the layout but what is in it. A bare page asks nothing of the database. */
async function around(request: Request, frame: Frame): Promise<Omit<LayoutPage, keyof PageBase | 'body'>> {
  const context = contextOf(request)
  const { site, visitor } = context
  const { config, version } = site.app
  const paths = pathsBelow(site.root)
  const bare = frame.bare ?? false
  return {
    siteName: config.siteName,
    siteLogoUrl: config.siteLogoUrl,
    documentTitle: documentTitle(frame, config.siteName),
    theme: visitor?.user.theme ?? 'system',
    bare,
    account: visitor && !bare ? { email: visitor.user.email } : null,
    project: frame.project ? { name: frame.project.name, url: paths.checks(frame.project.code) } : null,
    projects: bare ? [] : await switcher(context, frame),
    sections: await sections(context, frame),
    summary: frame.counts && frame.project ? headerSums(frame.counts, paths.checks(frame.project.code)) : [],
    flash: bare ? null : await takeFlash(context),
    banners: bannersFor(request),
    confirmedUntil: confirmedUntil(context),
    styles: site.files.styles,
    scripts: [...site.files.scripts, ...(frame.scripts ?? []).map((name) => site.files.pageScript(name))],
    favicon: `${site.root}/static/fav/${faviconName(faviconOf(frame.counts), frame.counts?.down ?? 0)}`,
    docsUrl: paths.docs,
    version,
  }
}

/** Said only where it matters: on pages that asked for it. */
function confirmedUntil({ visitor, needsSudo }: Context): string {
  const sudo = visitor?.signIn.sudo ?? null
  if (!visitor || !needsSudo || sudo === null) return ''
  return `Confirmed until ${inZone(sudo.untilAt, visitor.user.tz).slice(11, 16)}`
}

async function switcher({ site, visitor }: Context, { project }: Frame): Promise<LayoutPage['projects']> {
  if (!visitor || !project) return []
  const owned = await site.app.store.projects.ofUser(visitor.user.id)
  const paths = pathsBelow(site.root)
  return owned
    .toSorted((one, other) => compareNames(one.name, other.name))
    .map(({ name, code }) => ({ name, url: paths.checks(code), current: code === project.code }))
}

async function sections(
  { site, visitor, project: loaded }: Context,
  { project, section }: Frame,
): Promise<LayoutPage['sections']> {
  if (!visitor || !project || !loaded) return []
  const channels = await site.app.store.channels.ofProject(loaded.id)
  const paths = pathsBelow(site.root)
  const ailing = channels.some((each) => each.lastError !== '' || each.disabled || !each.verified)
  return [
    { label: 'Checks', url: paths.checks(project.code), current: section === 'checks', hasProblem: false },
    {
      label: 'Integrations',
      url: paths.channels(project.code),
      current: section === 'integrations',
      hasProblem: channels.length === 0 || ailing,
    },
    { label: 'Keys', url: paths.keys(project.code), current: section === 'keys', hasProblem: false },
  ]
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

async function send(request: Request, response: Response, status: number, html: string): Promise<void> {
  const { config } = contextOf(request).site.app
  response.status(status)
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.setHeader('Vary', 'Accept-Encoding, X-Fragment')
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'private, no-cache')
  const bytes = Buffer.from(html, 'utf8')
  const isWorthIt = config.compress && bytes.length >= WORTH_COMPRESSING_BYTES
  if (!isWorthIt || !takes('gzip', request.headers['accept-encoding'])) {
    response.send(bytes)
    return
  }
  response.setHeader('Content-Encoding', 'gzip')
  response.send(await compress(bytes))
}
