import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { copyNames } from '../../core/check-copy'
import type { Problem } from '../../core/problem'
import type { Project } from '../../core/project'
import { reaches } from '../../core/role'
import { compareNames, count } from '../../core/words'
import { frameOfCheck, trailToCheck } from '../about-check'
import { STATUS } from '../answer'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { nameOf, rootPath } from '../show'
import { say } from '../strings'
import type { ConfirmPage } from '../view-models'

/** Copying, moving and emptying a check: C14, C15 and C16 of web-ui.md. */
export function checkMovePages(app: App): Router {
  const { config, store, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onCheck('member')

  routes.get('/checks/:check/copy/', own, async (request: Request, response: Response) => {
    const owner = await store.users.find(projectOf(request).ownerId)
    const most = owner?.checkLimit ?? 0
    const isFull = owner !== null && (await store.checks.countOfOwner(owner.id)) >= most
    await askCopy(request, response, isFull ? say('M-CHK-12', { x: most }) : '')
  })

  routes.post('/checks/:check/copy/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    const copied = await actions.checkMoves.copy(check, projectOf(request))
    if (!copied.ok) return await askCopy(request, response, copied.problem.message, 422)
    await flash(request, {
      tone: 'success',
      text: `${say('M-CHK-7')} It was made from ${nameOf(check)}; change its name next.`,
    })
    response.redirect(303, `${paths.check(copied.value.code)}?copied=1`)
  })

  routes.get('/checks/:check/transfer/', own, async (request: Request, response: Response) => {
    await askTransfer(request, response, '', null)
  })

  routes.post('/checks/:check/transfer/', own, async (request: Request, response: Response) => {
    const { project: wanted = '' } = formOf(request.body)
    const to = await reachable(request, wanted)
    if (to === null) return await showError(request, response, 404)
    if (to === 'read only') {
      const detail = `This takes the role Member or more in the other project, too.`
      return await showError(request, response, 403, { detail })
    }
    if (to.id === projectOf(request).id) {
      const problem = { code: 'invalid' as const, message: 'It is in this project already.' }
      return await askTransfer(request, response, wanted, problem)
    }
    const moved = await actions.checkMoves.transfer(checkOf(request), to)
    if (!moved.ok) return await askTransfer(request, response, wanted, moved.problem)
    await flash(request, { tone: 'success', text: say('M-CHK-8', { project: to.name }) })
    response.redirect(303, paths.check(moved.value.code))
  })

  routes.get('/checks/:check/clear_events/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    const oldest = await store.pings.oldest(check.id)
    const stored = oldest === null ? 0 : check.pingCount - oldest.n + 1
    await confirm(request, response, {
      heading: `Clear the events of ${nameOf(check)}?`,
      text: [
        `Deletes all ${count(stored, 'stored ping')}, bodies, alerts and status changes; its status becomes New. Address and schedule stay.`,
        'Serial numbers of pings continue.',
      ],
      action: paths.checkPart(check.code, 'clear_events'),
      submit: 'Clear events',
      isDanger: true,
    })
  })

  routes.post('/checks/:check/clear_events/', own, async (request: Request, response: Response) => {
    const check = checkOf(request)
    const done = await actions.checkMoves.clear(check)
    if (!done.ok) return await showError(request, response, 404)
    await flash(request, { tone: 'success', text: say('M-CHK-9') })
    response.redirect(303, paths.check(check.code))
  })

  async function askCopy(request: Request, response: Response, whyNot: string, status = 200): Promise<void> {
    const check = checkOf(request)
    const { name, slug } = copyNames(check)
    const called = name === '' ? 'It will have no name' : `Its name will be “${name}”`
    await confirm(
      request,
      response,
      {
        heading: `Copy ${nameOf(check)}?`,
        text:
          whyNot === ''
            ? [
                `${called}, its slug ${slug === '' ? 'will be empty' : `“${slug}”`}.`,
                'Copied are tags, description, schedule, filtering rules and which integrations are on. The ping address and the events are not: the copy has its own.',
              ]
            : [whyNot, 'Remove a check that is not needed any more, or ask the owner of the project.'],
        action: paths.checkPart(check.code, 'copy'),
        submit: whyNot === '' ? 'Create a copy' : '',
      },
      status,
    )
  }

  async function askTransfer(
    request: Request,
    response: Response,
    wanted: string,
    problem: Problem | null,
  ): Promise<void> {
    const check = checkOf(request)
    const { open, full } = await targetsOf(request)
    const model = {
      trail: trailToCheck(request, paths),
      heading: `Transfer ${nameOf(check)}`,
      intro: 'Its log and history move along. The ping URL stays; addresses by ping key and slug change.',
      action: paths.checkPart(check.code, 'transfer'),
      hidden: [],
      groups: [
        {
          legend: '',
          fields: [
            field({
              name: 'project',
              label: 'To the project',
              type: 'select',
              isFirst: true,
              error: problem?.message ?? '',
              options: open.map(({ code, name }) => ({ value: code, label: name, chosen: code === wanted })),
            }),
          ],
        },
      ],
      errors: summaryOf(problem).map(({ text }) => ({ field: 'project', text })),
      submit: 'Transfer',
      cancelUrl: paths.check(check.code),
      notes: [
        'Its integration switches are reset: every integration of the target project is switched on; those of this project are gone.',
        ...(open.length === 0 ? ['There is no other project in which you may add checks.'] : []),
        ...full.map(({ name }) => `${name} (full) has as many checks as its owner may have.`),
      ],
      placeholders: [],
    }
    const status = problem === null ? 200 : STATUS[problem.code] === 404 ? 404 : 422
    await render(request, response, 'form', model, frameOfCheck(request, 'Transfer', { status }))
  }

  /** Where the visitor may put checks, besides here; and where there is no room. */
  async function targetsOf(request: Request): Promise<{ open: Project[]; full: Project[] }> {
    const { user } = visitorOf(request)
    const own = projectOf(request)
    const open: Project[] = []
    const full: Project[] = []
    for (const project of await store.projects.ofUser(user.id)) {
      if (project.id === own.id) continue
      const role = await store.members.roleIn(project.id, user.id)
      if (role === null || !reaches(role, 'member')) continue
      const owner = await store.users.find(project.ownerId)
      const used = await store.checks.countOfOwner(project.ownerId)
      const hasRoom = project.ownerId === own.ownerId || used < (owner?.checkLimit ?? 0)
      if (hasRoom) open.push(project)
      else full.push(project)
    }
    const byName = (one: Project, other: Project): number => compareNames(one.name, other.name)
    return { open: open.toSorted(byName), full: full.toSorted(byName) }
  }

  /** A project that the visitor has to do with; others are not there. */
  async function reachable(request: Request, code: string): Promise<Project | 'read only' | null> {
    const { user } = visitorOf(request)
    const project = await store.projects.findByCode(code.toLowerCase())
    if (project === null) return null
    const role = user.isAdmin ? 'manager' : await store.members.roleIn(project.id, user.id)
    if (role === null) return null
    return reaches(role, 'member') ? project : 'read only'
  }

  async function confirm(
    request: Request,
    response: Response,
    about: Pick<ConfirmPage, 'heading' | 'text' | 'action' | 'submit'> & Partial<ConfirmPage>,
    status = 200,
  ): Promise<void> {
    const trail = trailToCheck(request, paths)
    const cancelUrl = paths.check(checkOf(request).code)
    const model = { trail, cancelUrl, isDanger: false, typed: null, ...about }
    await render(request, response, 'confirm', model, frameOfCheck(request, about.heading, { status }))
  }

  return routes
}
