import type { RequestHandler } from 'express'
import type { App } from '../app'
import { MINUTE, SECOND } from '../core/time'
import { contextOf } from './context'
import { showError } from './errors'
import { valueOf } from './query'
import { throttle } from './throttle'

/** What scripts of pages ask again and again: spec/web-ui.md §2.5. Besides, the list of projects with `?refresh=1`. */
const POLLS = /^\/((projects\/[^/]+\/)?checks\/status|checks\/[^/]+\/(status|log_events))\/?$/i

/** As much as five pages that somebody works with at the same time. */
const MOST = { what: 'polls', limit: 60, periodMs: MINUTE }

/** Keeps a page that has gone wild, or what else has its session, from keeping everybody busy: §16.8. */
export function limitPolls({ store, clock }: App): RequestHandler {
  const limit = throttle(store.budgets, MOST)
  return async (request, response, next) => {
    const { visitor } = contextOf(request)
    const isPoll = POLLS.test(request.path) || (request.path === '/' && valueOf(request, 'refresh') === '1')
    if (visitor === null || !isPoll) return next()
    const spent = await limit.take(visitor.signIn.key, clock())
    if (spent.ok) return next()
    response.setHeader('Retry-After', Math.ceil(spent.retryAfterMs / SECOND))
    return await showError(request, response, 429)
  }
}
