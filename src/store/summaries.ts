import type { Summary } from '../core/summary'
import type { Notification } from '../core/notification'
import type { Instant } from '../core/time'
import { all, one } from './sql'
import type { Sql, Work } from './sql'

/** Notifications of one outage that wait for one channel, from the first of them on. */
export interface Group {
  outageId: number
  firstId: number
}

/** By channel: of its oldest outage, what is due to be told together. One alone needs no summary. */
export function* dueGroups(nowAt: Instant): Work<Map<number, Group>> {
  const rows = yield* all<{ channel_id: number; outage_id: number; first_id: number }>(
    // The + keeps SQLite from going through all that is due, of which little or nothing is of an outage.
    `SELECT channel_id, outage_id, MIN(id) AS first_id FROM notifications
     WHERE outage_id IS NOT NULL AND due_at IS NOT NULL AND +due_at <= $1 AND round = 0
     GROUP BY channel_id, outage_id HAVING COUNT(*) > 1 ORDER BY outage_id DESC`,
    [nowAt],
  )
  return new Map(rows.map((row) => [row.channel_id, { outageId: row.outage_id, firstId: row.first_id }]))
}

/**
 * That a notification `n` is told together with the others of outage `$5`, and does not overtake older news
 * of its check.
 */
export const IN_GROUP = `n.outage_id = $5 AND n.round = 0 AND NOT EXISTS (
  SELECT 1 FROM notifications older
  WHERE older.check_id = n.check_id AND older.channel_id = n.channel_id AND older.id < n.id
    AND older.due_at IS NOT NULL AND (older.outage_id IS NULL OR older.outage_id <> n.outage_id))`

interface SummaryRow {
  code: string
  name: string
  slug: string
  tags: string
  project_name: string
  at: number
  last_ping_at: number | null
  tz: string | null
}

/** What there is to tell of these; null when none of the checks is there any more. */
export function* summaryOf(
  sql: Sql,
  notifications: readonly Notification[],
  { outageId, nowAt, accountEmail }: { outageId: number; nowAt: Instant; accountEmail: string | null },
): Work<Summary | null> {
  const rows = yield* all<SummaryRow>(
    `SELECT checks.code, checks.name, checks.slug, checks.tags, projects.name AS project_name, flips.at,
       checks.last_ping_at, owner.tz
     FROM notifications JOIN flips ON flips.id = notifications.flip_id
       JOIN checks ON checks.id = notifications.check_id
       JOIN projects ON projects.id = checks.project_id
       LEFT JOIN users owner ON owner.id = projects.owner_id
     WHERE ${sql.among('notifications.id', '$1', 'bigint')} ORDER BY notifications.id`,
    [JSON.stringify(notifications.map(({ id }) => id))],
  )
  const outage = yield* one<{ from_at: number; until_at: number }>(
    'SELECT from_at, until_at FROM outages WHERE id = $1',
    [outageId],
  )
  const [first] = rows
  if (!first || !outage) return null
  const account =
    accountEmail === null
      ? null
      : yield* one<{ tz: string }>('SELECT tz FROM users WHERE email = $1', [accountEmail.toLowerCase()])
  return {
    outage: { fromAt: outage.from_at, untilAt: outage.until_at },
    checks: rows.map((row) => ({
      code: row.code,
      name: row.name,
      slug: row.slug,
      tags: row.tags,
      projectName: row.project_name,
      at: row.at,
      lastPingAt: row.last_ping_at,
    })),
    nowAt,
    tz: account?.tz ?? first.tz ?? 'UTC',
    notificationCode: notifications[0]!.code,
  }
}
