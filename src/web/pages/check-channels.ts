import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { reaches } from '../../core/role'
import { integrationOf } from '../../integrations/registry'
import { checkOf, inProject, onCheck, projectOf, roleOf } from '../auth'
import { backOf, withBack } from '../back'
import { targetOf, titleOf } from '../channel-names'
import { iconOf, problemOf } from '../channel-looks'
import { showError } from '../errors'
import { formOf } from '../fields'
import { isFragment } from '../fragments'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { nameOf, rootPath } from '../show'
import { say } from '../strings'

/** Who is told of a check, C18 of web-ui.md, and how the project shows ping addresses. */
export function checkChannelPages(app: App): Router {
  const { store, config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get(
    '/checks/:check/channels/',
    onCheck('read-only'),
    async (request: Request, response: Response) => {
      const check = checkOf(request)
      const project = projectOf(request)
      const [channels, switches] = await Promise.all([
        store.channels.ofProject(project.id),
        store.switches.ofChecks([check.id]),
      ])
      const on = switches.get(check.id)
      const canEdit = reaches(roleOf(request), 'member')
      const model = {
        trail: [
          { text: project.name, url: paths.checks(project.code) },
          { text: nameOf(check), url: paths.check(check.code) },
        ],
        heading: `Who is told of ${nameOf(check)}`,
        action: withBack(paths.checkPart(check.code, 'channels'), backOf(request)),
        canEdit,
        channels: channels.map((channel) => ({
          code: channel.code,
          name: titleOf(channel),
          icon: iconOf(channel.kind),
          kindLabel: integrationOf(channel.kind)?.label ?? channel.kind,
          target: channel.name === '' ? '' : targetOf(channel),
          on: on?.has(channel.id) ?? false,
          problem: problemOf(channel) ?? '',
          url: paths.switchChannel(check.code, channel.code),
        })),
        manageUrl: paths.channels(project.code),
        addUrl: canEdit ? paths.addChannel(project.code) : null,
        cancelUrl: backOf(request) ?? paths.check(check.code),
      }
      const title = `Integrations – ${nameOf(check)}`
      await render(request, response, 'check-channels', model, { title, project, section: 'checks' })
    },
  )

  routes.post('/checks/:check/channels/', onCheck('member'), async (request: Request, response: Response) => {
    const body = request.body as Record<string, unknown>
    const codes = [body['channel']].flat().filter((code) => typeof code === 'string')
    const done = await actions.switches.setAll(checkOf(request), codes)
    if (!done.ok) return showError(request, response, 404)
    await flash(request, { tone: 'success', text: say('M-CHK-2') })
    response.redirect(303, backOf(request) ?? paths.check(checkOf(request).code))
  })

  routes.post(
    '/checks/:check/channels/:channel_code/enabled',
    onCheck('member'),
    async (request: Request, response: Response) => {
      const state = formOf(request.body)['state']
      const code = String(request.params['channel_code']).toLowerCase()
      if (state !== 'on' && state !== 'off') return showError(request, response, 400)
      const done = await actions.switches.set(checkOf(request), code, state === 'on')
      if (!done.ok) return showError(request, response, 404)
      // A script shows it itself; it must not take the message that waits for a page.
      if (isFragment(request)) {
        response.status(204).end()
        return
      }
      await flash(request, { tone: 'success', text: say('M-CHK-2') })
      response.redirect(303, backOf(request) ?? paths.check(checkOf(request).code))
    },
  )

  routes.post(
    '/projects/:project/address_style/',
    inProject('member'),
    async (request: Request, response: Response) => {
      const project = projectOf(request)
      const style = formOf(request.body)['style']
      if (style !== 'uuid' && style !== 'slug') return showError(request, response, 400)
      await actions.switches.showAddressesBy(project, style)
      response.redirect(303, backOf(request) ?? paths.checks(project.code))
    },
  )

  return routes
}
