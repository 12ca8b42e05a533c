import type { Ping } from '../core/ping'
import { isInTime, LONGEST_RUN_MS, runTimes } from '../core/run-times'
import type { PairedPing } from '../core/run-times'
import { one } from './sql'
import type { Sql, Work } from './sql'

/** More runs that began before the oldest ping shown are not looked for: spec/management-api.md [M43]. */
const MOST_LOOKS_BACK = 10

/** An end that is further away from its start is not looked for. */
const MOST_PINGS_OF_RUN = 10_000

export interface PingLog {
  /** How long the runs took that ended with one of these pings of a check (newest first), by number. */
  durations(checkId: number, pings: readonly Ping[]): Promise<Map<number, number>>
  /** The number of the start of the run that this ping ended, or of the end of the one it started. */
  partner(checkId: number, ping: Ping): Promise<number | null>
}

export function pingLog(sql: Sql): PingLog {
  return {
    async durations(checkId, pings) {
      const { tookMs, open } = runTimes(pings)
      if (open.length === 0) return tookMs
      if (open.length > MOST_LOOKS_BACK) return new Map()
      return sql.read(function* () {
        for (const end of open) {
          const start = yield* startOf(checkId, end)
          if (start && isInTime(start, end)) tookMs.set(end.n, end.at - start.at)
        }
        return tookMs
      })
    },

    partner: (checkId, ping) =>
      sql.read(function* () {
        if (ping.kind === 'start') return (yield* endOf(checkId, ping))?.n ?? null
        if (ping.kind !== 'success' && ping.kind !== 'fail') return null
        const start = yield* startOf(checkId, ping)
        return start !== null && isInTime(start, ping) ? start.n : null
      }),
  }
}

/** The start before this end, unless another end of the same run lies between. */
export function* startOf(checkId: number, end: PairedPing): Work<PairedPing | null> {
  const isSameRun = end.runId === null ? 'run_id IS NULL' : 'run_id = $4'
  const row = yield* one<{ n: number; at: number; kind: Ping['kind'] }>(
    `SELECT n, at, kind FROM pings
     WHERE check_id = $1 AND n < $2 AND at > $3 AND ${isSameRun} AND kind IN ('start', 'success', 'fail')
     ORDER BY n DESC LIMIT 1`,
    [checkId, end.n, end.at - LONGEST_RUN_MS, ...(end.runId === null ? [] : [end.runId])],
  )
  return row?.kind === 'start' ? { ...row, runId: end.runId } : null
}

/** The end after this start, unless another start of the same run lies between. */
function* endOf(checkId: number, start: PairedPing): Work<PairedPing | null> {
  const isSameRun = start.runId === null ? 'run_id IS NULL' : 'run_id = $4'
  const row = yield* one<{ n: number; at: number; kind: Ping['kind'] }>(
    `SELECT n, at, kind FROM pings
     WHERE check_id = $1 AND n > $2 AND n < $3 AND ${isSameRun} AND kind IN ('start', 'success', 'fail')
     ORDER BY n LIMIT 1`,
    [checkId, start.n, start.n + MOST_PINGS_OF_RUN, ...(start.runId === null ? [] : [start.runId])],
  )
  if (row === null || row.kind === 'start' || !isInTime(start, row)) return null
  return { ...row, runId: start.runId }
}
