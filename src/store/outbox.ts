import { isNews } from '../core/check'
import type { Check, Flip } from '../core/check'
import type { Instant } from '../core/time'
import { afterFlips } from './after-flips'
import { tellApart } from './outages'
import { all, bit, insert, run } from './sql'
import type { Sql, Value, Work } from './sql'

interface Told {
  check_id: number
  channel_id: number
  tells_down: number
  tells_up: number
}

/**
 * Keeps flips and, for those that are news, a waiting notification for each channel that wants to
 * hear of it. Part of the transaction that changed the checks, so that neither is ever without the
 * other: spec/alerting.md [A8], [A17]. `nowAt`: when they were noticed, which for a deadline is later.
 * Gives the flips' ids in their order.
 */
export function* keepFlips(
  sql: Sql,
  newCode: () => string,
  flips: readonly { check: Check; flip: Flip }[],
  nowAt: Instant = Math.max(...flips.map(({ flip }) => flip.at)),
): Work<number[]> {
  if (flips.length === 0) return []
  const ids = yield* insert<{ id: number }>(
    'flips',
    flips.map(({ check, flip }) => flipValues(check.id, flip)),
    'RETURNING id',
  )
  yield* afterFlips(sql, flips, nowAt)
  const news = flips.flatMap(({ check, flip }, i) => (isNews(flip) ? [{ check, flip, id: ids[i]!.id }] : []))
  const flipIds = ids.map(({ id }) => id)
  if (news.length === 0) return flipIds

  const told = yield* all<Told>(
    `SELECT check_id, channel_id, tells_down, tells_up
     FROM check_channels JOIN channels ON channels.id = channel_id
     WHERE ${sql.among('check_id', '$1', 'bigint')} AND disabled = 0
     ORDER BY last_took_ms NULLS LAST, channel_id`,
    [JSON.stringify(news.map(({ check }) => check.id))],
  )
  const byCheck = Map.groupBy(told, (row) => row.check_id)
  const rows = news.flatMap(({ check, flip, id }) =>
    (byCheck.get(check.id) ?? [])
      .filter((channel) => (flip.to === 'down' ? channel.tells_down : channel.tells_up) === 1)
      .map((channel) => notificationValues(newCode(), id, check.id, channel.channel_id, flip)),
  )
  yield* tellApart(
    sql,
    news.flatMap(({ check, flip }) => (flip.to === 'up' ? [check.id] : [])),
  )
  const added = yield* insert<{ id: number }>('notifications', rows, 'RETURNING id')
  yield* supersede(
    sql,
    added.map(({ id }) => id),
  )
  return flipIds
}

/**
 * A newer message takes the place of older ones of the same check to the same channel that were tried
 * and still wait for another try; one that was never tried keeps its turn: spec/alerting.md §7.3, D19.
 */
function* supersede(sql: Sql, newIds: number[]): Work<void> {
  if (newIds.length === 0) return
  yield* run(
    // From the new ones to the older ones: the other way round SQLite looks at all that was ever told.
    `UPDATE notifications SET state = 'superseded', due_at = NULL WHERE id IN (
       SELECT old.id FROM notifications newer
       JOIN notifications old ON old.check_id = newer.check_id AND old.channel_id = newer.channel_id
       WHERE ${sql.among('newer.id', '$1', 'bigint')} AND old.state = 'waiting' AND old.attempts > 0)`,
    [JSON.stringify(newIds)],
  )
}

function flipValues(checkId: number, flip: Flip): Record<string, Value> {
  return {
    check_id: checkId,
    at: flip.at,
    from_status: flip.from,
    to_status: flip.to,
    reason: flip.reason,
    silent: bit(flip.silent),
    by_whom: flip.by ?? '',
  }
}

function notificationValues(
  code: string,
  flipId: number,
  checkId: number,
  channelId: number,
  flip: Flip,
): Record<string, Value> {
  return {
    code,
    flip_id: flipId,
    check_id: checkId,
    channel_id: channelId,
    status: flip.to,
    state: 'waiting',
    attempts: 0,
    created_at: flip.at,
    // Due at once, whenever it is that somebody looks.
    due_at: 0,
    error: '',
  }
}
