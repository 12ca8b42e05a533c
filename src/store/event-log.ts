import type { Flip } from '../core/check'
import type { Ping } from '../core/ping'
import { isInTime, runTimes } from '../core/run-times'
import type { PingKind } from '../core/signal'
import type { Instant } from '../core/time'
import { merged } from './event-merge'
import { DISORDER, newerThan, olderThan, topOf } from './event-search'
import type { LoggedNotification } from './notifications'
import { startOf } from './ping-log'
import { all } from './sql'
import type { Sql } from './sql'

/** Most pings that are read to find out how long the runs on one page took. */
const MOST_PAIRED = 5_000

/** How many ends whose start was not among those are looked up one by one. */
const MOST_LOOKS_BACK = 20

/** What is asked for: web-ui.md C09. Undefined is anything. */
export interface EventFilter {
  fromAt: Instant | null
  /** The first moment that is too late. */
  untilAt: Instant | null
  kinds: readonly PingKind[]
  withFlips: boolean
  withNotifications: boolean
  exitStatus: number | null
  /** A run id, or how it begins: lower case, hexadecimal digits and hyphens. */
  runId: string
  /** In the remote address, the user agent or the body. */
  text: string
  withBody: boolean
}

/** Where in the log of a check somebody is: of each sort of event, the number that is not to be shown any more. */
export interface EventCursor {
  n: number
  flipId: number
  notificationId: number
}

export const NEWEST: EventCursor = {
  n: Number.MAX_SAFE_INTEGER,
  flipId: Number.MAX_SAFE_INTEGER,
  notificationId: Number.MAX_SAFE_INTEGER,
}

export type LoggedEvent =
  | { type: 'ping'; at: Instant; ping: Ping }
  | { type: 'flip'; at: Instant; id: number; flip: Flip }
  | { type: 'notification'; at: Instant; told: LoggedNotification }

export interface EventPage {
  /** Newest first. */
  events: LoggedEvent[]
  /** They are all below this, and nothing that fits is between it and the newest of them. */
  from: EventCursor
  /** Of what follows; null: nothing does. */
  next: EventCursor | null
  /** Down to which ping was looked, if there may be more that fits below. */
  lookedDownTo: number | null
}

export interface EventLog {
  /** Events before the cursor, with pings numbered above `afterN` only. */
  page(
    checkId: number,
    options: { filter: EventFilter; before: EventCursor; afterN: number; limit: number },
  ): Promise<EventPage>
  /**
   * Events from the cursor on, those that follow it most closely: newest first. `next`: the cursor for what
   * follows, now (`isMore`) or later.
   */
  newer(
    checkId: number,
    options: { filter: EventFilter; after: EventCursor; afterN: number; limit: number },
  ): Promise<{ events: LoggedEvent[]; next: EventCursor; isMore: boolean }>
  /** How long the runs took that ended with one of these pings, by number. */
  durations(checkId: number, pings: readonly Ping[]): Promise<Map<number, number>>
  /** How the bodies of these pings begin, as far as they are in the database. */
  bodies(checkId: number, ns: readonly number[], bytes: number): Promise<Map<number, Buffer>>
}

export function eventLog(sql: Sql): EventLog {
  return {
    page(checkId, { filter, before, afterN, limit }) {
      return sql.read(function* () {
        const top = yield* topOf(checkId)
        // Of a sort of which nothing was shown yet, what comes later is not older.
        const from = {
          n: Math.min(before.n, top.n),
          flipId: Math.min(before.flipId, top.flipId),
          notificationId: Math.min(before.notificationId, top.notificationId),
        }
        const found = yield* olderThan(sql, { checkId, filter, afterN, limit }, from)
        const { events, next, isMore, lookedTo } = merged(found, from, limit, 'older')
        return { events, from, next: isMore ? next : null, lookedDownTo: lookedTo }
      })
    },

    newer(checkId, { filter, after, afterN, limit }) {
      return sql.read(function* () {
        const top = yield* topOf(checkId)
        if (isAt(top, after)) return { events: [], next: top, isMore: false }
        const found = yield* newerThan(sql, { checkId, filter, afterN, limit }, after)
        const { events, next, isMore } = merged(found, after, limit, 'newer')
        return { events: events.toReversed(), next: isMore ? next : latest(next, top), isMore }
      })
    },

    durations(checkId, pings) {
      return sql.read(function* () {
        const ends = pings.filter(({ kind }) => kind === 'success' || kind === 'fail')
        const [newest, oldest] = [ends[0], ends.at(-1)]
        if (newest === undefined || oldest === undefined) return new Map<number, number>()
        const rows = yield* all<{ n: number; at: number; kind: Ping['kind']; run_id: string | null }>(
          `SELECT n, at, kind, run_id FROM pings
           WHERE check_id = $1 AND n <= $2 AND n > $3 AND kind IN ('start', 'success', 'fail')
           ORDER BY n DESC LIMIT $4`,
          [checkId, newest.n, oldest.n - DISORDER, MOST_PAIRED],
        )
        const { tookMs, open } = runTimes(rows.map(({ run_id, ...row }) => ({ ...row, runId: run_id })))
        const shown = new Set(ends.map(({ n }) => n))
        for (const end of open.filter(({ n }) => shown.has(n)).slice(0, MOST_LOOKS_BACK)) {
          const start = yield* startOf(checkId, end)
          if (start && isInTime(start, end)) tookMs.set(end.n, end.at - start.at)
        }
        return new Map([...tookMs].filter(([n]) => shown.has(n)))
      })
    },

    bodies(checkId, ns, bytes) {
      return sql.read(function* () {
        const rows = yield* all<{ n: number; start: Buffer | null }>(
          `SELECT n, SUBSTR(body, 1, CAST($3 AS INTEGER)) AS start FROM pings
           WHERE check_id = $1 AND ${sql.among('n', '$2', 'bigint')}`,
          [checkId, JSON.stringify(ns), bytes],
        )
        return new Map(rows.flatMap(({ n, start }) => (start === null ? [] : [[n, start] as const])))
      })
    },
  }
}

function isAt(one: EventCursor, other: EventCursor): boolean {
  return one.n === other.n && one.flipId === other.flipId && one.notificationId === other.notificationId
}

/** What does not fit the filter is passed over for good. */
function latest(one: EventCursor, other: EventCursor): EventCursor {
  return {
    n: Math.max(one.n, other.n),
    flipId: Math.max(one.flipId, other.flipId),
    notificationId: Math.max(one.notificationId, other.notificationId),
  }
}
