import { cleared } from '../core/check-copy'
import type { Check } from '../core/check'
import type { Instant } from '../core/time'
import { addCheck } from './add-check'
import type { NewCheck } from './add-check'
import { stateValues, STATE_COLUMNS, toCheck } from './check-rows'
import type { CheckRow } from './check-rows'
import { markForVisitors } from './reads'
import { reviseReminders } from './reminders'
import { all, one, run, update } from './sql'
import type { Sql, Work } from './sql'

/** Most pings that go in one transaction, so that none of those that come in waits for long. */
const PINGS_AT_ONCE = 500

/** What happens to whole checks besides being added, changed and removed. */
export interface CheckMoves {
  /** Adds a check that is told to the same channels as another of its project. 'full': its owner has all that may be. */
  copy(sourceId: number, fresh: NewCheck): Promise<Check | 'full'>
  /**
   * Gives a check to another project, with its log: all channels there are switched on for it, and none of
   * those it had. Null: one of the two is gone; 'full': the other owner has all the checks that may be.
   */
  transfer(id: number, projectId: number, nowAt: Instant): Promise<Check | 'full' | null>
  /** Makes a check new again, without its changes of status and what was told of them. Its pings are next. */
  clear(id: number, nowAt: Instant): Promise<Check | null>
  /** Removes some of the pings up to number `upTo`. False: there are no more. */
  clearSome(id: number, upTo: number): Promise<boolean>
}

export function checkMoves(sql: Sql, newCode: () => string): CheckMoves {
  return {
    copy(sourceId, fresh) {
      return sql.transaction(function* () {
        const owner = yield* ownerOf(fresh.projectId)
        if (owner === null || (yield* isFull(owner))) return 'full'
        const told = yield* all<{ channel_id: number }>(
          'SELECT channel_id FROM check_channels WHERE check_id = $1',
          [sourceId],
        )
        return yield* addCheck(fresh, newCode, { channels: told.map(({ channel_id }) => channel_id) })
      })
    },

    transfer(id, projectId, nowAt) {
      return sql.transaction(function* () {
        const row = yield* lock(id)
        const owner = yield* ownerOf(projectId)
        if (!row || owner === null) return null
        const before = yield* ownerOf(row.project_id)
        if (before?.id !== owner.id && (yield* isFull(owner))) return 'full'
        yield* run('UPDATE checks SET project_id = $2 WHERE id = $1', [id, projectId])
        yield* markForVisitors(id, projectId)
        yield* run('DELETE FROM check_channels WHERE check_id = $1', [id])
        yield* run(
          `INSERT INTO check_channels (check_id, channel_id)
           SELECT $1, id FROM channels WHERE project_id = $2`,
          [id, projectId],
        )
        // Whoever had to be told there has no more to do with it.
        yield* run(
          `UPDATE notifications SET state = 'failed', due_at = NULL, error = 'The check was moved'
           WHERE check_id = $1 AND state = 'waiting'`,
          [id],
        )
        yield* reviseReminders(sql, [id], nowAt)
        return { ...toCheck(row), projectId }
      })
    },

    clear(id, nowAt) {
      return sql.transaction(function* () {
        const row = yield* lock(id)
        if (!row) return null
        const check = cleared(toCheck(row))
        yield* update('checks', STATE_COLUMNS, [stateValues(check)])
        yield* run('DELETE FROM flips WHERE check_id = $1', [id])
        yield* run('DELETE FROM run_days WHERE check_id = $1', [id])
        yield* run('DELETE FROM read_marks WHERE check_id = $1', [id])
        yield* run('UPDATE checks SET notable_gone = 0 WHERE id = $1', [id])
        yield* reviseReminders(sql, [id], nowAt)
        return check
      })
    },

    clearSome(id, upTo) {
      return sql.transaction(function* () {
        const oldest = yield* one<{ n: number | null }>(
          'SELECT MIN(n) AS n FROM pings WHERE check_id = $1 AND n <= $2',
          [id, upTo],
        )
        const first = oldest?.n ?? null
        if (first === null) return false
        const last = Math.min(upTo, first + PINGS_AT_ONCE - 1)
        yield* run('DELETE FROM pings WHERE check_id = $1 AND n <= $2', [id, last])
        return last < upTo
      })
    },
  }

  function* lock(id: number): Work<CheckRow | null> {
    return yield* one<CheckRow>(`SELECT * FROM checks WHERE id = $1 ${sql.forUpdate}`, [id])
  }
}

interface Owner {
  id: number
  check_limit: number
}

function ownerOf(projectId: number): Work<Owner | null> {
  return one<Owner>(
    'SELECT users.id, check_limit FROM users JOIN projects ON owner_id = users.id WHERE projects.id = $1',
    [projectId],
  )
}

function* isFull({ id, check_limit }: Owner): Work<boolean> {
  const row = yield* one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM checks JOIN projects ON projects.id = project_id WHERE owner_id = $1',
    [id],
  )
  return (row?.count ?? 0) >= check_limit
}
