import type { Channel } from '../core/channel'
import { chooseChannels } from '../core/channel-choice'
import type { Check } from '../core/check'
import type { Decided, matchOf } from '../core/check-edit'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { toChannel } from './channels'
import type { ChannelRow } from './channels'
import { checkValues, SETTING_COLUMNS, toCheck } from './check-rows'
import type { CheckRow } from './check-rows'
import { channelCodes } from './check-search'
import type { CheckWithChannels } from './check-search'
import { addCheck } from './add-check'
import { all, insert, one, run, update } from './sql'
import type { Columns, Sql, Value, Work } from './sql'

/** What is to become of a check, but for its status, which this never changes. */
export interface Order {
  /** Sees the check as it is now, under lock. Only what people decide, and the alarm, may change. */
  edit(check: Check): Check
  /** Who is told, as `chooseChannels` takes it; null leaves it as it is. */
  channels: string | null
}

export interface Upsert extends Order {
  projectId: number
  /** What has to be equal for a check to be the one that is meant; null: create one in any case. */
  match: ReturnType<typeof matchOf>
  /** What the check is if there is none yet. */
  fresh: Decided & { createdAt: Instant }
}

export interface Saved extends CheckWithChannels {
  created: boolean
}

/** Writes of scripts: check and channels together, wholly or not at all. */
export interface CheckSaves {
  /**
   * Changes the check that matches, or adds one: of two equal orders at once, one adds. Forbidden when the
   * owner has as many checks as may be; invalid when a channel is not known, and then nothing is changed.
   */
  upsert(order: Upsert): Promise<Result<Saved>>
  /** Not found when there is no such check any more. */
  edit(id: number, order: Order): Promise<Result<Saved>>
}

export function checkSaves(sql: Sql, newCode: () => string): CheckSaves {
  return {
    upsert({ projectId, match, fresh, channels, edit }) {
      return sql.transaction(function* () {
        // The owner is locked, so that what two of these count and look for includes what the other adds.
        const owner = yield* one<{ id: number; check_limit: number }>(
          `SELECT id, check_limit FROM users
           WHERE id = (SELECT owner_id FROM projects WHERE id = $1) ${sql.forUpdate}`,
          [projectId],
        )
        if (!owner) return fail('not_found', 'There is no such project any more.')
        const found = match && (yield* findMatch(projectId, match))
        if (found) return yield* save(found, { channels, edit })
        if ((yield* countOf(owner.id)) >= owner.check_limit) {
          return fail('forbidden', `Limit of ${owner.check_limit} checks reached.`)
        }
        const chosen = yield* choose(projectId, channels ?? '')
        if (!chosen.ok) return chosen
        const ids = chosen.value.map(({ id }) => id)
        const check = yield* addCheck({ ...fresh, projectId }, newCode, { channels: ids })
        return ok({ check, channels: chosen.value.map(({ code }) => code), created: true })
      })
    },

    edit(id, order) {
      return sql.transaction(function* () {
        const row = yield* one<CheckRow>(`SELECT * FROM checks WHERE id = $1 ${sql.forUpdate}`, [id])
        return row ? yield* save(row, order) : fail('not_found', 'There is no such check any more.')
      })
    },
  }

  /** The one that was created first; several may match. */
  function* findMatch(projectId: number, match: NonNullable<Upsert['match']>): Work<CheckRow | null> {
    const conditions = Object.entries(match).map(([field], i) => `${MATCHED[field]} = $${i + 2}`)
    const values = Object.values(match).map((value) => (typeof value === 'number' ? value * SECOND : value))
    return yield* one<CheckRow>(
      `SELECT * FROM checks WHERE project_id = $1 AND ${conditions.join(' AND ')}
       ORDER BY id LIMIT 1 ${sql.forUpdate}`,
      [projectId, ...values],
    )
  }
}

/** What the API calls them, and where they are kept. */
const MATCHED: Record<string, string> = {
  name: 'name',
  slug: 'slug',
  tags: 'tags',
  timeout: 'period_ms',
  grace: 'grace_ms',
}

const EDITED: Columns = { ...SETTING_COLUMNS, alert_after_at: 'bigint' }

function* save(row: CheckRow, { channels, edit }: Order): Work<Result<Saved>> {
  const chosen = channels === null ? null : yield* choose(row.project_id, channels)
  if (chosen?.ok === false) return chosen
  const check = edit(toCheck(row))
  const values: Record<string, Value> = { ...checkValues(check), alert_after_at: check.alertAfterAt }
  yield* update('checks', EDITED, [values])
  if (chosen) {
    yield* run('DELETE FROM check_channels WHERE check_id = $1', [row.id])
    yield* insert(
      'check_channels',
      chosen.value.map(({ id }) => ({ check_id: row.id, channel_id: id })),
    )
  }
  return ok({ check, channels: yield* channelCodes(row.id), created: false })
}

function* choose(projectId: number, text: string): Work<Result<Channel[]>> {
  if (text === '') return ok([])
  const rows = yield* all<ChannelRow>('SELECT * FROM channels WHERE project_id = $1', [projectId])
  return chooseChannels(text, rows.map(toChannel))
}

function* countOf(ownerId: number): Work<number> {
  const row = yield* one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM checks JOIN projects ON projects.id = project_id WHERE owner_id = $1',
    [ownerId],
  )
  return row?.count ?? 0
}
