import { createHash } from 'node:crypto'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { Listed, Snapshot } from './board'
import { faviconName } from './favicon'
import { documentTitle, faviconOf, headerSums } from './frame'
import type { ListPage } from './list-filter'
import type { Polled } from './polls'

/** What the script of the list is told: spec/web-ui.md §2.5. Times are Unix seconds, durations seconds. */
interface LiveRow {
  id: string
  /** Shown status; null when the check is gone. */
  s: string | null
  /** Running. */
  r: 0 | 1
  /** When the run began. */
  st: number | null
  /** Number, time and duration of the last ping. */
  n: number
  lp: number | null
  ld: number | null
  /** Next due. */
  nd: number | null
  /** What the person has not seen. */
  u: number
  strip: string
  /** The list, asked anew, would not have it on this page. */
  out?: 1
}

/** All that can change on a page of the list without anybody touching it. */
export function liveList(about: {
  snapshot: Snapshot
  page: ListPage
  /** What the page is called. */
  heading: string
  siteName: string
  checksUrl: string
  /** What whoever asks may change; the page shows that, too. */
  can: string
}): Polled {
  const { snapshot, page } = about
  const rows = new Map(page.rows.map((each) => [each.check.code, JSON.stringify(liveRow(each))]))
  return {
    about: {
      can: about.can,
      order: orderOf(page),
      found: page.found,
      total: snapshot.all.length,
      summary: summaryOf(about),
      tags: Object.fromEntries(
        snapshot.tags.map(({ tag, worst, total, down }) => [tag, [worst, total, down]]),
      ),
    },
    rows,
    gone: (code) => {
      const found = snapshot.all.find(({ check }) => check.code === code)
      return JSON.stringify(found === undefined ? { id: code, s: null } : { ...liveRow(found), out: 1 })
    },
  }
}

/** Tells whether two pages have the same checks in the same order. */
export function orderOf({ rows }: ListPage): string {
  const codes = rows.map(({ check }) => check.code).join()
  return createHash('sha256').update(codes).digest('hex').slice(0, 12)
}

function summaryOf({ snapshot, heading, siteName, checksUrl }: Parameters<typeof liveList>[0]): object {
  const { counts } = snapshot
  return {
    ...counts,
    unread: snapshot.unread,
    title: documentTitle({ title: heading, counts }, siteName),
    fav: faviconName(faviconOf(counts), counts.down),
    sums: headerSums(counts, checksUrl),
  }
}

function liveRow({ check, status, dueAt, unread }: Listed): LiveRow {
  const isWatched = check.status !== 'new' && check.status !== 'paused'
  return {
    id: check.code,
    s: status,
    r: check.openRun === null ? 0 : 1,
    st: check.openRun === null ? null : seconds(check.openRun.startedAt),
    n: check.pingCount,
    lp: check.lastPingAt === null ? null : seconds(check.lastPingAt),
    ld: check.lastDurationMs === null ? null : check.lastDurationMs / SECOND,
    nd: isWatched && dueAt !== null ? seconds(dueAt) : null,
    u: unread,
    strip: check.results,
  }
}

function seconds(at: Instant): number {
  return Math.floor(at / SECOND)
}
