import type { Places } from '../core/delivery'
import type { Notice } from '../core/notice'
import type { Notification } from '../core/notification'
import type { Summary } from '../core/summary'
import type { Instant } from '../core/time'
import { claimDue, finishAll, handBackAll, renewAll, toNotification } from './claims'
import type { Claim, Finish, Finished, Held, NotificationRow, Summarises } from './claims'
import { noticesOf } from './notices'
import { failLate } from './late-failures'
import type { LateFailure } from './late-failures'
import { GOES_OUT } from './sending'
import { all, one, run } from './sql'
import type { Sql } from './sql'
import { summaryOf } from './summaries'

export { toNotification }
export type { Claim, Finish, Finished, Held, LateFailure, NotificationRow }

/** Bodies larger than this are read when their turn comes, so that many claims never fill the memory. */
const LARGE_BODY_BYTES = 20_000

/** A notification as the log shows it. */
export interface LoggedNotification extends Notification {
  channelKind: string
  channelName: string
}

export interface NotificationStore {
  /**
   * Takes what is due for this instance, of as many channels as there are places for the quick ones and for
   * those that are slow or were never told, so that neither wait for the other: of each the oldest, and none while
   * something of that channel is on its way, so that an up never overtakes its down. Of a channel that
   * answers quickly several, which stand together and are to be told in their order. If this instance
   * dies before `finish`, they fall due again at `leaseUntilAt`: told twice rather than never. Of what waits
   * to be told together because of an outage, all, if the channel `summarises`. Nothing while sending is paused.
   * What somebody else had taken is taken over only if its lease ran out until `lapsedAt`, which is now unless
   * it is said.
   */
  claim(
    nowAt: Instant,
    leaseUntilAt: Instant,
    places: Places,
    summarises?: Summarises,
    lapsedAt?: Instant,
  ): Promise<Claim[]>
  /** Keeps claims that are still being told; gives the ids of those that nobody else has taken over. */
  renew(held: readonly Held[], nowAt: Instant, leaseUntilAt: Instant): Promise<ReadonlySet<number>>
  /** Gives claims back untold, as if they had never been taken, but for those that somebody took over. */
  handBack(held: readonly Held[]): Promise<void>
  /** What a process that is gone had claimed is due at once. Only for a database with one instance. */
  releaseAll(): Promise<void>
  /** Says how it went. Nothing happens if somebody else has taken the claim over meanwhile. */
  finish(claim: Claim, finish: Finish): Promise<void>
  /** The same for many at once. */
  finishAll(told: readonly Finished[]): Promise<void>
  /**
   * All there is to tell, or null if the check is gone. `accountEmail` is the address that a mail
   * goes to: if it has an account, the times are in its zone and its projects are listed.
   */
  notice(claim: Claim, nowAt: Instant, accountEmail: string | null): Promise<Notice | null>
  /** The same for several of one channel, by id of the notification, but without bodies that are large. */
  notices(
    notifications: readonly Notification[],
    nowAt: Instant,
    accountEmail: string | null,
  ): Promise<Map<number, Notice>>
  /** What there is to tell of claims that are told together; null when none of their checks is there any more. */
  summary(claims: readonly Claim[], nowAt: Instant, accountEmail: string | null): Promise<Summary | null>
  /** Newest first. */
  ofCheck(checkId: number, limit: number): Promise<LoggedNotification[]>
  /** Others tell us that a message which we had handed over did not arrive. False: there is none since then. */
  failLate(code: string, failure: LateFailure): Promise<boolean>
  waitingOfChannel(channelId: number): Promise<{ waiting: number; nextAt: Instant | null }>
  /** How many wait in all, and since when the oldest: for those who run the instance. */
  backlog(): Promise<{ waiting: number; oldestAt: Instant | null }>
}

export function notificationStore(sql: Sql): NotificationStore {
  return {
    async claim(nowAt, leaseUntilAt, places, summarises = () => false, lapsedAt = nowAt) {
      const anyDue = await sql.read(() =>
        one(`SELECT 1 AS due FROM notifications WHERE due_at <= $1 AND ${GOES_OUT} LIMIT 1`, [nowAt]),
      )
      if (!anyDue || places.quick + places.slow <= 0) return []
      return sql.transaction(() => claimDue(sql, nowAt, leaseUntilAt, places, summarises, lapsedAt))
    },

    renew: (held, nowAt, leaseUntilAt) => sql.transaction(() => renewAll(sql, held, nowAt, leaseUntilAt)),

    handBack: (held) => sql.transaction(() => handBackAll(sql, held)),

    releaseAll: () =>
      sql.transaction(() =>
        run(
          `UPDATE notifications SET state = 'waiting', due_at = 0, attempts = attempts - 1 WHERE state = 'sending'`,
        ),
      ),

    finish: (claim, how) => sql.transaction(() => finishAll(sql, [{ claim, ...how }])),

    finishAll: (told) => sql.transaction(() => finishAll(sql, told)),

    async notice({ notification }, nowAt, accountEmail) {
      const options = { nowAt, accountEmail, maxBodyBytes: Number.MAX_SAFE_INTEGER }
      const found = await sql.read(() => noticesOf(sql, [notification], options))
      return found.get(notification.id) ?? null
    },

    notices: (notifications, nowAt, accountEmail) =>
      sql.read(() => noticesOf(sql, notifications, { nowAt, accountEmail, maxBodyBytes: LARGE_BODY_BYTES })),

    async summary(claims, nowAt, accountEmail) {
      const outageId = claims[0]?.outageId
      if (outageId === undefined) return null
      const told = claims.map(({ notification }) => notification)
      return sql.read(() => summaryOf(sql, told, { outageId, nowAt, accountEmail }))
    },

    ofCheck: (checkId, limit) =>
      sql.read(function* () {
        const rows = yield* all<NotificationRow & { kind: string; name: string }>(
          `SELECT notifications.*, channels.kind, channels.name
           FROM notifications JOIN channels ON channels.id = channel_id
           WHERE check_id = $1 ORDER BY notifications.id DESC LIMIT $2`,
          [checkId, limit],
        )
        return rows.map((row) => ({
          ...toNotification(row),
          channelKind: row.kind,
          channelName: row.name,
        }))
      }),

    failLate: (code, failure) => sql.transaction(() => failLate(code, failure)),

    waitingOfChannel: (channelId) =>
      sql.read(function* () {
        const row = yield* one<{ waiting: number; next_at: number | null }>(
          `SELECT COUNT(*) AS waiting, MIN(due_at) AS next_at
           FROM notifications WHERE channel_id = $1 AND due_at IS NOT NULL`,
          [channelId],
        )
        return { waiting: row?.waiting ?? 0, nextAt: row?.next_at ?? null }
      }),

    backlog: () =>
      sql.read(function* () {
        const row = yield* one<{ waiting: number; oldest_at: number | null }>(
          `SELECT COUNT(*) AS waiting, MIN(created_at) AS oldest_at
           FROM notifications WHERE due_at IS NOT NULL`,
        )
        return { waiting: row?.waiting ?? 0, oldestAt: row?.oldest_at ?? null }
      }),
  }
}
