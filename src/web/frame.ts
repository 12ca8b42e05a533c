import type { Check, ShownStatus } from '../core/check'
import type { Instant } from '../core/time'
import { statusOf } from './show'
import type { Counts, Frame, HeaderSum } from './views'

/** How many of these checks have each shown status, and how many are running. */
export function countsOf(checks: Check[], nowAt: Instant): Counts {
  const counts: Counts = { new: 0, up: 0, late: 0, down: 0, paused: 0, running: 0 }
  for (const check of checks) {
    counts[statusOf(check, nowAt)]++
    if (check.openRun !== null) counts.running++
  }
  return counts
}

/** The worst comes first. */
export const BY_CONCERN: ShownStatus[] = ['down', 'late', 'up', 'new', 'paused']

/** The status that stands for all of these checks; null when there are none. */
export function worstOf(counts: Counts): ShownStatus | null {
  return BY_CONCERN.find((status) => counts[status] > 0) ?? null
}

/** The title in the browser's tab: what is wrong comes first. web-ui.md §2.1. */
export function documentTitle({ title, counts, alarm }: Frame, siteName: string): string {
  const first = alarm ?? (counts && counts.down > 0 ? `${counts.down} down` : null)
  return [first, title, siteName].filter((part) => part !== null && part !== '').join(' – ')
}

/** Which favicon: `public/img/fav-<name>.svg`. web-ui.md §2.6. */
export function faviconOf(counts: Counts | undefined): 'ok' | 'late' | 'down' {
  if (counts && counts.down > 0) return 'down'
  return counts && counts.late > 0 ? 'late' : 'ok'
}

/** The same of a page about one check. */
export function iconOfOne(status: ShownStatus): { icon: ReturnType<typeof faviconOf>; down: number } {
  if (status === 'down') return { icon: 'down', down: 1 }
  return { icon: status === 'late' ? 'late' : 'ok', down: 0 }
}

/** '3 down · 1 late · 2 running', each a link to the list so filtered: web-ui.md §2.1. */
export function headerSums(counts: Counts, checksUrl: string): HeaderSum[] {
  const sums = (['down', 'late', 'running'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => sum(status, `${counts[status]} ${status}`, `${checksUrl}?status=${PARAMETER[status]}`))
  if (counts.down + counts.late === 0 && counts.up > 0) return [sum('up', 'All up', checksUrl), ...sums]
  return sums
}

/** What addresses call the statuses, from old bookmarks: web-ui.md §6.2. */
export const PARAMETER: Record<ShownStatus | 'running', string> = {
  new: 'new',
  up: 'up',
  late: 'grace',
  down: 'down',
  paused: 'paused',
  running: 'started',
}

function sum(status: HeaderSum['status'], text: string, url: string): HeaderSum {
  return { status, text, url, isLoud: status === 'down' || status === 'late' }
}
