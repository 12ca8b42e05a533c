import type { Ping } from '../core/ping'
import type { Instant } from '../core/time'
import type { EventCursor, EventFilter } from './event-log'
import type { Found } from './event-merge'
import type { FlipRow } from './flips'
import { toNotification } from './notifications'
import type { LoggedNotification, NotificationRow } from './notifications'
import { PING_COLUMNS, toPing } from './pings'
import type { PingRow } from './pings'
import { all, one } from './sql'
import type { Sql, Value, Work } from './sql'

/** Most pings that one step looks at: whatever is asked for, the database is busy for a moment only. */
const PINGS_AT_ONCE = 20_000

/** The same where bodies are searched, which lie beside the rest. */
const BODIES_AT_ONCE = 2_000

/** Clocks of several servers differ by less than it takes for so many pings to come. */
export const DISORDER = 500

export interface Search {
  checkId: number
  filter: EventFilter
  /** Pings up to this one are not shown to anybody. */
  afterN: number
  /** Of each sort. */
  limit: number
}

/** What fits before the cursor, the newest first. */
export function* olderThan(sql: Sql, search: Search, before: EventCursor): Work<Found> {
  const { checkId, filter, limit, afterN } = search
  const found = yield* pingsOf(sql, search, { aboveN: afterN, belowN: before.n }, 'DESC')
  const below = (column: string): string => `${column} < $2`
  return {
    ...found,
    flips: filter.withFlips ? yield* flipsOf(checkId, filter, below, before.flipId, 'DESC', limit) : [],
    told: filter.withNotifications
      ? yield* toldOf(checkId, filter, below, before.notificationId, 'DESC', limit)
      : [],
  }
}

/** What fits from the cursor on, the oldest first. */
export function* newerThan(sql: Sql, search: Search, after: EventCursor): Work<Found> {
  const { checkId, filter, limit, afterN } = search
  const reach = { aboveN: Math.max(afterN, after.n - 1), belowN: Number.MAX_SAFE_INTEGER }
  const found = yield* pingsOf(sql, search, reach, 'ASC')
  const above = (column: string): string => `${column} >= $2`
  return {
    ...found,
    flips: filter.withFlips ? yield* flipsOf(checkId, filter, above, after.flipId, 'ASC', limit) : [],
    told: filter.withNotifications
      ? yield* toldOf(checkId, filter, above, after.notificationId, 'ASC', limit)
      : [],
  }
}

/** The cursor that has everything below it. */
export function* topOf(checkId: number): Work<EventCursor> {
  const row = yield* one<{ n: number | null; flip: number | null; told: number | null }>(
    `SELECT (SELECT MAX(n) FROM pings WHERE check_id = $1) AS n,
            (SELECT MAX(id) FROM flips WHERE check_id = $1) AS flip,
            (SELECT MAX(id) FROM notifications WHERE check_id = $1) AS told`,
    [checkId],
  )
  return {
    n: Number(row?.n ?? 0) + 1,
    flipId: Number(row?.flip ?? 0) + 1,
    notificationId: Number(row?.told ?? 0) + 1,
  }
}

type Order = 'ASC' | 'DESC'

/** Between these numbers, both excluded. */
interface Reach {
  aboveN: number
  belowN: number
}

function* pingsOf(
  sql: Sql,
  { checkId, filter, limit }: Search,
  reach: Reach,
  order: Order,
): Work<{ pings: Ping[]; lookedTo: number | null }> {
  if (filter.kinds.length === 0) return { pings: [], lookedTo: null }
  const bounds = yield* boundsOf(checkId, filter, reach)
  if (bounds === null) return { pings: [], lookedTo: null }
  const slice = filter.text === '' ? PINGS_AT_ONCE : BODIES_AT_ONCE
  const { aboveN, belowN } =
    order === 'DESC'
      ? { ...bounds, aboveN: Math.max(bounds.aboveN, bounds.belowN - 1 - slice) }
      : { ...bounds, belowN: Math.min(bounds.belowN, bounds.aboveN + 1 + slice) }
  const { conditions, values } = conditionsOf(sql, filter, [checkId, aboveN, belowN])
  const rows = yield* all<PingRow>(
    `SELECT ${PING_COLUMNS} FROM pings WHERE check_id = $1 AND n > $2 AND n < $3${conditions}
     ORDER BY n ${order} LIMIT $${values.length + 1}`,
    [...values, limit + 1],
  )
  const isCut = rows.length <= limit && belowN - aboveN < bounds.belowN - bounds.aboveN
  const lookedTo = order === 'DESC' ? aboveN + 1 : belowN - 1
  return { pings: rows.map(toPing), lookedTo: isCut ? lookedTo : null }
}

function conditionsOf(
  sql: Sql,
  filter: EventFilter,
  first: Value[],
): { conditions: string; values: Value[] } {
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
function* boundsOf(checkId: number, { fromAt, untilAt }: EventFilter, reach: Reach): Work<Reach | null> {
  const ends = yield* one<{ first: number | null; last: number | null }>(
    `SELECT (SELECT n FROM pings WHERE check_id = $1 AND n > $2 ORDER BY n LIMIT 1) AS first,
            (SELECT n FROM pings WHERE check_id = $1 AND n < $3 ORDER BY n DESC LIMIT 1) AS last`,
    [checkId, reach.aboveN, reach.belowN],
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

function* flipsOf(
  checkId: number,
  filter: EventFilter,
  side: (column: string) => string,
  id: number,
  order: Order,
  limit: number,
): Work<FlipRow[]> {
  return yield* all<FlipRow>(
    `SELECT * FROM flips WHERE check_id = $1 AND ${side('id')} AND at >= $3 AND at < $4
     ORDER BY id ${order} LIMIT $5`,
    [checkId, id, filter.fromAt ?? 0, filter.untilAt ?? Number.MAX_SAFE_INTEGER, limit + 1],
  )
}

function* toldOf(
  checkId: number,
  filter: EventFilter,
  side: (column: string) => string,
  id: number,
  order: Order,
  limit: number,
): Work<LoggedNotification[]> {
  const rows = yield* all<NotificationRow & { kind: string; name: string }>(
    `SELECT notifications.*, channels.kind, channels.name
     FROM notifications JOIN channels ON channels.id = channel_id
     WHERE check_id = $1 AND ${side('notifications.id')}
       AND notifications.created_at >= $3 AND notifications.created_at < $4
     ORDER BY notifications.id ${order} LIMIT $5`,
    [checkId, id, filter.fromAt ?? 0, filter.untilAt ?? Number.MAX_SAFE_INTEGER, limit + 1],
  )
  return rows.map((row) => ({ ...toNotification(row), channelKind: row.kind, channelName: row.name }))
}
