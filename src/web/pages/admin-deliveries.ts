import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { DAY } from '../../core/time'
import { count } from '../../core/words'
import { PAUSED_FACT, pausedIn } from '../../store/sending'
import { UNDELIVERED_STATES } from '../../store/undelivered'
import { deliveriesPage } from '../admin-deliveries'
import { showAdmin } from '../admin-show'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { formOf } from '../fields'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { flash } from '../render'
import { rootPath } from '../show'
import { needsSudo } from '../sudo'
import type { Note } from '../views'

const ON_A_PAGE = 100
const MOST_GROUPS = 30

/** What is still to be told, and what could not be: X05 of web-ui.md. */
export function adminDeliveryPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { sending } = actions

  routes.get('/admin/deliveries/', administrator, async (request: Request, response: Response) => {
    const failedSinceAt = clock() - DAY
    const search = valueOf(request, 'search')
    const state = UNDELIVERED_STATES.find((each) => each === valueOf(request, 'state')) ?? null
    const before = numberOf(request, 'before', 0, Number.MAX_SAFE_INTEGER)
    const beforeId = before > 0 ? before : Number.MAX_SAFE_INTEGER
    const [rows, groups, outbox, held] = await Promise.all([
      store.undelivered.list({ failedSinceAt, state, search, beforeId }, ON_A_PAGE + 1),
      store.undelivered.groups(failedSinceAt, MOST_GROUPS),
      store.undelivered.state(failedSinceAt),
      store.facts.get(PAUSED_FACT),
    ])
    const model = deliveriesPage({
      paused: pausedIn(held),
      outbox,
      groups,
      rows: rows.slice(0, ON_A_PAGE),
      state,
      search,
      hasMore: rows.length > ON_A_PAGE,
      tz: visitorOf(request).user.tz,
      paths,
    })
    await showAdmin(request, response, model)
  })

  // Before those whose second part can be any word.
  for (const part of ['retry', 'drop'] as const) {
    routes.post(
      `/admin/deliveries/failing/${part}/`,
      administrator,
      async (request: Request, response: Response) => {
        const { kind = '', error = '' } = formOf(request.body)
        const act = part === 'retry' ? sending.retryAll : sending.dropAll
        const done = await act(actorOf(request), { kind, error })
        const what = part === 'retry' ? 'tried again now' : 'not told to anybody'
        const text = `${count(done, 'alert')} ${done === 1 ? 'is' : 'are'} ${what}.`
        await back(request, response, done > 0 ? { tone: 'success', text } : { tone: 'error', text: GONE })
      },
    )
  }

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
      await back(request, response, { tone: 'success', text })
    },
  )

  routes.post('/admin/deliveries/resume/', administrator, async (request: Request, response: Response) => {
    const done = await sending.resume(actorOf(request))
    const text = done ? 'Alerts go out again, those that waited first.' : 'Nothing was paused.'
    await back(request, response, { tone: 'success', text })
  })

  async function settle(
    request: Request,
    response: Response,
    act: (by: ReturnType<typeof actorOf>, id: number) => Promise<boolean>,
    text: string,
  ): Promise<void> {
    const id = String(request.params['id'])
    const done = /^[1-9]\d{0,14}$/.test(id) && (await act(actorOf(request), Number(id)))
    await back(request, response, done ? { tone: 'success', text } : { tone: 'error', text: GONE })
  }

  async function back(request: Request, response: Response, said: Omit<Note, 'role'>): Promise<void> {
    await flash(request, said)
    response.redirect(303, paths.admin('deliveries'))
  }

  return routes
}

const GONE = 'It is not there any more, or is being sent just now.'
