import type { RequestHandler } from 'express'
import { HOUR } from '../core/time'
import type { Instant } from '../core/time'
import { contextOf } from './context'
import { showError } from './errors'

/** Forged names must not fill the memory. */
const MOST_REMEMBERED = 1000

/** Refuses names that we do not go by: spec/operations.md §1.3, ALLOWED_HOSTS. */
export function guardHost(): RequestHandler {
  const complainedAt = new Map<string, Instant>()

  return (request, response, next) => {
    const { app } = contextOf(request).site
    const host = hostName(request.headers.host ?? '')
    if (isAllowed(host, app.config.allowedHosts)) return next()

    const nowAt = app.clock()
    const last = complainedAt.get(host)
    if (last === undefined || nowAt - last >= HOUR) {
      if (complainedAt.size >= MOST_REMEMBERED) complainedAt.clear()
      complainedAt.set(host, nowAt)
      app.log.warn(`A request for the host '${host}' was refused; if that is ours, add it to ALLOWED_HOSTS`)
    }
    return showError(request, response, 400)
  }
}

/** A host header without its port, in lower case. */
export function hostName(header: string): string {
  const host = /^(\[[0-9a-f:.]+\]|[^:\s/]*)(?::\d*)?$/i.exec(header.trim())?.[1] ?? ''
  return host.toLowerCase().replace(/\.$/, '')
}

export function isAllowed(host: string, allowed: readonly string[]): boolean {
  return allowed.some(
    (each) =>
      each === '*' ||
      each === host ||
      (each.startsWith('.') && (host === each.slice(1) || host.endsWith(each))),
  )
}
