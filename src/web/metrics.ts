import type { Request, RequestHandler, Response } from 'express'
import type { App } from '../app'
import { exposition, PLAIN_TEXT, TEXT_FORMAT } from '../core/exposition'
import { projectMetrics } from '../core/project-metrics'
import { KEY_LENGTH } from '../core/api-key'
import { SECOND } from '../core/time'
import { PAUSED_FACT } from '../store/sending'
import { sameSecret } from '../world/secrets'
import { noPage } from './api/answer'
import { healthDocument } from './admin-health'
import { contextOf } from './context'
import { healthSource } from './health-source'
import { buildFamily, figureFamilies, pausedFamily } from './server-metrics'

const OWN = /^\/metrics\/?$/
const COUNTERS = /^\/api\/v[123]\/metrics\/?$/
const HEALTH = /^\/admin\/health\.json$/
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const PROJECT = new RegExp(`^/projects/${UUID}/(?:metrics(?:/([^/]*))?|checks/metrics/([^/]+))$`)

/**
 * Figures for programs that watch: of a project (spec/management-api.md §10), of the server for Prometheus
 * ([O26] of spec/operations.md) and in short (E16). Other paths go on.
 */
export function metricsDoor(app: App): RequestHandler {
  const { store, config, clock, metrics, actions } = app

  return async (request, response, next) => {
    const { path } = request
    const project = PROJECT.exec(path)
    const isAboutUs = OWN.test(path) || HEALTH.test(path)
    if (!isAboutUs && !COUNTERS.test(path) && project === null) return next()
    contextOf(request).route = project ? 'project metrics' : 'metrics'
    if (UNSAFE.includes(request.method)) return noPage(response, 403)
    if (request.method !== 'GET' && request.method !== 'HEAD') return nothing(response, 405)
    if (project !== null) return ofProject(request, response, project[1] || project[2])
    if (!isOperator(request, isAboutUs)) return nothing(response, 403)
    if (HEALTH.test(path)) return health(request, response)
    return OWN.test(path) ? ofServer(request, response) : counters(request, response)
  }

  async function ofProject(request: Request, response: Response, inPath: string | undefined): Promise<void> {
    if (!config.prometheusEnabled) return noPage(response)
    const key = inPath ?? bearer(request)
    if (key === null) return nothing(response, 401)
    if (Array.from(key).length !== KEY_LENGTH) return nothing(response, 400)
    const opened = await actions.apiKeys.open(key, contextOf(request).peer.address)
    // Keys end up in the settings of Prometheus: there only those that change nothing are taken.
    if (opened?.access !== 'read-only') return nothing(response, 403)
    const checks = await store.checkSearch.inOrder(opened.project.id)
    give(request, response, PLAIN_TEXT, exposition(projectMetrics(checks, clock())))
  }

  async function ofServer(request: Request, response: Response): Promise<void> {
    const nowAt = clock()
    const [figures, paused] = await Promise.all([store.figures.of(nowAt), store.facts.get(PAUSED_FACT)])
    const about = { version: app.version, node: process.version, db: config.database.kind }
    const families = [
      buildFamily(about),
      ...metrics.families(),
      ...figureFamilies(figures, nowAt),
      pausedFamily(paused !== null),
    ]
    give(request, response, TEXT_FORMAT, exposition(families))
  }

  /** What the page about health shows, for programs: web-ui.md X01. */
  async function health(request: Request, response: Response): Promise<void> {
    const { source } = await healthSource(app, 'UTC')
    give(request, response, 'application/json', JSON.stringify(healthDocument(source)))
  }

  /** For watchers from outside: pings that do not grow, and flips that do, mean trouble. */
  async function counters(request: Request, response: Response): Promise<void> {
    const { pings, newestNotificationId, flipsUnprocessed } = await store.figures.of(clock())
    const document = {
      ts: Math.floor(clock() / SECOND),
      // Pings are numbered within their check: what grows with every ping is how many there were in all.
      max_ping_id: pings === 0 ? null : pings,
      max_notification_id: newestNotificationId,
      num_unprocessed_flips: flipsUnprocessed,
    }
    give(request, response, 'application/json', JSON.stringify(document))
  }

  function isOperator(request: Request, mayBeBearer: boolean): boolean {
    const given = request.get('x-metrics-key') ?? (mayBeBearer ? bearer(request) : null)
    return config.metricsKey !== null && given !== null && sameSecret(config.metricsKey, given)
  }
}

const UNSAFE = ['POST', 'PUT', 'PATCH', 'DELETE']

/** The name of the scheme is as Prometheus writes it. */
function bearer(request: Request): string | null {
  return /^Bearer (.*)$/.exec(request.get('authorization') ?? '')?.[1] ?? null
}

function nothing(response: Response, status: number): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end()
}

function give(request: Request, response: Response, type: string, text: string): void {
  response.setHeader('Content-Type', type)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(request.method === 'HEAD' ? undefined : text)
}
