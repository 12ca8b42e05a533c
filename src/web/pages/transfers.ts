import { Router } from 'express'
import type { Request, RequestHandler, Response } from 'express'
import { loadSentence } from '../../actions/transfers'
import type { App } from '../../app'
import type { Problem, Result } from '../../core/problem'
import { ROLE_WORDS } from '../../core/role'
import type { Load } from '../../store/transfers'
import { STATUS } from '../answer'
import { inProject, projectOf, roleOf, visitorOf } from '../auth'
import { backOf } from '../back'
import { actorOf } from '../browser'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { projectTabs } from '../project-tabs'
import { flash, render } from '../render'
import { fixedMoment, rootPath } from '../show'
import { say } from '../strings'
import { needsSudo } from '../sudo'
import type { TransferPage } from '../team-models'

/** Giving a project to somebody else: P07 of web-ui.md. */
export function transferPages(app: App): Router {
  const { store, config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get(
    '/projects/:project/transfer/',
    inProject('read-only'),
    ownersConfirm,
    async (request: Request, response: Response) => {
      if (roleOf(request) === 'owner') return await showAsk(request, response, null)
      const load = await actions.transfers.offerTo(projectOf(request), visitorOf(request).user)
      if (load === null) return await notYours(request, response)
      await showOffer(request, response, load)
    },
  )

  routes.post(
    '/projects/:project/transfer/',
    inProject('owner'),
    needsSudo,
    async (request: Request, response: Response) => {
      const email = formOf(request.body)['email'] ?? ''
      const project = projectOf(request)
      const asked = await actions.transfers.ask(project, actorOf(request), email)
      if (!asked.ok) return await showAsk(request, response, asked.problem)
      await flash(request, { tone: 'success', text: say('M-PRJ-9', { email }) })
      response.redirect(303, paths.project(project.code, 'transfer'))
    },
  )

  routes.post(
    '/projects/:project/transfer/cancel/',
    inProject('owner'),
    needsSudo,
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      const cancelled = await actions.transfers.cancel(project)
      if (cancelled.ok) await flash(request, { tone: 'success', text: say('M-PRJ-10') })
      else await flash(request, { tone: 'error', text: cancelled.problem.message })
      response.redirect(303, paths.project(project.code, 'transfer'))
    },
  )

  routes.post(
    '/projects/:project/transfer/accept/',
    inProject('read-only'),
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      const accepted = await actions.transfers.accept(project, actorOf(request))
      await answered(request, response, accepted, say('M-PRJ-11', { project: project.name }))
    },
  )

  routes.post(
    '/projects/:project/transfer/reject/',
    inProject('read-only'),
    async (request: Request, response: Response) => {
      const rejected = await actions.transfers.reject(projectOf(request), visitorOf(request).user)
      await answered(request, response, rejected, say('M-PRJ-16'), backOf(request))
    },
  )

  async function answered(
    request: Request,
    response: Response,
    outcome: Result<null>,
    text: string,
    back: string | null = null,
  ): Promise<void> {
    if (!outcome.ok && outcome.problem.code === 'not_found') return await notYours(request, response)
    await flash(
      request,
      outcome.ok ? { tone: 'success', text } : { tone: 'error', text: outcome.problem.message },
    )
    response.redirect(303, back ?? (outcome.ok ? paths.checks(projectOf(request).code) : paths.home))
  }

  function notYours(request: Request, response: Response): Promise<void> {
    const detail = 'Only the owner of a project, and whoever they asked to take it over, can do this.'
    return showError(request, response, 403, { detail })
  }

  async function showAsk(request: Request, response: Response, problem: Problem | null): Promise<void> {
    const project = projectOf(request)
    const { tz } = visitorOf(request).user
    const [members, asked] = await Promise.all([
      store.members.ofProject(project.id),
      store.transfers.ofProject(project.id),
    ])
    const emails = members.map(({ email, role }) => ({ email, role })).toSorted(byEmail)
    const model: TransferPage = {
      ...blank(request),
      text:
        emails.length === 0
          ? ['Invite the new owner first.']
          : [
              'The new owner may do everything, including removing the project. You become a member. Checks, keys and integrations stay as they are.',
            ],
      errors: summaryOf(problem),
      ask:
        emails.length === 0
          ? null
          : {
              action: paths.project(project.code, 'transfer'),
              field: field({
                name: 'email',
                label: 'New owner',
                type: 'select',
                help: 'They are asked first; nothing changes until they accept.',
                error: problem?.fields?.['email'] ?? '',
                options: emails.map(({ email, role }) => ({
                  value: email,
                  label: `${email} (${ROLE_WORDS[role]})`,
                  chosen: email === asked?.email,
                })),
              }),
            },
      pending: asked && {
        email: asked.email,
        since: fixedMoment(asked.createdAt, tz),
        cancelUrl: paths.transferPart(project.code, 'cancel'),
      },
    }
    await show(request, response, model, problem ? STATUS[problem.code] : 200)
  }

  async function showOffer(request: Request, response: Response, load: Load): Promise<void> {
    const project = projectOf(request)
    const owner = await store.users.find(project.ownerId)
    const tooMany = load.used + load.more > load.limit
    const model: TransferPage = {
      ...blank(request),
      heading: `Own ${project.name}?`,
      text: [
        `${owner?.email ?? 'The owner'} asks you to take this project over.`,
        'You may then do everything, including giving it away and removing it; its checks count towards your limit. The owner so far becomes a member. Checks, keys and integrations stay as they are.',
      ],
      offer: {
        acceptUrl: paths.transferPart(project.code, 'accept'),
        rejectUrl: paths.transferPart(project.code, 'reject'),
        whyNot: tooMany ? loadSentence(load) : '',
      },
    }
    await show(request, response, model, 200)
  }

  function blank(request: Request): TransferPage {
    const tabs = projectTabs(projectOf(request), roleOf(request), null, paths)
    return {
      tabs,
      heading: 'Transfer the ownership',
      text: [],
      errors: [],
      ask: null,
      pending: null,
      offer: null,
    }
  }

  function show(request: Request, response: Response, model: TransferPage, status: number): Promise<void> {
    const project = projectOf(request)
    return render(request, response, 'transfer', model, {
      title: model.heading,
      status,
      project,
      section: 'settings',
    })
  }

  return routes
}

const ownersConfirm: RequestHandler = (request, response, next) =>
  roleOf(request) === 'owner' ? needsSudo(request, response, next) : next()

function byEmail(one: { email: string }, other: { email: string }): number {
  return one.email < other.email ? -1 : 1
}
