import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { BulkOrder } from '../../actions/bulk'
import { validTiming } from '../../actions/check-input'
import type { Check } from '../../core/check'
import type { Project } from '../../core/project'
import { reaches } from '../../core/role'
import { compareNames } from '../../core/words'
import { inProject, projectOf, visitorOf } from '../auth'
import { backOf } from '../back'
import { boardOf, seenBy } from '../board'
import { BULK_ACTIONS } from '../bulk-actions'
import type { BulkAction } from '../bulk-actions'
import { bulkForm, bulkText } from '../bulk-form'
import { showError } from '../errors'
import { formOf, readDuration } from '../fields'
import type { Form } from '../fields'
import { matching, readFilterText } from '../list-filter'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import { unreadOf } from '../unread'

/** Checks that can be named one by one; more only by the filter that finds them. */
const MOST_NAMED = 1000

/** Checks that a filter may find for it: bounds how long one request works. */
const MOST_MATCHING = 10_000

/** What is done with many checks, asked first: C03 of web-ui.md. */
export function checkBulkPages(app: App): Router {
  const { store, config, actions } = app
  const board = boardOf(app)
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.post(
    '/projects/:project/checks/bulk/',
    inProject('member'),
    async (request: Request, response: Response) => {
      const form = formOf(request.body)
      const action = BULK_ACTIONS.find((each) => each === form['do'])
      if (action === undefined) return await showError(request, response, 400)
      const checks = await chosen(request, form)
      if (checks === null) return await showError(request, response, 404)
      const back = backOf(request) ?? paths.checks(projectOf(request).code)
      if (checks.length === 0) {
        await flash(request, { tone: 'info', text: say('M-CHK-20') })
        return response.redirect(303, back)
      }
      if (form['sure'] !== 'yes') return await ask(request, response, { action, checks, form, wrong: {} })
      const order = await read(request, { action, checks, form })
      if ('wrong' in order) return await ask(request, response, { action, checks, form, wrong: order.wrong })
      const result = await actions.bulk.run(checks, order)
      const tone = result.done > 0 ? 'success' : 'info'
      await flash(request, { tone, text: bulkText(order.do, result) })
      response.redirect(303, back)
    },
  )

  /** The checks that are meant; null when one is not of this project. Those that are gone are not among them. */
  async function chosen(request: Request, form: Form): Promise<Check[] | null> {
    const current = await board.now(projectOf(request).id)
    if (form['matching'] !== undefined) {
      const unread = await unreadOf(store, visitorOf(request).user.id, projectOf(request).id)
      const found = matching(seenBy(unread, current), readFilterText(form['matching']))
      return found.slice(0, MOST_MATCHING).map(({ check }) => check)
    }
    const { check: ticked, ids } = request.body as { check?: unknown; ids?: unknown }
    const named = [ticked, ids].flat().flatMap((each) => (typeof each === 'string' ? each.split(',') : []))
    const codes = [...new Set(named.filter((code) => code !== '').map((code) => code.toLowerCase()))]
    const known = new Map(current.all.map(({ check }) => [check.code, check]))
    const checks: Check[] = []
    for (const code of codes.slice(0, form['sure'] === 'yes' ? MOST_MATCHING : MOST_NAMED)) {
      const check = known.get(code)
      if (check !== undefined) checks.push(check)
      else if ((await store.checks.findByCode(code)) !== null) return null
    }
    return checks
  }

  async function ask(
    request: Request,
    response: Response,
    about: { action: BulkAction; checks: Check[]; form: Form; wrong: Record<string, string> },
  ): Promise<void> {
    const project = projectOf(request)
    const model = bulkForm({
      ...about,
      channels: about.action === 'channel' ? await store.channels.ofProject(project.id) : [],
      targets: about.action === 'transfer' ? await targetsOf(request) : [],
      url: paths.bulk(project.code),
      back: backOf(request) ?? paths.checks(project.code),
      project: { name: project.name, url: paths.checks(project.code) },
    })
    const isWrong = Object.keys(about.wrong).length > 0
    await render(request, response, 'form', model, {
      title: model.heading,
      status: isWrong ? 422 : 200,
      project,
      section: 'checks',
    })
  }

  /** What is to be done, or what is wrong with it, by field. */
  async function read(
    request: Request,
    { action, checks, form }: { action: BulkAction; checks: Check[]; form: Form },
  ): Promise<BulkOrder | { wrong: Record<string, string> }> {
    switch (action) {
      case 'pause':
      case 'resume':
        return { do: action }
      case 'add_tag':
      case 'remove_tag': {
        const tag = (form['tag'] ?? '').trim()
        if (tag === '') return { wrong: { tag: say('M-FORM-2') } }
        const isWord = /^[^\s\p{Cc}]{1,100}$/u.test(tag)
        return isWord ? { do: action, tag } : { wrong: { tag: 'One word of at most 100 characters.' } }
      }
      case 'channel': {
        const channels = await store.channels.ofProject(projectOf(request).id)
        const channel = channels.find(({ code }) => code === form['channel'])
        if (channel === undefined) return { wrong: { channel: say('M-FORM-4') } }
        return { do: action, channel, on: form['state'] !== 'off' }
      }
      case 'grace': {
        const graceMs = readDuration(form, 'grace')
        const valid = validTiming({ schedule: { kind: 'period', periodMs: 3_600_000 }, graceMs })
        return valid.ok ? { do: action, graceMs } : { wrong: { grace: say('M-FORM-6') } }
      }
      case 'transfer': {
        const to = (await targetsOf(request)).find(({ code }) => code === form['to'])
        return to === undefined ? { wrong: { to: say('M-FORM-4') } } : { do: action, to }
      }
      case 'remove': {
        const number = String(checks.length)
        const isTyped = (form['typed'] ?? '').trim() === number
        return isTyped ? { do: action } : { wrong: { typed: say('M-FORM-7', { name: number }) } }
      }
    }
  }

  /** Other projects in which the person may change checks. */
  async function targetsOf(request: Request): Promise<Project[]> {
    const { user } = visitorOf(request)
    const open: Project[] = []
    for (const project of await store.projects.ofUser(user.id)) {
      const role = await store.members.roleIn(project.id, user.id)
      if (project.id !== projectOf(request).id && role !== null && reaches(role, 'member')) open.push(project)
    }
    return open.toSorted((one, other) => compareNames(one.name, other.name))
  }

  return routes
}
