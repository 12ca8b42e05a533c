import type { Instant } from '../core/time'
import { all, insert, run } from './sql'
import type { Sql } from './sql'

/** Names of what is counted. */
export const PINGS = 'pings'
export const OBJECTS_FAILED = 'object storage failed'
export const TOLD = 'told '
export const UNTOLD = 'not told '

/** When a mail last went out; and when one last did not, and why, as JSON. */
export const MAIL_SENT_FACT = 'mail last sent'
export const MAIL_FAILED_FACT = 'mail last failed'

/** How often something happened in the minute that begins then. */
export interface Tally {
  name: string
  at: Instant
  count: number
}

/** What is counted by the minute, by all instances together: spec/web-ui.md X01. */
export interface TallyStore {
  /** Adds to what was counted before. */
  add(tallies: readonly Tally[]): Promise<void>
  /** Minutes in which something was counted, the oldest first. */
  series(name: string, sinceAt: Instant): Promise<{ at: Instant; count: number }[]>
  /** By name. */
  sums(sinceAt: Instant): Promise<Map<string, number>>
  prune(beforeAt: Instant): Promise<void>
}

export function tallyStore(sql: Sql): TallyStore {
  return {
    add: (tallies) =>
      sql.transaction(function* () {
        // In one order, so that two instances never wait for each other's rows in a circle.
        const rows = tallies
          .toSorted((one, other) =>
            one.name < other.name ? -1 : one.name > other.name ? 1 : one.at - other.at,
          )
          .map(({ name, at, count }) => ({ name, at, count }))
        yield* insert(
          'tallies',
          rows,
          'ON CONFLICT (name, at) DO UPDATE SET count = tallies.count + excluded.count',
        )
      }),

    series: (name, sinceAt) =>
      sql.read(() =>
        all<{ at: Instant; count: number }>(
          'SELECT at, count FROM tallies WHERE name = $1 AND at >= $2 ORDER BY at',
          [name, sinceAt],
        ),
      ),

    sums: (sinceAt) =>
      sql.read(function* () {
        const rows = yield* all<{ name: string; count: number }>(
          'SELECT name, CAST(SUM(count) AS BIGINT) AS count FROM tallies WHERE at >= $1 GROUP BY name ORDER BY name',
          [sinceAt],
        )
        return new Map(rows.map((row) => [row.name, row.count]))
      }),

    prune: (beforeAt) => sql.transaction(() => run('DELETE FROM tallies WHERE at < $1', [beforeAt])),
  }
}
