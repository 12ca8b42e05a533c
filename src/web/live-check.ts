import type { Check } from '../core/check'
import type { Instant } from '../core/time'
import type { LoggedNotification } from '../store/notifications'
import { faviconName } from './favicon'
import { headerSums, iconOfOne } from './frame'
import type { Polled } from './polls'
import { statusOf } from './show'
import type { Counts } from './views'

/** How many of the latest alerts are watched on their way. */
export const TOLD = 5

/** What the page of a check is made from, as far as it changes by itself: web-ui.md §2.5. `told`: newest first. */
export function liveCheck(source: {
  check: Check
  told: readonly LoggedNotification[]
  nowAt: Instant
  /** Of the whole project, for the header. */
  counts: Counts
  checksUrl: string
}): Polled {
  const { check, told, nowAt, counts, checksUrl } = source
  const status = statusOf(check, nowAt)
  const row = {
    id: check.code,
    s: status,
    r: check.openRun === null ? 0 : 1,
    n: check.pingCount,
    kept: check.status,
    due: check.alertAfterAt,
    told: told.slice(0, TOLD).map(({ id, state }) => `${id} ${state}`),
  }
  const { icon, down } = iconOfOne(status)
  return {
    about: { summary: { fav: faviconName(icon, down), sums: headerSums(counts, checksUrl) } },
    rows: new Map([[check.code, JSON.stringify(row)]]),
  }
}
