import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import type { FlipRow } from './flips'
import { foldRuns } from './run-days'
import { all, one, run } from './sql'
import type { Sql, Work } from './sql'

/** After so many pings of whatever kind a log is cut to its limit: spec/ping-api.md [P37], [P38]. */
export const PINGS_BETWEEN_PRUNINGS = 100

/** Flips are kept for so long in any case, for figures of downtime: [P36]. */
const FLIPS_KEPT_MS = 93 * DAY

/** Most pings that go in one transaction, so that none of those that come in waits for long. */
const PINGS_AT_ONCE = 500

/**
 * Among so many of the oldest pings the earliest is looked for. The clocks of several servers differ by
 * less than it takes for so many to come, and counting all of a long log would keep others waiting.
 */
const EARLIEST_AMONG = 1000

/** Of the project, if it has one of its own. */
const LIMIT = 'COALESCE(projects.ping_log_limit, users.ping_log_limit)'

export interface PruneStep {
  checkCode: string
  /** Pings up to this number are not needed any more; less than 1: none. */
  upTo: number
  /** There is more to remove. */
  more: boolean
}

/** What goes when the log of a check is longer than the limit of its project or owner: spec/ping-api.md [P35], [P36]. */
export interface PruningStore {
  /** Removes some of what is beyond the limit, the oldest first. Null: no such check (any more). */
  pruneSome(checkId: number, nowAt: Instant): Promise<PruneStep | null>
  /** Up to `limit` checks behind `afterId`, in the order of their ids, that have had more pings than are kept. */
  overLimit(afterId: number, limit: number): Promise<number[]>
}

export function pruningStore(sql: Sql): PruningStore {
  return {
    pruneSome(checkId, nowAt) {
      return sql.transaction(function* () {
        const check = yield* find(checkId)
        if (!check) return null
        const { code: checkCode, ping_count, ping_log_limit } = check
        const upTo = ping_count - ping_log_limit
        const more = yield* removePings(checkId, upTo)
        if (!more) {
          // Locked before what hangs on it, as whoever records a ping does.
          yield* run(`UPDATE checks SET pruned_count = $2 WHERE id = $1`, [checkId, ping_count])
          yield* removeOlder(checkId, nowAt)
        }
        return { checkCode, upTo, more }
      })
    },

    overLimit(afterId, limit) {
      return sql.read(function* () {
        const rows = yield* all<{ id: number }>(
          `SELECT checks.id FROM checks
           JOIN projects ON projects.id = project_id JOIN users ON users.id = owner_id
           WHERE checks.id > $1 AND ping_count > ${LIMIT} ORDER BY checks.id LIMIT $2`,
          [afterId, limit],
        )
        return rows.map(({ id }) => id)
      })
    },
  }
}

interface Found {
  code: string
  ping_count: number
  ping_log_limit: number
}

function find(checkId: number): Work<Found | null> {
  return one<Found>(
    `SELECT checks.code, ping_count, ${LIMIT} AS ping_log_limit FROM checks
     JOIN projects ON projects.id = project_id JOIN users ON users.id = owner_id WHERE checks.id = $1`,
    [checkId],
  )
}

/** True if there is more to remove. */
function* removePings(checkId: number, upTo: number): Work<boolean> {
  if (upTo < 1) return false
  const oldest = yield* one<{ n: number | null }>('SELECT MIN(n) AS n FROM pings WHERE check_id = $1', [
    checkId,
  ])
  const first = oldest?.n ?? null
  if (first === null || first > upTo) return false
  const last = Math.min(upTo, first + PINGS_AT_ONCE - 1)
  yield* foldRuns(checkId, last)
  const failures = yield* one<{ count: number }>(
    `SELECT COUNT(*) AS count FROM pings WHERE check_id = $1 AND n <= $2 AND kind = 'fail'`,
    [checkId, last],
  )
  // Locked before what hangs on it.
  yield* forget(checkId, failures?.count ?? 0)
  yield* run('DELETE FROM pings WHERE check_id = $1 AND n <= $2', [checkId, last])
  return last < upTo
}

/**
 * Notifications and flips from before the oldest ping that is kept. What is not done with stays, and so
 * does what a check is down by, with what was told of it: cutting a log takes back no alert.
 */
function* removeOlder(checkId: number, nowAt: Instant): Work<void> {
  const oldest = yield* one<{ at: number | null }>(
    `SELECT MIN(at) AS at FROM
       (SELECT at FROM pings WHERE check_id = $1 ORDER BY n LIMIT ${EARLIEST_AMONG}) oldest`,
    [checkId],
  )
  const earliestAt = oldest?.at ?? null
  if (earliestAt === null) return
  const open = yield* one<{ id: number | null }>(
    `SELECT MAX(flips.id) AS id FROM flips JOIN checks ON checks.id = check_id
     WHERE check_id = $1 AND checks.status = 'down'`,
    [checkId],
  )
  const openFlip = open?.id ?? 0
  const told = yield* all<{ state: string; finished_at: number | null }>(
    `DELETE FROM notifications WHERE check_id = $1 AND created_at < $2 AND flip_id <> $3
       AND state NOT IN ('waiting', 'sending') RETURNING state, finished_at`,
    [checkId, earliestAt, openFlip],
  )
  const flips = yield* all<Pick<FlipRow, 'to_status' | 'reason'>>(
    `DELETE FROM flips WHERE check_id = $1 AND at < $2 AND id <> $3
       AND NOT EXISTS (SELECT 1 FROM notifications WHERE flip_id = flips.id AND state IN ('waiting', 'sending'))
     RETURNING to_status, reason`,
    [checkId, Math.min(earliestAt, nowAt - FLIPS_KEPT_MS), openFlip],
  )
  // Those that nobody tried to tell, because their channel or project was another by then, were not counted.
  const undelivered = told.filter(({ state, finished_at }) => state === 'failed' && finished_at !== null)
  const downs = flips.filter(({ to_status, reason }) => to_status === 'down' && reason !== 'fail')
  yield* forget(checkId, undelivered.length + downs.length)
}

/** So much of what was worth knowing is gone; what was counted as such is told by core/check.ts and core/ping.ts. */
function* forget(checkId: number, count: number): Work<void> {
  if (count === 0) return
  yield* run(
    `UPDATE checks SET notable_gone = CASE WHEN notable_gone + $2 > notable_count THEN notable_count
       ELSE notable_gone + $2 END
     WHERE id = $1`,
    [checkId, count],
  )
}
