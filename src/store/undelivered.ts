import type { Instant } from '../core/time'
import { escaped } from './audit'
import type { Queue } from './figures'
import { all, one } from './sql'
import type { Sql, Value, Work } from './sql'

/** An alert that is not told yet, or could not be. */
export interface Undelivered {
  id: number
  createdAt: Instant
  state: 'waiting' | 'sending' | 'failed'
  status: string
  checkCode: string
  check: string
  project: string
  kind: string
  channel: string
  attempts: number
  dueAt: Instant | null
  error: string
}

/** Never tried or on its way, tried and waiting for another try, or given up. */
export const UNDELIVERED_STATES = ['waiting', 'retrying', 'dead'] as const
export type UndeliveredState = (typeof UNDELIVERED_STATES)[number]

/** How many there are in each state; of those that wait, since when the oldest waits. */
export interface OutboxState extends Queue {
  retrying: number
  dead: number
}

export interface UndeliveredFilter {
  /** What failed for good earlier than that is left out. */
  failedSinceAt: Instant
  state: UndeliveredState | null
  /** Part of the name of the check, its project or the channel. */
  search: string
  beforeId: number
}

/** What fails in the same way. */
export interface FailureGroup {
  kind: string
  error: string
  retrying: number
  dead: number
  channels: number
}

/** Alerts on their way, for those who run the instance: spec/web-ui.md X05. */
export interface UndeliveredStore {
  state(failedSinceAt: Instant): Promise<OutboxState>
  /** The newest first. */
  list(filter: UndeliveredFilter, limit: number): Promise<Undelivered[]>
  /** The largest first. */
  groups(failedSinceAt: Instant, limit: number): Promise<FailureGroup[]>
  /** Due at once, with all attempts ahead. False: it is not there, or is being sent. */
  retry(notificationId: number, nowAt: Instant): Promise<boolean>
  /** Not told to anybody. False: it is not there, or is being sent. */
  drop(notificationId: number, nowAt: Instant): Promise<boolean>
  /** The same for all that failed in one way; how many. */
  retryGroup(group: Failing, nowAt: Instant): Promise<number>
  dropGroup(group: Failing, nowAt: Instant): Promise<number>
}

export interface Failing {
  kind: string
  error: string
  failedSinceAt: Instant
}

/** Each half by its own index: of all that was ever told, these are few. `$1`: what failed since. */
const OPEN = `(SELECT id FROM notifications WHERE due_at IS NOT NULL
  UNION ALL SELECT id FROM notifications WHERE state = 'failed' AND finished_at >= $1)`

const STATES: Record<UndeliveredState, string> = {
  waiting: `(state = 'sending' OR (state = 'waiting' AND attempts = 0))`,
  retrying: `state = 'waiting' AND attempts > 0`,
  dead: `state = 'failed'`,
}

const RETRIED = `state = 'waiting', attempts = 0, first_attempt_at = NULL, due_at = $2, finished_at = NULL`
const DROPPED = `state = 'superseded', due_at = NULL, finished_at = $2`

export function undeliveredStore(sql: Sql): UndeliveredStore {
  return {
    state: (failedSinceAt) =>
      sql.read(function* () {
        const row = yield* one<{ waiting: number; oldest_at: number | null; retrying: number; dead: number }>(
          `SELECT COUNT(CASE WHEN ${STATES.waiting} THEN 1 END) AS waiting,
             MIN(CASE WHEN ${STATES.waiting} THEN created_at END) AS oldest_at,
             COUNT(CASE WHEN ${STATES.retrying} THEN 1 END) AS retrying,
             COUNT(CASE WHEN ${STATES.dead} THEN 1 END) AS dead
           FROM notifications WHERE id IN ${OPEN}`,
          [failedSinceAt],
        )
        return {
          waiting: row?.waiting ?? 0,
          oldestAt: row?.oldest_at ?? null,
          retrying: row?.retrying ?? 0,
          dead: row?.dead ?? 0,
        }
      }),

    list: ({ failedSinceAt, state, search, beforeId }, limit) =>
      sql.read(function* () {
        const values: Value[] = [failedSinceAt, beforeId, limit]
        const like = search === '' ? '' : `$${values.push(`%${escaped(search.toLowerCase())}%`)}`
        const isFound =
          like === ''
            ? ''
            : `AND (${['checks', 'projects', 'channels']
                .map((table) => `LOWER(${table}.name) LIKE ${like} ESCAPE '!'`)
                .join(' OR ')})`
        const isState = state === null ? '' : `AND ${STATES[state]}`
        const rows = yield* all<UndeliveredRow>(
          `SELECT notifications.id, notifications.created_at, state, notifications.status, attempts, due_at, error,
             checks.code, checks.name AS check_name, projects.name AS project_name, kind,
             channels.name AS channel_name
           FROM notifications JOIN checks ON checks.id = check_id
           JOIN projects ON projects.id = checks.project_id JOIN channels ON channels.id = channel_id
           WHERE notifications.id IN ${OPEN} AND notifications.id < $2 ${isState} ${isFound}
           ORDER BY notifications.id DESC LIMIT $3`,
          values,
        )
        return rows.map(toUndelivered)
      }),

    groups: (failedSinceAt, limit) =>
      sql.read(() =>
        all<FailureGroup>(
          `SELECT kind, error, COUNT(CASE WHEN ${STATES.retrying} THEN 1 END) AS retrying,
             COUNT(CASE WHEN ${STATES.dead} THEN 1 END) AS dead, COUNT(DISTINCT channels.id) AS channels
           FROM notifications JOIN channels ON channels.id = channel_id
           WHERE notifications.id IN ${OPEN} AND error <> ''
           GROUP BY kind, error ORDER BY COUNT(*) DESC, kind, error LIMIT $2`,
          [failedSinceAt, limit],
        ),
      ),

    retry: async (id, nowAt) => (await settleOne(RETRIED, id, nowAt)) > 0,
    drop: async (id, nowAt) => (await settleOne(DROPPED, id, nowAt)) > 0,
    retryGroup: (group, nowAt) => settleGroup(RETRIED, group, nowAt),
    dropGroup: (group, nowAt) => settleGroup(DROPPED, group, nowAt),
  }

  function settleOne(how: string, id: number, nowAt: Instant): Promise<number> {
    return settle(
      `UPDATE notifications SET ${how} WHERE id = $1 AND state IN ('waiting', 'failed') RETURNING id`,
      [id, nowAt],
    )
  }

  function settleGroup(
    how: string,
    { kind, error, failedSinceAt }: Failing,
    nowAt: Instant,
  ): Promise<number> {
    return settle(
      `UPDATE notifications SET ${how} WHERE id IN ${OPEN} AND state IN ('waiting', 'failed') AND error = $4
         AND channel_id IN (SELECT id FROM channels WHERE kind = $3) RETURNING id`,
      [failedSinceAt, nowAt, kind, error],
    )
  }

  function settle(text: string, values: Value[]): Promise<number> {
    return sql.transaction(function* (): Work<number> {
      return (yield* all(text, values)).length
    })
  }
}

interface UndeliveredRow {
  id: number
  created_at: number
  state: Undelivered['state']
  status: string
  attempts: number
  due_at: number | null
  error: string
  code: string
  check_name: string
  project_name: string
  kind: string
  channel_name: string
}

function toUndelivered(row: UndeliveredRow): Undelivered {
  return {
    id: row.id,
    createdAt: row.created_at,
    state: row.state,
    status: row.status,
    checkCode: row.code,
    check: row.check_name,
    project: row.project_name,
    kind: row.kind,
    channel: row.channel_name,
    attempts: row.attempts,
    dueAt: row.due_at,
    error: row.error,
  }
}
