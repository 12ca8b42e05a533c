import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { AUDIT_ACTIONS } from '../../store/audit'
import type { AuditAction } from '../../store/audit'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { adminForm, adminPage, adminSection, cell, fact } from '../admin-page'
import type { AdminPage } from '../admin-models'
import { healthPage } from '../admin-health'
import { contextOf } from '../context'
import { field, formOf } from '../fields'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { render } from '../render'
import { inZone, rootPath } from '../show'

const ENTRIES = 100

/** How the instance is, its settings, and who did what: X01, X08, X09 of web-ui.md. */
export function adminPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/admin/', administrator, async (request: Request, response: Response) => {
    const nowAt = clock()
    const [figures, sizeBytes, purges] = await Promise.all([
      store.figures.of(nowAt),
      store.administration.sizeBytes(),
      store.purges.waiting(),
    ])
    const model = healthPage({
      app,
      figures,
      sizeBytes,
      purges,
      tz: visitorOf(request).user.tz,
      nowAt,
      paths,
    })
    await show(request, response, model)
  })

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

  routes.get('/admin/audit/', administrator, async (request: Request, response: Response) => {
    const { tz } = visitorOf(request).user
    const search = valueOf(request, 'search')
    const chosen = AUDIT_ACTIONS.find((each) => each === valueOf(request, 'action'))
    const before = numberOf(request, 'before', 0, Number.MAX_SAFE_INTEGER)
    const filter: { search: string; action?: AuditAction; beforeId?: number } = { search }
    if (chosen) filter.action = chosen
    if (before > 0) filter.beforeId = before
    const entries = await store.audit.list(filter, ENTRIES)
    const last = entries.length === ENTRIES ? entries.at(-1) : undefined
    const query = new URLSearchParams({
      ...(search ? { search } : {}),
      ...(chosen ? { action: chosen } : {}),
    })
    if (last) query.set('before', String(last.id))
    await show(
      request,
      response,
      adminPage('audit', paths, {
        heading: 'Audit log',
        search: {
          action: paths.admin('audit'),
          value: search,
          label: 'Person or object',
          choices: [
            { text: 'All', url: paths.admin('audit'), current: !chosen },
            ...AUDIT_ACTIONS.map((action) => ({
              text: wordsOf(action),
              url: `${paths.admin('audit')}?action=${action}`,
              current: action === chosen,
            })),
          ],
        },
        sections: [
          adminSection({
            id: 'entries',
            heading: 'Who did what',
            text: [`Times in ${tz}. Entries are kept for 400 days.`],
            table: {
              caption: 'Who did what, the newest first',
              columns: ['When', 'Who', 'What', 'To what', 'Detail'],
              rows: entries.map(({ id, at, actor, address, action, object, detail }) => ({
                hook: `entry-${id}`,
                cells: [
                  cell(inZone(at, tz)),
                  cell(actor, null, address ?? ''),
                  cell(wordsOf(action)),
                  cell(object),
                  cell(detail),
                ],
                forms: [],
              })),
              empty: 'Nothing was written down so far.',
            },
          }),
        ],
        olderUrl: last ? `${paths.admin('audit')}?${query.toString()}` : null,
      }),
    )
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
    await show(request, response, model)
  }

  return routes
}

/** Pages of the administration are kept nowhere. */
export async function show(
  request: Request,
  response: Response,
  model: AdminPage,
  status = 200,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store')
  await render(request, response, 'admin', model, { title: model.heading, status })
}

/** 'role-changed' as people say it. */
function wordsOf(action: AuditAction): string {
  return action.replaceAll('-', ' ')
}
