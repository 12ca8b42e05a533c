import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import { repeatForm } from '../../actions/repeat-form'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import type { Integration } from '../../integrations/integration'
import { integrationAt, integrationOf, integrations } from '../../integrations/registry'
import { reaches } from '../../core/role'
import { channelOf, inProject, onChannel, projectOf, roleOf, visitorOf } from '../auth'
import { channelForm, initialForm } from '../channel-forms'
import { channelsPage } from '../channel-list'
import { targetOf, titleOf } from '../channel-names'
import { iconOf } from '../channel-looks'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { countsOf } from '../frame'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import type { FormPage } from '../view-models'
import type { Frame } from '../views'

type Tried = (FormPage['tried'] & {}) | null

/** The places to be told of a project: I01, I02, I03 and I06 of web-ui.md. */
export function channelPages(app: App): Router {
  const { store, config, clock, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onChannel('member')

  routes.get(
    '/projects/:project/integrations/',
    inProject('read-only'),
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      const [channels, checks] = await Promise.all([
        store.channels.ofProject(project.id),
        store.checks.ofProject(project.id),
      ])
      const rows = await Promise.all(
        channels.map(async (channel) => {
          const [ids, queue] = await Promise.all([
            store.channels.checkIds(channel.id),
            store.notifications.waitingOfChannel(channel.id),
          ])
          return {
            channel,
            kindLabel: integrationOf(channel.kind)?.label ?? channel.kind,
            target: targetOf(channel),
            checks: ids.length,
            waiting: queue.waiting,
          }
        }),
      )
      const { tz } = visitorOf(request).user
      const model = channelsPage({
        project,
        channels: rows,
        checks: checks.length,
        tz,
        paths,
        mayChange: reaches(roleOf(request), 'member'),
      })
      const counts = countsOf(checks, clock())
      await render(request, response, 'channels', model, { ...frameOf(request, 'Integrations'), counts })
    },
  )

  routes.get(
    '/projects/:project/integrations/add/',
    inProject('member'),
    async (request: Request, response: Response) => {
      const { code } = projectOf(request)
      const kinds = integrations.map((each) => {
        const enabled = each.enabled(config)
        return {
          kind: each.kind,
          label: each.label,
          icon: iconOf(each.kind),
          text: each.blurb,
          url: enabled === true ? paths.addKind(code, each.path) : null,
          why: enabled === true ? '' : enabled,
        }
      })
      // Not told of anything, it asks: so there is no channel for it, but people look for it here.
      kinds.push({
        kind: 'prometheus',
        label: 'Prometheus',
        icon: iconOf('prometheus'),
        text: 'Reads how the checks are, as often as it likes.',
        url: paths.prometheus(code),
        why: '',
      })
      const trail = [{ text: 'Integrations', url: paths.channels(code) }]
      await render(
        request,
        response,
        'channel-kinds',
        { trail, kinds },
        frameOf(request, 'Add an integration'),
      )
    },
  )

  routes.get(
    '/projects/:project/add_:kind/',
    inProject('member'),
    async (request: Request, response: Response, next: NextFunction) => {
      const kind = available(request)
      if (kind === null) return next()
      await askNew(request, response, kind, initialForm(kind), null)
    },
  )

  routes.post(
    '/projects/:project/add_:kind/',
    inProject('member'),
    async (request: Request, response: Response, next: NextFunction) => {
      const kind = available(request)
      if (kind === null) return next()
      const form = formOf(request.body)
      const project = projectOf(request)
      if (form['do'] === 'try')
        return await askNew(request, response, kind, form, ...(await tried(request, kind, form)))
      const added = await actions.channels.add(project, visitorOf(request).user, kind.kind, form)
      if (!added.ok) return await askNew(request, response, kind, form, added.problem)
      if (form['for'] === 'none') await actions.channels.assign(added.value, [])
      const ids = await store.channels.checkIds(added.value.id)
      const text = added.value.verified
        ? say('M-INT-1', { kind: kind.label, k: ids.length })
        : say('M-INT-6', { address: targetOf(added.value) })
      await flash(request, { tone: 'success', text })
      const onwards =
        form['for'] === 'choose'
          ? paths.channelPart(added.value.code, 'checks')
          : paths.channels(project.code)
      response.redirect(303, onwards)
    },
  )

  routes.get(
    '/integrations/:channel/edit/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const channel = channelOf(request)
      const kind = integrationOf(channel.kind)
      if (kind === null) return next()
      const form = { ...kind.toForm(channel.value), ...repeatForm(channel.repeatMs), name: channel.name }
      await askEdit(request, response, kind, form, null)
    },
  )

  routes.post(
    '/integrations/:channel/edit/',
    own,
    async (request: Request, response: Response, next: NextFunction) => {
      const channel = channelOf(request)
      const kind = integrationOf(channel.kind)
      if (kind === null) return next()
      const form = formOf(request.body)
      if (form['do'] === 'try')
        return await askEdit(request, response, kind, form, ...(await tried(request, kind, form)))
      const edited = await actions.channels.edit(channel, visitorOf(request).user, form)
      if (!edited.ok) return await askEdit(request, response, kind, form, edited.problem)
      const text = edited.value.verified
        ? say('M-INT-2')
        : say('M-INT-6', { address: targetOf(edited.value) })
      await flash(request, { tone: 'success', text })
      response.redirect(303, paths.channels(projectOf(request).code))
    },
  )

  routes.post('/integrations/:channel/test/', own, async (request: Request, response: Response) => {
    const channel = channelOf(request)
    const project = projectOf(request)
    const told = await actions.channels.test(channel, project, visitorOf(request).user)
    await flash(
      request,
      told.ok
        ? {
            tone: 'success',
            text: say(channel.disabled ? 'M-INT-7' : 'M-INT-3', { name: titleOf(channel) }),
          }
        : { tone: 'error', text: say('M-INT-4', { error: told.reason }) },
    )
    response.redirect(303, paths.channels(project.code))
  })

  routes.get('/integrations/:channel/remove/', own, async (request: Request, response: Response) => {
    const channel = channelOf(request)
    const { code } = projectOf(request)
    const [ids, others] = await Promise.all([
      store.channels.checkIds(channel.id),
      store.channels.ofProject(channel.projectId),
    ])
    const isLast = others.length === 1
    const model = {
      trail: [{ text: 'Integrations', url: paths.channels(code) }],
      heading: `Remove ${titleOf(channel)}?`,
      text: [
        ids.length === 1
          ? 'One check will no longer alert it.'
          : `${ids.length} checks will no longer alert it.`,
        ...(isLast ? ['It is the only integration of this project: after that nobody is told.'] : []),
      ],
      action: paths.channelPart(channel.code, 'remove'),
      submit: 'Remove integration',
      isDanger: true,
      cancelUrl: paths.channels(code),
      typed: null,
    }
    await render(request, response, 'confirm', model, frameOf(request, 'Remove integration'))
  })

  routes.post('/integrations/:channel/remove/', own, async (request: Request, response: Response) => {
    const channel = channelOf(request)
    await actions.channels.remove(channel)
    await flash(request, { tone: 'success', text: say('M-INT-5', { name: titleOf(channel) }) })
    response.redirect(303, paths.channels(projectOf(request).code))
  })

  function available(request: Request): Integration | null {
    const kind = integrationAt(String(request.params['kind']))
    return kind !== null && kind.enabled(config) === true ? kind : null
  }

  /** What became of telling what the form says: web-ui.md I03, "Send a test first". */
  async function tried(request: Request, kind: Integration, form: Form): Promise<[Problem | null, Tried]> {
    const { user } = visitorOf(request)
    const told = await actions.channels.tryOut(projectOf(request), user, kind.kind, form)
    if (!told.ok) return [told.problem, null]
    return told.value.ok
      ? [null, { tone: 'success', text: 'The test arrived. Save to keep the integration.' }]
      : [null, { tone: 'error', text: say('M-INT-4', { error: told.value.reason }) }]
  }

  async function askNew(
    request: Request,
    response: Response,
    kind: Integration,
    form: Form,
    problem: Problem | null,
    outcome: Tried = null,
  ): Promise<void> {
    const { code } = projectOf(request)
    const model = channelForm({
      kind,
      trail: [
        { text: 'Integrations', url: paths.channels(code) },
        { text: 'Add', url: paths.addChannel(code) },
      ],
      action: paths.addKind(code, kind.path),
      cancelUrl: paths.channels(code),
      heading: `Add ${kind.label}`,
      submit: 'Add integration',
      form,
      problem,
      tried: outcome,
      isNew: true,
    })
    await render(request, response, 'form', model, frameOf(request, model.heading, problem))
  }

  async function askEdit(
    request: Request,
    response: Response,
    kind: Integration,
    form: Form,
    problem: Problem | null,
    outcome: Tried = null,
  ): Promise<void> {
    const { code } = projectOf(request)
    const model = channelForm({
      kind,
      trail: [{ text: 'Integrations', url: paths.channels(code) }],
      action: paths.channelPart(channelOf(request).code, 'edit'),
      cancelUrl: paths.channels(code),
      heading: `Edit ${kind.label}`,
      submit: 'Save',
      form,
      problem,
      tried: outcome,
      isNew: false,
    })
    await render(request, response, 'form', model, frameOf(request, model.heading, problem))
  }

  return routes
}

function frameOf(request: Request, title: string, problem: Problem | null = null): Frame {
  const status = problem === null ? 200 : 422
  return { title, status, project: projectOf(request), section: 'integrations' }
}
