import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { adminForm, adminPage, adminSection, cell, fact } from '../admin-page'
import { showAdmin } from '../admin-show'
import { contextOf } from '../context'
import { field, formOf } from '../fields'
import { pathsBelow } from '../paths'
import { rootPath } from '../show'

/** The settings, and whether they fit: X08 of web-ui.md. */
export function adminConfigPages(app: App): Router {
  const { config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/admin/config/', administrator, (request: Request, response: Response) =>
    showConfig(request, response, null),
  )

  routes.post('/admin/config/test_mail/', administrator, async (request: Request, response: Response) => {
    const to = (formOf(request.body)['to'] ?? '').trim() || visitorOf(request).user.email
    const { delivery, lines } = await actions.administration.testMail(actorOf(request), to)
    const result = delivery.ok
      ? `The relay has taken the mail to ${to}.`
      : `The mail to ${to} was not sent: ${delivery.reason}.`
    await showConfig(request, response, { to, result, isGood: delivery.ok, lines })
  })

  async function showConfig(
    request: Request,
    response: Response,
    tested: { to: string; result: string; isGood: boolean; lines: string[] } | null,
  ): Promise<void> {
    const { peer, visitor } = contextOf(request)
    const used = `${peer.scheme}://${request.get('host') ?? ''}`
    const isSame = used === new URL(config.siteRoot).origin
    const model = adminPage('config', paths, {
      heading: 'Configuration',
      sections: [
        adminSection({
          id: 'mail',
          heading: 'Outgoing mail',
          text:
            config.mail === null
              ? ['No mail server is configured: set EMAIL_HOST.']
              : ['A mail is sent at once, and all that is said with the relay is shown.'],
          facts: tested ? [fact('Test', tested.result, { state: tested.isGood ? 'ready' : 'problem' })] : [],
          lines: tested?.lines ?? [],
          forms:
            config.mail === null
              ? []
              : [
                  adminForm({
                    action: paths.testMail,
                    fields: [
                      field({
                        name: 'to',
                        label: 'To',
                        type: 'email',
                        value: tested?.to ?? visitor?.user.email ?? '',
                        maxLength: 254,
                      }),
                    ],
                    submit: 'Send a test mail',
                    hook: 'test-mail',
                  }),
                ],
        }),
        adminSection({
          id: 'address',
          heading: 'Address',
          facts: [
            fact('Your browser used', used, {
              state: isSame ? 'ready' : 'waiting',
              note: isSame ? '' : 'Set SITE_ROOT to the address in use, or open the page there.',
            }),
            fact('SITE_ROOT', config.siteRoot, { note: config.siteRootGiven ? '' : 'the default' }),
            fact('Your address as the server sees it', peer.address ?? 'unknown', {
              note: 'Behind a proxy this must be yours, not that of the proxy: set TRUSTED_PROXIES.',
            }),
          ],
        }),
        adminSection({
          id: 'settings',
          heading: 'Settings',
          text: ['They are read once, at start. Secrets are not shown.'],
          table: {
            caption: 'Settings, their values and where those come from',
            columns: ['Setting', 'Value', 'From'],
            rows: app.settings.map(({ name, value, source }) => ({
              hook: `setting-${name}`,
              cells: [cell(name), cell(value), cell(source)],
              forms: [],
            })),
            empty: 'They are not known here.',
          },
        }),
      ],
    })
    await showAdmin(request, response, model)
  }

  return routes
}
