import type { PairedPing } from '../core/run-times'
import { runsOf } from '../core/runs'
import type { Run } from '../core/runs'
import { all } from './sql'
import type { Sql } from './sql'

/** Most pings that are read to find runs: what a start began may have ended long after it. */
const MOST_READ = 5000

/** The end of a run is looked for among so many pings after those that begin one. */
const PINGS_AHEAD = 500

/**
 * The runs of checks. They are found in the log of pings rather than kept in a table of their own: a ping
 * then costs nothing for them, and they are there for exactly as long as the pings that they consist of.
 */
export interface RunStore {
  /**
   * The runs of a check, the latest start first, with pings numbered above `afterN` only, so that what is
   * beyond the limit of the log is not shown. Of a log longer than `mostPings` (5,000 unless said) only the
   * end is looked at.
   */
  latest(checkId: number, options: { afterN: number; limit: number; mostPings?: number }): Promise<Run[]>
  /** Those that began with a ping numbered above `afterN` and up to `upToN`, the latest start first. */
  begun(checkId: number, range: { afterN: number; upToN: number }): Promise<Run[]>
}

export function runStore(sql: Sql): RunStore {
  return {
    latest(checkId, { afterN, limit, mostPings = MOST_READ }) {
      return sql.read(function* () {
        const pings = yield* all<{ n: number; at: number; kind: PairedPing['kind']; run_id: string | null }>(
          `SELECT n, at, kind, run_id FROM pings
           WHERE check_id = $1 AND n > $2 AND kind IN ('start', 'success', 'fail') ORDER BY n DESC LIMIT $3`,
          [checkId, afterN, mostPings],
        )
        return runsOf(pings.map(({ run_id, ...ping }) => ({ ...ping, runId: run_id }))).slice(0, limit)
      })
    },

    begun(checkId, { afterN, upToN }) {
      return sql.read(function* () {
        const pings = yield* all<{ n: number; at: number; kind: PairedPing['kind']; run_id: string | null }>(
          `SELECT n, at, kind, run_id FROM pings
           WHERE check_id = $1 AND n > $2 AND n <= $3 AND kind IN ('start', 'success', 'fail') ORDER BY n DESC`,
          [checkId, afterN, upToN + PINGS_AHEAD],
        )
        const runs = runsOf(pings.map(({ run_id, ...ping }) => ({ ...ping, runId: run_id })))
        return runs.filter(({ startN }) => startN <= upToN)
      })
    },
  }
}
