import type { Request, Response } from 'express'
import { SECOND } from '../core/time'
import { stopwatch } from '../world/clock'
import { SECONDS } from '../world/metrics'
import type { Metrics } from '../world/metrics'
import { contextOf } from './context'

/** What may stand in a label: strangers may send any method. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Counts what pages, API and badges were asked for; pings are counted elsewhere. */
export function countRequests(metrics: Metrics): (request: Request, response: Response) => void {
  const total = metrics.counter({
    name: 'rollcall_http_requests_total',
    help: 'Requests for anything but pings.',
    labels: ['route', 'method', 'code'],
  })
  const took = metrics.histogram({
    name: 'rollcall_http_request_seconds',
    help: 'How long requests for anything but pings took.',
    labels: ['route'],
    bounds: SECONDS,
  })
  return (request, response) => {
    const began = stopwatch()
    response.once('finish', () => {
      const route = routeOf(request)
      const method = METHODS.includes(request.method) ? request.method : 'other'
      total.of(route, method, String(response.statusCode)).value += 1
      took.observe((stopwatch() - began) / SECOND, route)
    })
  }
}

/** The route by the name that it has in the program: no addresses, which hold codes and keys. */
function routeOf(request: Request): string {
  const { route } = contextOf(request)
  if (route !== null) return route
  const path = (request.route as { path?: unknown } | undefined)?.path
  return typeof path === 'string' ? path : 'other'
}
