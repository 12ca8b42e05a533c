import { isTimed, mergeDays, runDaysOf } from '../core/run-stats'
import type { RunDay } from '../core/run-stats'
import type { PairedPing } from '../core/run-times'
import { runsOf } from '../core/runs'
import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import { all, insert, run } from './sql'
import type { Sql, Work } from './sql'

/** The end of a run is looked for among so many pings after those that go. */
const PINGS_AHEAD = 500

/** A day that is longer ago is on no chart. */
const KEPT_MS = 401 * DAY

/** How long runs took whose pings are not in the log any more. */
export interface RunDayStore {
  /** The oldest day first. */
  since(checkId: number, sinceAt: Instant): Promise<RunDay[]>
}

export function runDayStore(sql: Sql): RunDayStore {
  return {
    since: (checkId, sinceAt) =>
      sql.read(function* () {
        return yield* daysSince(checkId, sinceAt)
      }),
  }
}

/**
 * The step of a larger transaction that keeps how long the runs took that began with one of the pings numbered up
 * to `last`, before these are removed. What began later is in the log still, and counts there.
 */
export function* foldRuns(checkId: number, last: number): Work<void> {
  const pings = yield* all<{ n: number; at: number; kind: PairedPing['kind']; run_id: string | null }>(
    `SELECT n, at, kind, run_id FROM pings
     WHERE check_id = $1 AND n <= $2 AND kind IN ('start', 'success', 'fail') ORDER BY n DESC`,
    [checkId, last + PINGS_AHEAD],
  )
  const runs = runsOf(pings.map(({ run_id, ...ping }) => ({ ...ping, runId: run_id })))
  const gone = runs.filter(({ startN }) => startN <= last).filter(isTimed)
  const fresh = runDaysOf(gone)
  const [first] = fresh
  if (first === undefined) return
  const known = yield* daysSince(checkId, first.startAt)
  const touched = new Set(fresh.map(({ startAt }) => startAt))
  const days = mergeDays([...known, ...fresh]).filter(({ startAt }) => touched.has(startAt))
  yield* insert(
    'run_days',
    days.map((day) => ({
      check_id: checkId,
      start_at: day.startAt,
      runs: day.runs,
      failed: day.failed,
      shortest_ms: day.shortestMs,
      longest_ms: day.longestMs,
      steps: JSON.stringify(day.steps),
    })),
    `ON CONFLICT (check_id, start_at) DO UPDATE SET runs = excluded.runs, failed = excluded.failed,
       shortest_ms = excluded.shortest_ms, longest_ms = excluded.longest_ms, steps = excluded.steps`,
  )
  yield* run('DELETE FROM run_days WHERE check_id = $1 AND start_at < $2', [checkId, first.startAt - KEPT_MS])
}

interface Row {
  start_at: number
  runs: number
  failed: number
  shortest_ms: number
  longest_ms: number
  steps: string
}

function* daysSince(checkId: number, sinceAt: Instant): Work<RunDay[]> {
  const rows = yield* all<Row>(
    'SELECT * FROM run_days WHERE check_id = $1 AND start_at >= $2 ORDER BY start_at',
    [checkId, sinceAt],
  )
  return rows.map((row) => ({
    startAt: row.start_at,
    runs: row.runs,
    failed: row.failed,
    shortestMs: row.shortest_ms,
    longestMs: row.longest_ms,
    steps: JSON.parse(row.steps) as RunDay['steps'],
  }))
}
