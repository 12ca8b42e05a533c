import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { BulkOrder } from '../../actions/bulk'
import { validTiming } from '../../actions/check-input'
import type { Channel } from '../../core/channel'
import type { Check } from '../../core/check'
import type { Project } from '../../core/project'
import { ROLE_WORDS } from '../../core/role'
import { compareNames, count } from '../../core/words'
import { inProject, projectOf, signedIn, visitorOf } from '../auth'
import { backOf } from '../back'
import { boardOf } from '../board'
import { BULK_ACTIONS } from '../bulk-actions'
import type { BulkAction } from '../bulk-actions'
import { bulkForm, bulkText } from '../bulk-form'
import { listPlace } from '../list-source'
import { showError } from '../errors'
import { formOf, readDuration } from '../fields'
import type { Form } from '../fields'
import { matching, readFilterText } from '../list-filter'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rightsOf } from '../rights'
import { rootPath } from '../show'
import { seen } from '../show-list'
import type { ListOf } from '../show-list'
import { say } from '../strings'
import { unreadOf } from '../unread'

/** Checks that can be named one by one; more only by the filter that finds them. */
const MOST_NAMED = 1000

/** Checks that a filter may find for it: bounds how long one request works. */
const MOST_MATCHING = 10_000

/** With more, it is not waited for: a page says how far it is. */
const MOST_AT_ONCE = 500

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
      const project = projectOf(request)
      const rights = [{ project, canEdit: true }]
      await take(request, response, { project, rights, current: await board.now(project.id) })
    },
  )

  routes.post('/checks/bulk/', signedIn, async (request: Request, response: Response) => {
    const rights = rightsOf(await store.projects.withRoles(visitorOf(request).user.id))
    const current = await board.nowOf(rights.map(({ project }) => project.id))
    await take(request, response, { project: null, rights, current })
  })

  async function take(request: Request, response: Response, list: ListOf): Promise<void> {
    const form = formOf(request.body)
    const action = BULK_ACTIONS.find((each) => each === form['do'])
    if (action === undefined) return await showError(request, response, 400)
    const checks = await chosen(request, list, form)
    if (checks === null) return await showError(request, response, 404)
    if (checks === 'forbidden') {
      const detail = `Some of these checks are in projects where this takes the role ${ROLE_WORDS.member} or more.`
      return await showError(request, response, 403, { detail })
    }
    const back = backOf(request) ?? listPlace(list.project, paths).url
    const refuse = async (text: string): Promise<void> => {
      await flash(request, { tone: 'info', text })
      response.redirect(303, back)
    }
    if (checks.length === 0) return await refuse(say('M-CHK-20'))
    const order = { list, action, checks, form }
    if (action === 'read') {
      await store.reads.markSome(
        visitorOf(request).user.id,
        checks.map(({ id }) => id),
      )
      const n = count(checks.length, 'check')
      await flash(request, { tone: 'success', text: say('M-CHK-23', { n }) })
      return response.redirect(303, back)
    }
    if (action === 'channel') {
      if (projectsOf(checks).length > 1) return await refuse(say('M-CHK-21'))
      if ((await channelsOf(checks)).length === 0) return await refuse(say('M-CHK-22'))
    }
    if (form['sure'] !== 'yes') return await ask(request, response, { ...order, action, wrong: {} })
    const ordered = await read(request, { ...order, action })
    if ('wrong' in ordered) return await ask(request, response, { ...order, action, wrong: ordered.wrong })
    if (checks.length > MOST_AT_ONCE) {
      const ids = checks.map(({ id }) => id)
      const job = await actions.bulkJobs.start({ userId: visitorOf(request).user.id, back }, ids, ordered)
      return response.redirect(303, paths.bulkJob(job))
    }
    const result = await actions.bulk.run(checks, ordered)
    const tone = result.done > 0 ? 'success' : 'info'
    await flash(request, { tone, text: bulkText(ordered.do, result) })
    response.redirect(303, back)
  }

  /**
   * The checks that are meant; null when one of those that were named is not there for this person. Those that are
   * gone are not among them.
   */
  async function chosen(request: Request, list: ListOf, form: Form): Promise<Check[] | 'forbidden' | null> {
    const { project, rights, current } = list
    const open = new Set(rights.filter(({ canEdit }) => canEdit).map((right) => right.project.id))
    if (form['matching'] !== undefined) {
      const { id } = visitorOf(request).user
      const unread = await (project === null
        ? store.reads.unreadAnywhere(id)
        : unreadOf(store, id, project.id))
      return matching(seen(list, unread), readFilterText(form['matching']))
        .map(({ check }) => check)
        .filter(({ projectId }) => open.has(projectId))
        .slice(0, MOST_MATCHING)
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
    return checks.every(({ projectId }) => open.has(projectId)) ? checks : 'forbidden'
  }

  async function ask(
    request: Request,
    response: Response,
    about: {
      list: ListOf
      action: Exclude<BulkAction, 'read'>
      checks: Check[]
      form: Form
      wrong: Record<string, string>
    },
  ): Promise<void> {
    const { list, checks, wrong } = about
    const { heading, url, bulkUrl } = listPlace(list.project, paths)
    const model = bulkForm({
      ...about,
      channels: about.action === 'channel' ? await channelsOf(checks) : [],
      targets: about.action === 'transfer' ? await targetsOf(request, checks) : [],
      url: bulkUrl,
      back: backOf(request) ?? url,
      project: { name: heading, url },
    })
    const isWrong = Object.keys(wrong).length > 0
    await render(request, response, 'form', model, {
      title: model.heading,
      status: isWrong ? 422 : 200,
      ...(list.project && { project: list.project, section: 'checks' }),
    })
  }

  /** What is to be done, or what is wrong with it, by field. */
  async function read(
    request: Request,
    { action, checks, form }: { action: Exclude<BulkAction, 'read'>; checks: Check[]; form: Form },
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
        const channel = (await channelsOf(checks)).find(({ code }) => code === form['channel'])
        if (channel === undefined) return { wrong: { channel: say('M-FORM-4') } }
        return { do: action, channel, on: form['state'] !== 'off' }
      }
      case 'grace': {
        const graceMs = readDuration(form, 'grace')
        const valid = validTiming({ schedule: { kind: 'period', periodMs: 3_600_000 }, graceMs })
        return valid.ok ? { do: action, graceMs } : { wrong: { grace: say('M-FORM-6') } }
      }
      case 'transfer': {
        const to = (await targetsOf(request, checks)).find(({ code }) => code === form['to'])
        return to === undefined ? { wrong: { to: say('M-FORM-4') } } : { do: action, to }
      }
      case 'remove': {
        const number = String(checks.length)
        const isTyped = (form['typed'] ?? '').trim() === number
        return isTyped ? { do: action } : { wrong: { typed: say('M-FORM-7', { name: number }) } }
      }
    }
  }

  /** The integrations of the project that all of these checks are in. */
  function channelsOf(checks: readonly Check[]): Promise<Channel[]> {
    return store.channels.ofProject(checks[0]?.projectId ?? 0)
  }

  /** Projects in which the person may change checks, other than the one where all of these are. */
  async function targetsOf(request: Request, checks: readonly Check[]): Promise<Project[]> {
    const from = projectsOf(checks)
    return rightsOf(await store.projects.withRoles(visitorOf(request).user.id))
      .filter(({ canEdit, project }) => canEdit && (from.length > 1 || project.id !== from[0]))
      .map(({ project }) => project)
      .sort((one, other) => compareNames(one.name, other.name))
  }

  return routes
}

/** The ids of their projects. */
function projectsOf(checks: readonly Check[]): number[] {
  return [...new Set(checks.map(({ projectId }) => projectId))]
}
