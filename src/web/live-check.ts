import type { Check } from '../core/check'
import type { Instant } from '../core/time'
import type { LoggedNotification } from '../store/notifications'
import type { Polled } from './polls'
import { statusOf } from './show'

/** What the page of a check is made from, as far as it changes by itself: web-ui.md §2.5. */
export function liveCheck(check: Check, told: readonly LoggedNotification[], nowAt: Instant): Polled {
  const row = {
    id: check.code,
    s: statusOf(check, nowAt),
    r: check.openRun === null ? 0 : 1,
    n: check.pingCount,
    kept: check.status,
    due: check.alertAfterAt,
    told: told.slice(0, TOLD).map(({ id, state }) => `${id} ${state}`),
  }
  return { about: {}, rows: new Map([[check.code, JSON.stringify(row)]]) }
}

/** How many of the latest alerts are watched on their way. */
export const TOLD = 5
