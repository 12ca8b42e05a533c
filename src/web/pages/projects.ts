import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import { logLimitOf } from '../../core/ping-log'
import type { Problem } from '../../core/problem'
import { reaches } from '../../core/role'
import { inProject, inProjectAsOwnerOrAdministrator, projectOf, roleOf, signedIn, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { contextOf } from '../context'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { settingsPage } from '../project-settings'
import { flash, render } from '../render'
import { rootPath, size } from '../show'
import { say } from '../strings'
import { needsSudo } from '../sudo'
import { listed } from '../team-page'

/** Making a project, its settings, leaving and removing it: P02, P04 and P08 of web-ui.md. */
export function projectPages(app: App): Router {
  const { store, config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/projects/add/', signedIn, (request: Request, response: Response) =>
    askNew(request, response, {}, null),
  )

  routes.post('/projects/add/', signedIn, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const added = await actions.projects.add(visitorOf(request).user, form['name'] ?? '')
    if (!added.ok) return await askNew(request, response, form, added.problem)
    await flash(request, { tone: 'success', text: say('M-PRJ-1') })
    response.redirect(303, paths.checks(added.value.code))
  })

  routes.get('/projects/:project/settings/', inProject('read-only'), (request: Request, response: Response) =>
    settings(request, response, {}),
  )

  routes.post(
    '/projects/:project/settings/',
    inProject('member'),
    async (request: Request, response: Response) => {
      const form = formOf(request.body)
      const project = projectOf(request)
      const renamed = await actions.projects.rename(project, form['name'] ?? '')
      if (!renamed.ok) return await settings(request, response, { form, problem: renamed.problem })
      const style = form['address_style'] === 'slug' ? 'slug' : 'uuid'
      if (style !== project.addressStyle) await store.projects.setAddressStyle(project.id, style)
      const isRenamed = renamed.value.name !== project.name
      await flash(request, { tone: 'success', text: say(isRenamed ? 'M-PRJ-2' : 'M-CHK-2') })
      response.redirect(303, paths.project(project.code, 'settings'))
    },
  )

  routes.post(
    '/projects/:project/settings/log_size/',
    inProjectAsOwnerOrAdministrator(),
    async (request: Request, response: Response) => {
      const form = formOf(request.body)
      const project = projectOf(request)
      const given = (form['limit'] ?? '').trim()
      const limit = /^\d{1,9}$/.test(given) ? Number(given) : NaN
      const set = await actions.projects.setLogLimit(project, limit)
      if (!set.ok) return await settings(request, response, { form, logProblem: set.problem })
      await flash(request, { tone: 'success', text: say('M-PRJ-17') })
      response.redirect(303, paths.project(project.code, 'settings'))
    },
  )

  routes.get(
    '/projects/:project/remove/',
    inProject('owner'),
    needsSudo,
    (request: Request, response: Response) => askRemove(request, response, null),
  )

  routes.post(
    '/projects/:project/remove/',
    inProject('owner'),
    needsSudo,
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      if ((formOf(request.body)['typed'] ?? '').trim() !== project.name.trim()) {
        return await askRemove(request, response, say('M-FORM-7', { name: project.name }))
      }
      const removed = await actions.projects.remove(project)
      if (removed.ok) await actions.trail(actorOf(request), 'project-removed', project.name)
      await flash(request, { tone: 'success', text: say('M-PRJ-12', { project: project.name }) })
      response.redirect(303, paths.home)
    },
  )

  routes.get(
    '/projects/:project/leave/',
    inProject('read-only'),
    async (request: Request, response: Response, next: NextFunction) => {
      if (!(await mayLeave(request, response, next))) return
      const project = projectOf(request)
      const model = {
        trail: [{ text: project.name, url: paths.checks(project.code) }],
        heading: `Leave ${project.name}?`,
        text: ['You lose access now. Checks and integrations that you created stay.'],
        action: paths.project(project.code, 'leave'),
        submit: 'Leave the project',
        isDanger: true,
        cancelUrl: paths.team(project.code),
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
    '/projects/:project/leave/',
    inProject('read-only'),
    async (request: Request, response: Response, next: NextFunction) => {
      if (!(await mayLeave(request, response, next))) return
      const project = projectOf(request)
      const left = await actions.members.leave(project, visitorOf(request).user)
      if (!left.ok) return await showError(request, response, 403, { detail: left.problem.message })
      await actions.trail(actorOf(request), 'left', project.name)
      await flash(request, { tone: 'success', text: say('M-PRJ-15', { project: project.name }) })
      response.redirect(303, paths.home)
    },
  )

  /** Whoever looks after a project of others is not in it; whoever owns it gives it away first. */
  async function mayLeave(request: Request, response: Response, next: NextFunction): Promise<boolean> {
    if (contextOf(request).asAdministrator) {
      next()
      return false
    }
    if (roleOf(request) !== 'owner') return true
    const detail = 'You own this project: transfer it to somebody else, or remove it.'
    await showError(request, response, 403, { detail })
    return false
  }

  async function askNew(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const model = {
      trail: [{ text: 'Projects', url: paths.projects }],
      heading: 'New project',
      intro:
        'A project holds checks, the integrations that are told about them, and the people who work on both.',
      action: paths.addProject,
      hidden: [],
      groups: [{ legend: '', fields: [nameField(form['name'] ?? '', problem, problem === null)] }],
      errors: summaryOf(problem),
      submit: 'Create project',
      cancelUrl: paths.projects,
      notes: [],
      placeholders: [],
    }
    const status = problem === null ? 200 : 422
    await render(request, response, 'form', model, { title: model.heading, status })
  }

  async function settings(
    request: Request,
    response: Response,
    about: { form?: Form; problem?: Problem; logProblem?: Problem },
  ): Promise<void> {
    const project = projectOf(request)
    const role = roleOf(request)
    const { asAdministrator } = contextOf(request)
    const isOwner = role === 'owner'
    const [owner, asked, contents] = await Promise.all([
      store.users.find(project.ownerId),
      store.transfers.ofProject(project.id),
      store.projects.contents(project.id),
    ])
    const model = settingsPage({
      project,
      role,
      ownerEmail: owner?.email ?? '',
      isAsked: asked?.userId === visitorOf(request).user.id,
      logLimit: logLimitOf(project, owner).pingLogLimit,
      setsLogLimit: isOwner || asAdministrator,
      edits: reaches(role, 'member'),
      leaves: !isOwner && !asAdministrator,
      contents,
      form: about.form ?? {},
      problem: about.problem ?? null,
      logProblem: about.logProblem ?? null,
      paths,
    })
    const status = about.problem || about.logProblem ? 422 : 200
    await render(request, response, 'project-settings', model, {
      title: 'Settings',
      status,
      project,
      section: 'settings',
    })
  }

  async function askRemove(request: Request, response: Response, wrong: string | null): Promise<void> {
    const project = projectOf(request)
    const { checks, pings, bodies, bodyBytes, channels, members } = await store.projects.contents(project.id)
    const what = listed([
      [checks, 'check'],
      [pings, 'ping'],
      [channels, 'integration'],
      [bodies, 'body in object storage'],
    ]).replace('bodys', 'bodies')
    const text = [
      `This removes ${what}${bodies === 0 ? '' : ` (${size(bodyBytes)})`} for good. Its ping addresses, keys and badges stop working at once.`,
      ...(members === 0 ? [] : [`${listed([[members, 'member']])} lose${members === 1 ? 's' : ''} access.`]),
    ]
    const url = paths.project(project.code, 'settings')
    const model = {
      trail: [{ text: 'Settings', url }],
      heading: `Remove ${project.name}?`,
      text,
      action: paths.project(project.code, 'remove'),
      submit: 'Remove project',
      isDanger: true,
      cancelUrl: url,
      typed: field({
        name: 'typed',
        label: `Type ${project.name} to confirm`,
        error: wrong ?? '',
        required: true,
        maxLength: 100,
      }),
    }
    const status = wrong === null ? 200 : 422
    await render(request, response, 'confirm', model, {
      title: model.heading,
      status,
      project,
      section: 'settings',
    })
  }

  return routes
}

function nameField(value: string, problem: Problem | null, isFirst: boolean) {
  return field({
    name: 'name',
    label: 'Name',
    value,
    error: problem?.fields?.['name'] ?? '',
    required: true,
    maxLength: 60,
    isFirst,
  })
}
