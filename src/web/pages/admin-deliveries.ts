import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { DAY } from '../../core/time'
import { PAUSED_FACT, pausedIn } from '../../store/sending'
import type { Paused } from '../../store/sending'
import { adminForm, adminPage, adminSection, cell, fact } from '../admin-page'
import type { AdminSection } from '../admin-models'
import { showAdmin } from '../admin-show'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { pathsBelow } from '../paths'
import type { Paths } from '../paths'
import { flash } from '../render'
import { inZone, rootPath } from '../show'
import { needsSudo } from '../sudo'

const MOST_UNFINISHED = 200

/** What is still to be told, and what could not be: X05 of web-ui.md. */
export function adminDeliveryPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { sending } = actions

  routes.get('/admin/deliveries/', administrator, async (request: Request, response: Response) => {
    const { tz } = visitorOf(request).user
    const [rows, held] = await Promise.all([
      store.administration.unfinished(clock() - DAY, MOST_UNFINISHED),
      store.facts.get(PAUSED_FACT),
    ])
    const groups = Map.groupBy(
      rows.filter(({ error }) => error !== ''),
      ({ kind, error }) => `${kind}: ${error}`,
    )
    const failures = [...groups].toSorted((one, other) => other[1].length - one[1].length)
    const form = (id: number, part: 'retry' | 'drop', submit: string) =>
      adminForm({
        action: paths.adminDelivery(id, part),
        submit,
        about: `alert ${id}`,
        hook: `${part}-${id}`,
      })
    const model = adminPage('deliveries', paths, {
      heading: 'Deliveries',
      sections: [
        sendingSection(pausedIn(held), tz, paths),
        adminSection({
          id: 'failures',
          heading: 'What goes wrong',
          table: {
            caption: 'Failures by kind and error',
            columns: ['Kind and error', 'Alerts'],
            rows: failures.map(([text, those], i) => ({
              hook: `failure-${i}`,
              cells: [cell(text), cell(String(those.length))],
              forms: [],
            })),
            empty: 'Nothing just now.',
          },
        }),
        adminSection({
          id: 'outbox',
          heading: 'Alerts that wait, or failed in the last 24 hours',
          text: [`Times in ${tz}. At most ${MOST_UNFINISHED} are shown, the newest first.`],
          table: {
            caption: 'Alerts that are not told',
            columns: ['Check', 'Told by', 'State', 'Since', 'Next try', ''],
            rows: rows.map((row) => ({
              hook: `alert-${row.id}`,
              cells: [
                cell(`${row.check || 'unnamed'} ${row.status}`, null, row.project),
                cell(row.channel || row.kind, null, row.kind),
                cell(stateOf(row.state, row.attempts), null, row.error),
                cell(inZone(row.createdAt, tz)),
                cell(row.dueAt === null ? 'never' : row.dueAt === 0 ? 'now' : inZone(row.dueAt, tz)),
              ],
              forms:
                row.state === 'sending' ? [] : [form(row.id, 'retry', 'Retry'), form(row.id, 'drop', 'Drop')],
            })),
            empty: 'All alerts are told.',
          },
        }),
      ],
    })
    await showAdmin(request, response, model)
  })

  routes.post('/admin/deliveries/:id/retry/', administrator, (request: Request, response: Response) =>
    settle(request, response, sending.retry, 'It is tried again now.'),
  )

  routes.post('/admin/deliveries/:id/drop/', administrator, (request: Request, response: Response) =>
    settle(request, response, sending.drop, 'It is not told to anybody.'),
  )

  routes.post(
    '/admin/deliveries/pause/',
    administrator,
    needsSudo,
    async (request: Request, response: Response) => {
      const done = await sending.pause(actorOf(request))
      const text = done ? 'No alert goes out until you resume.' : 'It was paused already.'
      await flash(request, { tone: 'success', text })
      response.redirect(303, paths.admin('deliveries'))
    },
  )

  routes.post('/admin/deliveries/resume/', administrator, async (request: Request, response: Response) => {
    const done = await sending.resume(actorOf(request))
    const text = done ? 'Alerts go out again, those that waited first.' : 'Nothing was paused.'
    await flash(request, { tone: 'success', text })
    response.redirect(303, paths.admin('deliveries'))
  })

  async function settle(
    request: Request,
    response: Response,
    act: (by: ReturnType<typeof actorOf>, id: number) => Promise<boolean>,
    text: string,
  ): Promise<void> {
    const id = String(request.params['id'])
    const done = /^[1-9]\d{0,14}$/.test(id) && (await act(actorOf(request), Number(id)))
    await flash(
      request,
      done
        ? { tone: 'success', text }
        : { tone: 'error', text: 'It is not there any more, or is being sent just now.' },
    )
    response.redirect(303, paths.admin('deliveries'))
  }

  return routes
}

/** The switch for all alerts at once. */
function sendingSection(paused: Paused | null, tz: string, paths: Paths): AdminSection {
  const form =
    paused === null
      ? adminForm({
          action: paths.adminSending('pause'),
          submit: 'Pause all sending',
          isDanger: true,
          hook: 'pause',
        })
      : adminForm({ action: paths.adminSending('resume'), submit: 'Resume sending', hook: 'resume' })
  return adminSection({
    id: 'sending',
    heading: 'Sending',
    text: [
      'While it is paused, no instance begins to tell an alert. Nothing is lost: what is due waits, and goes out when you resume. Mails that people ask for, such as sign-in links, and reports are sent all the same.',
    ],
    facts: [
      paused === null
        ? fact('Alerts', 'go out', { state: 'ready' })
        : fact('Alerts', `paused since ${inZone(paused.at, tz)}`, {
            state: 'problem',
            note: `by ${paused.by}`,
          }),
    ],
    forms: [form],
  })
}

function stateOf(state: string, attempts: number): string {
  if (state === 'waiting') return attempts === 0 ? 'waiting' : `retrying (${attempts} tries)`
  return state === 'failed' ? 'failed for good' : state
}
