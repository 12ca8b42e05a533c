import type { Request, RequestHandler } from 'express'
import { MINUTE } from '../core/time'
import { digest } from '../world/secrets'
import { contextOf } from './context'
import { formOf } from './fields'
import { isFragment } from './fragments'

/** How long a form that was sent is remembered. */
const REMEMBERED_MS = 10 * MINUTE

/** Most forms that are remembered; the oldest are forgotten. */
const MAX_REMEMBERED = 5000

/** Longer ids are not ours. */
const MAX_ID = 40

interface Sent {
  at: number
  /** Where the first one led; '' while it is being answered or when it led nowhere. */
  location: string
  answered: Promise<void>
}

/**
 * Of a form that is sent twice as it is, by a double press or a reload, the second gets the answer of the first
 * instead of being carried out again: spec/web-ui.md §2.4. A form that was not accepted, or was changed since, may
 * be sent again. So may what scripts send and what leads nowhere, such as the question for a preview.
 */
export function onlyOnce(): RequestHandler {
  const sent = new Map<string, Sent>()

  return async (request, response, next) => {
    if (request.method !== 'POST') return next()
    const form = formOf(request.body)
    const id = form['once'] ?? ''
    if (id === '' || id.length > MAX_ID) return next()
    const nowAt = contextOf(request).site.app.clock()
    // Of one length, however long what a browser sent is.
    const key = digest(JSON.stringify([ownerOf(request), request.path, id, form]))
    const before = sent.get(key)
    if (before !== undefined && nowAt - before.at < REMEMBERED_MS) {
      await before.answered
      const mayRepeat = isFragment(request) && before.location === ''
      if (sent.get(key) === before && !mayRepeat) {
        return response.redirect(303, before.location || request.originalUrl)
      }
    }
    forget(sent)
    const { promise, resolve } = Promise.withResolvers<void>()
    const mine: Sent = { at: nowAt, location: '', answered: promise }
    sent.set(key, mine)
    response.once('close', () => {
      const location = response.getHeader('location') ?? response.getHeader('x-location')
      const isDone = response.writableFinished && response.statusCode < 400
      if (isDone) mine.location = typeof location === 'string' ? location : ''
      else sent.delete(key)
      resolve()
    })
    next()
  }
}

/** Ids are only told apart within one browser. */
function ownerOf(request: Request): string {
  return contextOf(request).visitor?.signIn.key ?? request.get('cookie') ?? ''
}

function forget(sent: Map<string, Sent>): void {
  if (sent.size < MAX_REMEMBERED) return
  const [oldest] = sent.keys()
  if (oldest !== undefined) sent.delete(oldest)
}
