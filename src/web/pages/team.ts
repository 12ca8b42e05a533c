import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import { isMemberRole } from '../../actions/invitations'
import type { Sent } from '../../actions/invitations'
import type { App } from '../../app'
import type { Problem, Result } from '../../core/problem'
import { ROLE_WORDS } from '../../core/role'
import type { TeamMember } from '../../store/team'
import { retryAfter, STATUS } from '../answer'
import { inProject, projectOf, roleOf, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { contextOf } from '../context'
import { showError } from '../errors'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import { teamPage } from '../team-page'

/** Most people of other projects that are named beside the form. */
const MOST_SUGGESTIONS = 8

/** Who works in a project: P06 of web-ui.md. */
export function teamPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const manages = inProject('manager')

  routes.get(
    '/projects/:project/settings/team/',
    inProject('read-only'),
    (request: Request, response: Response) =>
      show(request, response, { form: { email: valueOf(request, 'email') } }),
  )

  routes.post('/projects/:project/settings/team/', manages, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const { email = '', role = '' } = form
    const sent = await actions.invitations.invite(projectOf(request), actorOf(request), { email, role })
    if (!sent.ok) return await show(request, response, { form, problem: sent.problem })
    await passOn(request, response, sent.value)
  })

  routes.post(
    '/projects/:project/settings/team/:member/role/',
    manages,
    async (request: Request, response: Response, next: NextFunction) => {
      const person = await personOf(request)
      if (person === null) return next()
      const role = formOf(request.body)['role'] ?? ''
      if (!isMemberRole(role)) return await showError(request, response, 422)
      const by = actorOf(request)
      const project = projectOf(request)
      const changed = await actions.members.setRole(project, person.email, role, visitorOf(request).user)
      if (!changed.ok) return await refuse(request, response, changed.problem)
      await actions.trail(
        by,
        'role-changed',
        project.name,
        `${person.email}: ${ROLE_WORDS[person.role]} to ${ROLE_WORDS[role]}`,
      )
      await flash(request, {
        tone: 'success',
        text: say('M-PRJ-13', { email: person.email, role: ROLE_WORDS[role] }),
      })
      response.redirect(303, paths.team(project.code))
    },
  )

  routes.get(
    '/projects/:project/settings/team/:member/remove/',
    manages,
    async (request: Request, response: Response, next: NextFunction) => {
      const person = await personOf(request)
      if (person === null) return next()
      const project = projectOf(request)
      const url = paths.team(project.code)
      const model = {
        trail: [{ text: 'Team', url }],
        heading: `Remove ${person.email}?`,
        text: [`${person.email} loses access now. Checks and integrations they created stay.`],
        action: paths.teamMember(project.code, person.userId, 'remove'),
        submit: 'Remove from the project',
        isDanger: true,
        cancelUrl: url,
        typed: null,
      }
      await render(request, response, 'confirm', model, {
        title: model.heading,
        project,
        section: 'settings',
      })
    },
  )

  routes.post(
    '/projects/:project/settings/team/:member/remove/',
    manages,
    async (request: Request, response: Response, next: NextFunction) => {
      const person = await personOf(request)
      if (person === null) return next()
      const project = projectOf(request)
      const removed = await actions.members.remove(project, person.email, visitorOf(request).user)
      if (!removed.ok) return await refuse(request, response, removed.problem)
      await actions.trail(actorOf(request), 'member-removed', project.name, person.email)
      await flash(request, { tone: 'success', text: say('M-PRJ-7', { email: person.email }) })
      response.redirect(303, paths.team(project.code))
    },
  )

  routes.post(
    '/projects/:project/settings/team/invitations/:invitation/resend/',
    manages,
    (request: Request, response: Response, next: NextFunction) =>
      answer(request, response, next, actions.invitations.renew(...invitationOf(request), 'mail')),
  )

  routes.post(
    '/projects/:project/settings/team/invitations/:invitation/link/',
    manages,
    (request: Request, response: Response, next: NextFunction) =>
      answer(request, response, next, actions.invitations.renew(...invitationOf(request), 'show')),
  )

  routes.post(
    '/projects/:project/settings/team/invitations/:invitation/revoke/',
    manages,
    async (request: Request, response: Response, next: NextFunction) => {
      const revoked = await actions.invitations.revoke(...invitationOf(request))
      if (!revoked.ok) return next()
      await flash(request, { tone: 'success', text: say('M-PRJ-14', { email: revoked.value.email }) })
      response.redirect(303, paths.team(projectOf(request).code))
    },
  )

  async function answer(
    request: Request,
    response: Response,
    next: NextFunction,
    sending: Promise<Result<Sent>>,
  ): Promise<void> {
    const sent = await sending
    if (sent.ok) return await passOn(request, response, sent.value)
    if (sent.problem.code === 'not_found') return next()
    await show(request, response, { problem: sent.problem })
  }

  /** By mail, or by hand: then the link is shown once. */
  async function passOn(request: Request, response: Response, { invitation, link }: Sent): Promise<void> {
    const { email } = invitation
    if (link === null) {
      await flash(request, { tone: 'success', text: say('M-PRJ-5', { email }) })
      return response.redirect(303, paths.team(projectOf(request).code))
    }
    response.setHeader('Cache-Control', 'no-store')
    await show(request, response, { fresh: { email, link } })
  }

  async function refuse(request: Request, response: Response, problem: Problem): Promise<void> {
    if (problem.code === 'invalid') return await show(request, response, { problem })
    return await showError(request, response, STATUS[problem.code], { detail: problem.message })
  }

  async function show(
    request: Request,
    response: Response,
    about: { form?: Form; problem?: Problem; fresh?: { email: string; link: string } },
  ): Promise<void> {
    const project = projectOf(request)
    const { user } = visitorOf(request)
    const role = roleOf(request)
    const { form = {}, problem = null, fresh = null } = about
    const [people, invitations, suggestions] = await Promise.all([
      store.team.ofProject(project.id),
      store.invitations.ofProject(project.id, clock()),
      role === 'owner' ? store.team.acquaintances(project.id, user.id, MOST_SUGGESTIONS) : [],
    ])
    const model = teamPage({
      project,
      people,
      invitations,
      suggestions,
      visitor: user,
      role,
      asAdministrator: contextOf(request).asAdministrator,
      canMail: config.mail !== null,
      form,
      problem,
      fresh,
      paths,
    })
    if (problem) retryAfter(response, problem)
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'team', model, { title: 'Team', status, project, section: 'settings' })
  }

  /** Only of this project. */
  async function personOf(request: Request): Promise<TeamMember | null> {
    const people = await store.team.ofProject(projectOf(request).id)
    return people.find(({ userId }) => String(userId) === request.params['member']) ?? null
  }

  function invitationOf(request: Request) {
    return [projectOf(request), actorOf(request), String(request.params['invitation'])] as const
  }

  return routes
}
