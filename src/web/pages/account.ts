import { Router } from 'express'
import type { Request, Response } from 'express'
import { APPEARANCES, appearanceForm } from '../../actions/profile'
import type { AppearanceField } from '../../actions/profile'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { ROLE_WORDS } from '../../core/role'
import { compareNames } from '../../core/words'
import type { AccountPage, AppearancePage } from '../account-models'
import { STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { backOf } from '../back'
import { actorOf } from '../browser'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import { isFragment } from '../fragments'
import { zones } from '../zones'
import { invitationsTo } from '../invited'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'

/** One's account, and how pages look for it: A12, A23 of web-ui.md. */
export function accountPages(app: App): Router {
  const { actions, config, store } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  async function show(
    request: Request,
    response: Response,
    tz: string,
    problem: Problem | null,
  ): Promise<void> {
    const { user } = visitorOf(request)
    const projects = await store.projects.ofUser(user.id)
    const invitations = await invitationsTo(app, user)
    const roles = await Promise.all(projects.map(({ id }) => store.members.roleIn(id, user.id)))
    const model: AccountPage = {
      email: user.email,
      changeEmailUrl: config.remoteUserHeader === null ? paths.changeEmail : null,
      zone: {
        action: paths.account,
        field: field({
          name: 'tz',
          label: 'Shown times are in',
          type: 'zone',
          value: tz,
          help: 'Used on pages and in alerts, and for when reports are sent.',
          error: problem?.fields?.['tz'] ?? '',
        }),
        zones: zones(),
        errors: summaryOf(problem),
      },
      projects: projects
        .map((project, i) => ({ project, role: roles[i] ?? 'read-only' }))
        .toSorted((one, other) => compareNames(one.project.name, other.project.name))
        .map(({ project, role }) => ({
          name: project.name || 'unnamed',
          role: ROLE_WORDS[role],
          url: paths.checks(project.code),
          settingsUrl: role === 'owner' ? paths.project(project.code, 'settings') : null,
          leaveUrl: role === 'owner' ? null : paths.project(project.code, 'leave'),
        })),
      invitations: invitations.map(({ invitation, project: { name } }) => ({
        project: name || 'unnamed',
        role: ROLE_WORDS[invitation.role],
        by: invitation.invitedBy,
        url: paths.answerInvitation(invitation.code),
      })),
      closeUrl: paths.closeAccount,
    }
    const about = {
      title: 'Account',
      account: 'account' as const,
      status: problem ? STATUS[problem.code] : 200,
      scripts: ['account'],
    }
    await render(request, response, 'account', model, about)
  }

  routes.get('/accounts/profile/', signedIn, (request: Request, response: Response) =>
    show(request, response, visitorOf(request).user.tz, null),
  )

  routes.post('/accounts/profile/', signedIn, async (request: Request, response: Response) => {
    const tz = (formOf(request.body)['tz'] ?? '').trim()
    const saved = await actions.profile.setZone(visitorOf(request), tz)
    if (!saved.ok) return show(request, response, tz, saved.problem)
    await flash(request, { tone: 'success', text: say('M-ACC-3') })
    response.redirect(303, paths.account)
  })

  routes.post(
    '/accounts/profile/invitations/:invitation/',
    signedIn,
    async (request: Request, response: Response) => {
      const { user } = visitorOf(request)
      const mine = await invitationsTo(app, user)
      const into = mine.find(({ invitation }) => invitation.code === request.params['invitation'])
      if (into === undefined) return await showError(request, response, 404)
      const { invitation, project } = into
      if (formOf(request.body)['answer'] !== 'accept') {
        await actions.invitations.decline(invitation)
        await flash(request, { tone: 'info', text: say('M-PRJ-16') })
        return response.redirect(303, backOf(request) ?? paths.account)
      }
      const accepted = await actions.invitations.accept(invitation, actorOf(request), project.name)
      if (!accepted.ok) {
        await flash(request, { tone: 'error', text: accepted.problem.message })
        return response.redirect(303, paths.account)
      }
      const values = { project: project.name || 'unnamed', role: ROLE_WORDS[invitation.role] }
      await flash(request, { tone: 'success', text: say('M-PRJ-8', values) })
      response.redirect(303, paths.checks(project.code))
    },
  )

  async function showAppearance(
    request: Request,
    response: Response,
    problem: Problem | null,
  ): Promise<void> {
    const form = appearanceForm(visitorOf(request).user)
    const model: AppearancePage = {
      action: paths.appearance,
      errors: summaryOf(problem),
      groups: (Object.keys(APPEARANCES) as AppearanceField[]).map((name) => ({
        name,
        legend: APPEARANCE_WORDS[name].legend,
        help: APPEARANCE_WORDS[name].help ?? '',
        options: APPEARANCES[name].map((value) => ({
          value,
          label: APPEARANCE_WORDS[name].options[value] ?? value,
          chosen: value === form[name],
        })),
      })),
    }
    const about = {
      title: 'Appearance',
      account: 'appearance' as const,
      status: problem ? STATUS[problem.code] : 200,
      scripts: ['account'],
    }
    await render(request, response, 'appearance', model, about)
  }

  routes.get('/accounts/profile/appearance/', signedIn, (request: Request, response: Response) =>
    showAppearance(request, response, null),
  )

  routes.post('/accounts/profile/appearance/', signedIn, async (request: Request, response: Response) => {
    const saved = await actions.profile.setAppearance(visitorOf(request), formOf(request.body))
    if (!saved.ok) return showAppearance(request, response, saved.problem)
    // The script has changed the page already, and says so itself.
    if (!isFragment(request)) await flash(request, { tone: 'success', text: say('M-INT-2') })
    response.redirect(303, paths.appearance)
  })

  return routes
}

interface Words {
  legend: string
  help?: string
  options: Readonly<Record<string, string>>
}

const APPEARANCE_WORDS: Record<AppearanceField, Words> = {
  theme: { legend: 'Theme', options: { system: 'Match my system', light: 'Light', dark: 'Dark' } },
  density: { legend: 'Density', options: { comfortable: 'Comfortable', compact: 'Compact' } },
  times: {
    legend: 'Times',
    options: { relative: 'How long ago: 4 min ago', absolute: 'The time itself' },
  },
  clock: {
    legend: 'Clock',
    options: {
      iso: '2026-03-01 14:05',
      local24: 'As here, 24 hours',
      local12: 'As here, 12 hours',
    },
  },
  shortcuts: {
    legend: 'Keyboard shortcuts',
    help: 'Single keys that do things; ? lists them.',
    options: { on: 'On', off: 'Off' },
  },
  motion: {
    legend: 'Motion',
    options: { system: 'Follow my system', reduced: 'Always reduce' },
  },
  letters: {
    legend: 'Status shapes',
    help: 'Letters tell them apart once more: U, L, D, N, P.',
    options: { off: 'Standard', on: 'With letters' },
  },
  downFirst: {
    legend: 'Checks that are down',
    options: { on: 'Always on top of lists', off: 'Where they sort' },
  },
}
