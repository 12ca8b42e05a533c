import { Router } from 'express'
import type { RequestHandler } from 'express'
import type { App } from '../../app'
import { SECOND } from '../../core/time'
import type { Instant } from '../../core/time'
import { PAUSED_FACT, pausedIn } from '../../store/sending'

type Status = 'OK' | 'database error' | 'alert loop stalled' | 'shutting down'

const CODES: Record<Status, number> = {
  OK: 200,
  'database error': 500,
  'alert loop stalled': 500,
  'shutting down': 503,
}

/** A database that takes longer is as good as none. */
const TIMEOUT_MS = 5 * SECOND

/** However many ask, the database is asked once in this time. */
const SHARED_MS = SECOND

/**
 * How we are: for load balancers, containers and other watchers, whatever their Host; [O25].
 * The loops that watch for missed pings and tell people wait for nothing but the database, so when they
 * stand still, this process is ill; a mail server that is away does not show here. Whoever accepts JSON is told
 * when each of them last finished a turn.
 */
export function statusRoutes(app: App): Router {
  const routes = Router()
  const status = statusOf(app)

  const answer: RequestHandler = async (request, response) => {
    const said = await status()
    response.status(CODES[said]).set({ 'Cache-Control': 'no-store', Vary: 'Accept' })
    // A word for whoever does not ask for more, as it has always been.
    if (request.accepts(['html', 'json']) !== 'json') response.type('text/html').send(said)
    else response.json({ status: said, ...(await sendingOf(app, said)), loops: loopsOf(app) })
  }

  routes.get(['/api/v1/status', '/api/v2/status', '/api/v3/status', '/readyz'], answer)
  routes.options(['/api/v1/status', '/api/v2/status', '/api/v3/status'], answer)
  routes.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('text/plain').send('OK')
  })
  return routes
}

/** Of those that alerts depend on, as far as they run in this process. */
function loopsOf({ health }: Pick<App, 'health'>): { name: string; last_turn: string | null }[] {
  return health.alertLoops().map(({ name, lastTurnAt }) => ({
    name,
    last_turn: lastTurnAt === null ? null : new Date(lastTurnAt).toISOString(),
  }))
}

/** Said only while alerts are held back, which is somebody's wish and no illness. */
async function sendingOf({ store }: Pick<App, 'store'>, status: Status): Promise<{ sending?: 'paused' }> {
  if (status !== 'OK') return {}
  return pausedIn(await store.facts.get(PAUSED_FACT)) === null ? {} : { sending: 'paused' }
}

function statusOf({ store, health, clock }: Pick<App, 'store' | 'health' | 'clock'>): () => Promise<Status> {
  let asked: { at: Instant; works: Promise<boolean> } | null = null

  function databaseWorks(): Promise<boolean> {
    const nowAt = clock()
    if (asked === null || Math.abs(nowAt - asked.at) >= SHARED_MS) {
      asked = { at: nowAt, works: answersInTime(store.facts.get('status')) }
    }
    return asked.works
  }

  return async () => {
    if (health.stopping()) return 'shutting down'
    if (!(await databaseWorks())) return 'database error'
    return health.alarmsStalledSince() === null ? 'OK' : 'alert loop stalled'
  }
}

/** The cause of a failure is logged by whoever needed more than an answer. */
function answersInTime(query: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), TIMEOUT_MS)
    const settle = (works: boolean) => () => {
      clearTimeout(timer)
      resolve(works)
    }
    query.then(settle(true), settle(false))
  })
}
