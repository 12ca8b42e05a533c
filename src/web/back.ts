import type { Request } from 'express'
import { contextOf } from './context'
import { formOf } from './fields'
import { nextPath } from './next'
import { valueOf } from './query'

/** Where somebody came from, to go back to when it is done, with the filter that was in use: web-ui.md §6.2. */
export function backOf(request: Request): string | null {
  const { site } = contextOf(request)
  const wanted = formOf(request.body)['back'] ?? valueOf(request, 'back')
  return wanted === '' ? null : nextPath(wanted, site)
}

/** An address that remembers where it was opened from. */
export function withBack(url: string, back: string | null): string {
  return back === null ? url : `${url}${url.includes('?') ? '&' : '?'}back=${encodeURIComponent(back)}`
}
