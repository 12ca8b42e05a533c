import type { Request } from 'express'
import type { Instant } from '../core/time'
import { valueOf } from './query'
import { inZone } from './show'

/** How often a page without scripts is loaded anew, if somebody asks for it. */
export const REFRESH_S = 60

/** When a page was made, and how to have it made anew every minute or no more: web-ui.md §2.5. */
export interface AsOf {
  iso: string
  text: string
  isRefreshing: boolean
  /** The same page, the other way. */
  url: string
}

export function refreshes(request: Request): boolean {
  return valueOf(request, 'refresh') === String(REFRESH_S)
}

export function asOf(request: Request, nowAt: Instant, tz: string): AsOf {
  const query = new URLSearchParams(request.originalUrl.split('?')[1] ?? '')
  const isRefreshing = refreshes(request)
  if (isRefreshing) query.delete('refresh')
  else query.set('refresh', String(REFRESH_S))
  return {
    iso: new Date(nowAt).toISOString(),
    text: `${inZone(nowAt, tz)} ${tz}`,
    isRefreshing,
    url: `?${query.toString()}`,
  }
}
