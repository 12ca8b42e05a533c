import type { Status } from '../core/check'
import type { Instant } from '../core/time'
import { all, one } from './sql'
import type { Sql, Work } from './sql'

/** What waits somewhere, and since when the oldest of it. */
export interface Queue {
  waiting: number
  oldestAt: Instant | null
}

/** How the whole instance is, for those who watch it. */
export interface Figures {
  /** Checks by the status that is kept. */
  checks: Record<Status, number>
  /** Pings that all checks there are ever had. */
  pings: number
  newestNotificationId: number | null
  /** Flips that nobody has begun to tell, and alarms that rang and nobody has looked at. */
  flipsUnprocessed: number
  /** Notifications that wait for their first or another attempt. */
  outbox: Queue
  /** Mails to people: sign-in links, reports. */
  mails: Queue
  /** Ping bodies on their way to object storage. */
  bodies: Queue & { bytes: number }
}

export interface FigureStore {
  of(nowAt: Instant): Promise<Figures>
}

export function figureStore(sql: Sql): FigureStore {
  return {
    of: (nowAt) =>
      sql.read(function* () {
        const statuses = yield* all<{ status: Status; count: number; pings: number }>(
          'SELECT status, COUNT(*) AS count, CAST(SUM(ping_count) AS BIGINT) AS pings FROM checks GROUP BY status',
        )
        const newest = yield* one<{ id: number | null }>('SELECT MAX(id) AS id FROM notifications')
        const untold = yield* count(
          `SELECT COUNT(DISTINCT flip_id) AS count FROM notifications WHERE due_at <= $1 AND attempts = 0`,
          nowAt,
        )
        const rung = yield* count(
          `SELECT COUNT(*) AS count FROM checks WHERE alert_after_at <= $1 AND status <> 'down'`,
          nowAt,
        )
        const bodies = yield* one<{ bytes: number | null }>(
          'SELECT CAST(SUM(bytes) AS BIGINT) AS bytes FROM waiting_bodies',
        )
        return {
          checks: Object.assign(
            { new: 0, up: 0, down: 0, paused: 0 },
            Object.fromEntries(statuses.map((row) => [row.status, row.count])),
          ),
          pings: statuses.reduce((sum, { pings }) => sum + pings, 0),
          newestNotificationId: newest?.id ?? null,
          flipsUnprocessed: untold + rung,
          outbox: yield* queue('created_at', 'notifications WHERE due_at IS NOT NULL'),
          mails: yield* queue('created_at', 'mails WHERE due_at IS NOT NULL'),
          bodies: { ...(yield* queue('at', 'waiting_bodies')), bytes: bodies?.bytes ?? 0 },
        }
      }),
  }
}

function* count(text: string, nowAt: Instant): Work<number> {
  const row = yield* one<{ count: number }>(text, [nowAt])
  return row?.count ?? 0
}

function* queue(since: string, rows: string): Work<Queue> {
  const row = yield* one<{ waiting: number; oldest_at: number | null }>(
    `SELECT COUNT(*) AS waiting, MIN(${since}) AS oldest_at FROM ${rows}`,
  )
  return { waiting: row?.waiting ?? 0, oldestAt: row?.oldest_at ?? null }
}
