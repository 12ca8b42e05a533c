import { all, run } from './sql'
import type { Sql } from './sql'

/** Which channels are told of which checks. */
export interface SwitchStore {
  /** Of these checks, the ids of the channels that each is on for. */
  ofChecks(checkIds: readonly number[]): Promise<Map<number, Set<number>>>
  /** Switches a channel on or off for a check of the same project. False when there is no such pair. */
  set(pair: { checkId: number; channelId: number; on: boolean }): Promise<boolean>
  /** The same for many checks of the channel's project, at once. How many were changed. */
  setMany(checkIds: readonly number[], channelId: number, on: boolean): Promise<number>
  /** A check is told to these channels of its project, and no others. */
  setAll(checkId: number, channelIds: readonly number[]): Promise<void>
}

export function switchStore(sql: Sql): SwitchStore {
  return {
    ofChecks: (checkIds) =>
      sql.read(function* () {
        const rows = yield* all<{ check_id: number; channel_id: number }>(
          `SELECT check_id, channel_id FROM check_channels WHERE ${sql.among('check_id', '$1', 'bigint')}`,
          [JSON.stringify(checkIds)],
        )
        const grouped = Map.groupBy(rows, (row) => row.check_id)
        return new Map([...grouped].map(([id, some]) => [id, new Set(some.map((row) => row.channel_id))]))
      }),

    set: ({ checkId, channelId, on }) =>
      sql.transaction(function* () {
        const pairs = yield* all(
          `SELECT checks.id FROM checks JOIN channels ON channels.project_id = checks.project_id
           WHERE checks.id = $1 AND channels.id = $2`,
          [checkId, channelId],
        )
        if (pairs.length === 0) return false
        yield* run('DELETE FROM check_channels WHERE check_id = $1 AND channel_id = $2', [checkId, channelId])
        if (on) {
          yield* run('INSERT INTO check_channels (check_id, channel_id) VALUES ($1, $2)', [
            checkId,
            channelId,
          ])
        }
        return true
      }),

    setMany: (checkIds, channelId, on) =>
      sql.transaction(function* () {
        const ids = JSON.stringify(checkIds)
        if (!on) {
          const gone = yield* all(
            `DELETE FROM check_channels WHERE channel_id = $2 AND ${sql.among('check_id', '$1', 'bigint')}
             RETURNING check_id`,
            [ids, channelId],
          )
          return gone.length
        }
        const come = yield* all(
          `INSERT INTO check_channels (check_id, channel_id)
           SELECT checks.id, channels.id FROM checks JOIN channels ON channels.project_id = checks.project_id
           WHERE channels.id = $2 AND ${sql.among('checks.id', '$1', 'bigint')}
           ON CONFLICT DO NOTHING RETURNING check_id`,
          [ids, channelId],
        )
        return come.length
      }),

    setAll: (checkId, channelIds) =>
      sql.transaction(function* () {
        yield* run('DELETE FROM check_channels WHERE check_id = $1', [checkId])
        yield* run(
          `INSERT INTO check_channels (check_id, channel_id)
           SELECT checks.id, channels.id FROM checks JOIN channels ON channels.project_id = checks.project_id
           WHERE checks.id = $1 AND ${sql.among('channels.id', '$2', 'bigint')}`,
          [checkId, JSON.stringify(channelIds)],
        )
      }),
  }
}
