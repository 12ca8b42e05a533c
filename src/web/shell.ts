import type { Request } from 'express'
import { compareNames } from '../core/words'
import { asOf } from './as-of'
import { accountNav } from './account-nav'
import { bannersFor } from './banners'
import { contextOf } from './context'
import type { Context } from './context'
import { faviconFallback, faviconName } from './favicon'
import { documentTitle, faviconOf, headerSums, iconOfOne } from './frame'
import { looksOf } from './looks'
import type { Reached } from '../store/projects'
import { boardOf } from './board'
import { pathsBelow } from './paths'
import type { Paths } from './paths'
import { inZone } from './show'
import { rightsOf } from './rights'
import type { Counts, Frame, LayoutPage, MenuProject, PageBase } from './views'

/** All of the layout but the page in it: web-ui.md §2.1. A bare page asks nothing of the database. */
export async function shellOf(
  request: Request,
  frame: Frame,
): Promise<Omit<LayoutPage, keyof PageBase | 'body' | 'flash'>> {
  const context = contextOf(request)
  const { site, visitor } = context
  const { config, version } = site.app
  const paths = pathsBelow(site.root)
  const bare = frame.bare ?? false
  const reached = visitor && !bare ? await site.app.store.projects.withRoles(visitor.user.id) : []
  const counts = frame.counts ?? (visitor && !bare ? await countsNow(context, reached) : undefined)
  const picture = pictureOf({ ...frame, ...(counts && { counts }) })
  return {
    siteName: config.siteName,
    siteLogoUrl: config.siteLogoUrl,
    documentTitle: documentTitle({ ...frame, ...(counts && { counts }) }, config.siteName),
    theme: visitor?.user.theme ?? 'system',
    looks: visitor === null ? [] : looksOf(visitor.user),
    bare,
    account:
      visitor && !bare
        ? {
            email: visitor.user.email,
            links: accountLinks(context),
            // At a single sign-on it would last until the next click.
            signsOut: config.remoteUserHeader === null,
          }
        : null,
    project: frame.project
      ? { code: frame.project.code, name: frame.project.name, url: paths.checks(frame.project.code) }
      : null,
    projects: switcherOf(reached, frame.project?.code ?? null, paths),
    addProjectUrl: addProjectUrl(request),
    sections: await sections(context, frame),
    summary: counts
      ? headerSums(counts, frame.project ? paths.checks(frame.project.code) : paths.allChecks)
      : [],
    banners: await bannersFor(request),
    viewing:
      context.asAdministrator && context.project
        ? {
            text: `You are viewing ${context.project.name} as instance administrator.`,
            leaveUrl: paths.projects,
          }
        : null,
    confirmedUntil: confirmedUntil(context),
    accountNav: frame.account === undefined ? [] : accountNav(paths, frame.account),
    asOf: visitor && frame.canRefresh ? asOf(request, site.app.clock(), visitor.user.tz) : null,
    styles: site.files.styles,
    scripts: [...site.files.scripts, ...(frame.scripts ?? []).map((name) => site.files.pageScript(name))],
    favicon: `${site.root}/static/fav/${picture}`,
    faviconFallback: `${site.root}/static/fav/${faviconFallback(picture)}`,
    docsUrl: paths.docs,
    shortcutsUrl: paths.shortcuts,
    version,
  }
}

/** Of what the page is about: web-ui.md §2.6. */
function pictureOf({ shown, counts }: Frame): string {
  if (shown === undefined) return faviconName(faviconOf(counts), counts?.down ?? 0)
  const { icon, down } = iconOfOne(shown)
  return faviconName(icon, down)
}

/** Said only where it matters: on pages that asked for it. */
function confirmedUntil({ visitor, needsSudo }: Context): string {
  const sudo = visitor?.signIn.sudo ?? null
  if (!visitor || !needsSudo || sudo === null) return ''
  return `Confirmed until ${inZone(sudo.untilAt, visitor.user.tz).slice(11, 16)}`
}

/** How things are in the project that a page belongs to; elsewhere in all that the visitor can see. */
async function countsNow({ site, project }: Context, reached: readonly Reached[]): Promise<Counts> {
  const board = boardOf(site.app)
  if (project) return (await board.lately(project.id)).counts
  return (await board.latelyOf(rightsOf(reached).map((right) => right.project.id))).counts
}

/** The projects of the visitor by name; `current` is the code of the one that the page belongs to. */
export function switcherOf(
  reached: readonly Reached[],
  current: string | null,
  paths: Paths,
): (MenuProject & { id: number })[] {
  return reached
    .map(({ project }) => project)
    .toSorted((one, other) => compareNames(one.name, other.name))
    .map(({ id, name, code }) => ({
      id,
      name: name || 'unnamed',
      url: paths.checks(code),
      current: code === current,
      mark: null,
      down: 0,
    }))
}

/** Where a project is added; '' when this visitor cannot. */
export function addProjectUrl(request: Request): string {
  const { site, visitor } = contextOf(request)
  return visitor && site.isPage('/projects/add/') ? `${site.root}/projects/add/` : ''
}

function accountLinks({ site, visitor }: Context): { text: string; url: string }[] {
  const links = [
    { text: 'Account', path: '/accounts/profile/' },
    { text: 'Security', path: '/accounts/profile/security/' },
    { text: 'Appearance', path: '/accounts/profile/appearance/' },
    { text: 'E-mail reports', path: '/accounts/profile/notifications/' },
    { text: 'Access tokens', path: '/accounts/profile/tokens/' },
    ...(visitor?.user.isAdmin ? [{ text: 'Administration', path: '/admin/' }] : []),
  ]
  return links
    .filter(({ path }) => site.isPage(path))
    .map(({ text, path }) => ({ text, url: site.root + path }))
}

async function sections(
  { site, visitor, project: loaded }: Context,
  { project, section, channels: known }: Frame,
): Promise<LayoutPage['sections']> {
  if (!visitor || !project || !loaded) return []
  const channels = known ?? (await site.app.store.channels.ofProject(loaded.id))
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
    { label: 'Badges', url: paths.badges(project.code), current: section === 'badges', hasProblem: false },
    {
      label: 'Settings',
      url: paths.project(project.code, 'settings'),
      current: section === 'settings',
      hasProblem: false,
    },
  ]
}
