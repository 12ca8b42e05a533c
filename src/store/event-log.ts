import type { Flip } from '../core/check'
import type { Ping } from '../core/ping'
import { isInTime, runTimes } from '../core/run-times'
import type { PingKind } from '../core/signal'
import type { Instant } from '../core/time'
import { startOf } from './ping-log'
import { toFlip } from './flips'
import type { FlipRow } from './flips'
import { toNotification } from './notifications'
import type { LoggedNotification, NotificationRow } from './notifications'
import { PING_COLUMNS, toPing } from './pings'
import type { PingRow } from './pings'
import { all, one } from './sql'
import type { Sql, Value, Work } from './sql'

/** Most pings that one step looks at: whatever is asked for, the database is busy for a moment only. */
export const PINGS_AT_ONCE = 20_000

/** The same where bodies are searched, which lie beside the rest. */
export const BODIES_AT_ONCE = 2_000

/** Clocks of several servers differ by less than it takes for so many pings to come. */
const DISORDER = 500

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
  /** How long the runs took that ended with one of these pings, by number. */
  durations(checkId: number, pings: readonly Ping[]): Promise<Map<number, number>>
  /** How the bodies of these pings begin, as far as they are in the database. */
  bodies(checkId: number, ns: readonly number[], bytes: number): Promise<Map<number, Buffer>>
}

export function eventLog(sql: Sql): EventLog {
  return {
    page(checkId, { filter, before, afterN, limit }) {
      return sql.read(function* () {
        const found = yield* pingsOf(checkId, filter, before.n, afterN, limit)
        const flips = filter.withFlips ? yield* flipsOf(checkId, filter, before.flipId, limit) : []
        const told = filter.withNotifications
          ? yield* toldOf(checkId, filter, before.notificationId, limit)
          : []
        return merged({ ...found, flips, told, before, limit })
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

  function* pingsOf(
    checkId: number,
    filter: EventFilter,
    beforeN: number,
    afterN: number,
    limit: number,
  ): Work<{ pings: Ping[]; lookedDownTo: number | null }> {
    if (filter.kinds.length === 0) return { pings: [], lookedDownTo: null }
    const bounds = yield* boundsOf(checkId, filter, beforeN, afterN)
    if (bounds === null) return { pings: [], lookedDownTo: null }
    const slice = filter.text === '' ? PINGS_AT_ONCE : BODIES_AT_ONCE
    const above = Math.max(bounds.aboveN, bounds.belowN - 1 - slice)
    const { conditions, values } = conditionsOf(filter, [checkId, above, bounds.belowN])
    const rows = yield* all<PingRow>(
      `SELECT ${PING_COLUMNS} FROM pings WHERE check_id = $1 AND n > $2 AND n < $3${conditions}
       ORDER BY n DESC LIMIT $${values.length + 1}`,
      [...values, limit + 1],
    )
    const isCut = rows.length <= limit && above > bounds.aboveN
    return { pings: rows.map(toPing), lookedDownTo: isCut ? above + 1 : null }
  }

  function conditionsOf(filter: EventFilter, first: Value[]): { conditions: string; values: Value[] } {
    const values = [...first]
    const parameter = (value: Value): string => `$${values.push(value)}`
    const conditions: string[] = []
    if (filter.kinds.length < 5) {
      conditions.push(sql.among('kind', parameter(JSON.stringify(filter.kinds)), 'text'))
    }
    if (filter.fromAt !== null) conditions.push(`at >= ${parameter(filter.fromAt)}`)
    if (filter.untilAt !== null) conditions.push(`at < ${parameter(filter.untilAt)}`)
    if (filter.exitStatus !== null) conditions.push(`exit_status = ${parameter(filter.exitStatus)}`)
    if (filter.runId !== '') conditions.push(`run_id LIKE ${parameter(`${filter.runId}%`)}`)
    if (filter.withBody) conditions.push('body_bytes > 0')
    if (filter.text !== '') {
      const text = parameter(filter.text)
      const bytes = parameter(Buffer.from(filter.text, 'utf8'))
      conditions.push(
        `(${sql.holds('user_agent', text)} OR ${sql.holds("COALESCE(remote_address, '')", text)}
          OR ${sql.holdsBytes('body', bytes)})`,
      )
    }
    return { conditions: conditions.map((each) => ` AND ${each}`).join(''), values }
  }

  /** Between which numbers the pings of the time lie that is asked for. Null: there are none. */
  function* boundsOf(
    checkId: number,
    { fromAt, untilAt }: EventFilter,
    beforeN: number,
    afterN: number,
  ): Work<{ aboveN: number; belowN: number } | null> {
    const ends = yield* one<{ first: number | null; last: number | null }>(
      `SELECT (SELECT n FROM pings WHERE check_id = $1 AND n > $2 ORDER BY n LIMIT 1) AS first,
              (SELECT n FROM pings WHERE check_id = $1 AND n < $3 ORDER BY n DESC LIMIT 1) AS last`,
      [checkId, afterN, beforeN],
    )
    if (!ends || ends.first === null || ends.last === null || ends.first > ends.last) return null
    const [first, last] = [ends.first, ends.last]
    const from = fromAt === null ? first : (yield* numberAt(checkId, first, last, fromAt)) - DISORDER
    const until = untilAt === null ? last : (yield* numberAt(checkId, first, last, untilAt)) + DISORDER
    return { aboveN: Math.max(from, first) - 1, belowN: Math.min(until, last) + 1 }
  }

  /** The number of the first ping from this moment on, if pings came in the order of their numbers. */
  function* numberAt(checkId: number, first: number, last: number, at: Instant): Work<number> {
    let [low, high] = [first, last + 1]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = yield* one<{ n: number; at: number }>(
        'SELECT n, at FROM pings WHERE check_id = $1 AND n >= $2 ORDER BY n LIMIT 1',
        [checkId, middle],
      )
      if (row === null || row.at >= at) high = middle
      else low = row.n + 1
    }
    return low
  }
}

function* flipsOf(checkId: number, filter: EventFilter, beforeId: number, limit: number): Work<FlipRow[]> {
  return yield* all<FlipRow>(
    `SELECT * FROM flips WHERE check_id = $1 AND id < $2 AND at >= $3 AND at < $4 ORDER BY id DESC LIMIT $5`,
    [checkId, beforeId, filter.fromAt ?? 0, filter.untilAt ?? Number.MAX_SAFE_INTEGER, limit + 1],
  )
}

function* toldOf(
  checkId: number,
  filter: EventFilter,
  beforeId: number,
  limit: number,
): Work<LoggedNotification[]> {
  const rows = yield* all<NotificationRow & { kind: string; name: string }>(
    `SELECT notifications.*, channels.kind, channels.name
     FROM notifications JOIN channels ON channels.id = channel_id
     WHERE check_id = $1 AND notifications.id < $2
       AND notifications.created_at >= $3 AND notifications.created_at < $4
     ORDER BY notifications.id DESC LIMIT $5`,
    [checkId, beforeId, filter.fromAt ?? 0, filter.untilAt ?? Number.MAX_SAFE_INTEGER, limit + 1],
  )
  return rows.map((row) => ({ ...toNotification(row), channelKind: row.kind, channelName: row.name }))
}

interface Found {
  pings: Ping[]
  lookedDownTo: number | null
  flips: FlipRow[]
  told: LoggedNotification[]
  before: EventCursor
  limit: number
}

/**
 * Takes from each sort in the order in which it was kept, the latest first, so that the cursor leaves out nothing
 * and shows nothing twice. Of the same moment, what followed from a ping stands above it.
 */
function merged({ pings, flips, told, lookedDownTo, before, limit }: Found): EventPage {
  const events: LoggedEvent[] = []
  const next = { ...before }
  const waiting = { pings: [...pings], flips: [...flips], told: [...told] }
  // Below where nobody has looked for pings, others must not be shown yet.
  const isFloor = pings.length <= limit && lookedDownTo !== null
  while (events.length < limit) {
    const [ping, flip, one] = [waiting.pings[0], waiting.flips[0], waiting.told[0]]
    const latest = Math.max(ping?.at ?? -Infinity, flip?.at ?? -Infinity, one?.createdAt ?? -Infinity)
    if (latest === -Infinity) break
    if (ping === undefined && isFloor) break
    if (one?.createdAt === latest) {
      events.push({ type: 'notification', at: latest, told: one })
      next.notificationId = one.id
      waiting.told.shift()
    } else if (flip?.at === latest) {
      events.push({ type: 'flip', at: latest, id: flip.id, flip: toFlip(flip) })
      next.flipId = flip.id
      waiting.flips.shift()
    } else if (ping) {
      events.push({ type: 'ping', at: latest, ping })
      next.n = ping.n
      waiting.pings.shift()
    }
  }
  const isPingsDone = waiting.pings.length === 0
  if (isPingsDone && lookedDownTo !== null) next.n = Math.min(next.n, lookedDownTo)
  const isMore = !isPingsDone || lookedDownTo !== null || waiting.flips.length > 0 || waiting.told.length > 0
  return { events, next: isMore ? next : null, lookedDownTo: isPingsDone ? lookedDownTo : null }
}
