import type { Check, Standing } from '../core/check'
import { toCheck, toStanding } from './check-rows'
import type { CheckRow } from './check-rows'
import { all, one } from './sql'
import type { Sql, Work } from './sql'

/** A check and the codes of the channels that are told of it. */
export interface CheckWithChannels {
  check: Check
  channels: string[]
}

export interface TaggedStanding extends Standing {
  tags: string
}

/** Checks as scripts look for them. */
export interface CheckSearch {
  /** By creation, each with its channels. */
  withChannels(projectId: number): Promise<CheckWithChannels[]>
  /** By creation. */
  inOrder(projectId: number): Promise<Check[]>
  /** The first whose code satisfies: for what is made from a code and cannot be turned back. */
  findByCodeOf(projectId: number, satisfies: (code: string) => boolean): Promise<Check | null>
  findByBadgeKey(badgeKey: string): Promise<Check | null>
  /** How the checks of a project are, by the key of its badges: no more than these need. */
  standings(projectBadgeKey: string): Promise<TaggedStanding[]>
  /** Codes of the channels that are told of a check. */
  channelsOf(checkId: number): Promise<string[]>
}

export function checkSearch(sql: Sql): CheckSearch {
  return {
    withChannels: (projectId) =>
      sql.read(function* () {
        const checks = yield* inOrder(projectId)
        const channels = yield* all<{ id: number; code: string }>(
          'SELECT id, code FROM channels WHERE project_id = $1',
          [projectId],
        )
        // By check and without the codes: that is all in one index.
        const rows = yield* all<{ check_id: number; channel_id: number }>(
          `SELECT check_id, channel_id FROM check_channels
           WHERE check_id IN (SELECT id FROM checks WHERE project_id = $1)`,
          [projectId],
        )
        const codes = new Map(channels.map(({ id, code }) => [id, code]))
        const told = Map.groupBy(rows, (row) => row.check_id)
        return checks.map((check) => ({
          check,
          channels: (told.get(check.id) ?? []).map((row) => codes.get(row.channel_id) ?? ''),
        }))
      }),

    inOrder: (projectId) => sql.read(() => inOrder(projectId)),

    findByCodeOf: (projectId, satisfies) =>
      sql.read(function* () {
        const codes = yield* all<{ id: number; code: string }>(
          'SELECT id, code FROM checks WHERE project_id = $1 ORDER BY id',
          [projectId],
        )
        const found = codes.find(({ code }) => satisfies(code))
        return found ? yield* findBy('id', found.id) : null
      }),

    findByBadgeKey: (badgeKey) => sql.read(() => findBy('badge_key', badgeKey)),

    standings: (projectBadgeKey) =>
      sql.read(function* () {
        const rows = yield* all<CheckRow>(
          `SELECT tags, status, schedule_kind, period_ms, expression, tz, grace_ms, last_ping_at, started_at,
             started_run_id
           FROM checks WHERE project_id = (SELECT id FROM projects WHERE badge_key = $1)`,
          [projectBadgeKey],
        )
        return rows.map((row) => ({ tags: row.tags, ...toStanding(row) }))
      }),

    channelsOf: (checkId) => sql.read(() => channelCodes(checkId)),
  }
}

/** Codes of the channels that are told of a check. */
export function* channelCodes(checkId: number): Work<string[]> {
  const rows = yield* all<{ code: string }>(
    'SELECT code FROM channels JOIN check_channels ON channel_id = channels.id WHERE check_id = $1',
    [checkId],
  )
  return rows.map(({ code }) => code)
}

function* inOrder(projectId: number): Work<Check[]> {
  const rows = yield* all<CheckRow>('SELECT * FROM checks WHERE project_id = $1 ORDER BY id', [projectId])
  return rows.map(toCheck)
}

function* findBy(column: 'id' | 'badge_key', value: number | string): Work<Check | null> {
  const row = yield* one<CheckRow>(`SELECT * FROM checks WHERE ${column} = $1`, [value])
  return row ? toCheck(row) : null
}
