import type { Channel } from '../core/channel'
import type { Delivery } from '../core/delivery'
import type { Notice } from '../core/notice'
import type { Notification } from '../core/notification'
import type { Instant } from '../core/time'
import { dropWaiting, noteAttempt, noteLateFailure, toChannel } from './channels'
import type { ChannelRow } from './channels'
import { noticeOf } from './notices'
import { dropPastRounds, isPast } from './repeats'
import { all, bit, clean, one, run } from './sql'
import type { Sql, Work } from './sql'

/** A notification that this instance may tell now, and the channel to tell it to. */
export interface Claim {
  notification: Notification
  channel: Channel
}

/** How the telling of a claim went. */
export interface Finish {
  delivery: Delivery
  /** When the attempt began, and how long it took. */
  at: Instant
  tookMs: number
  /** When to try again; null for never. */
  nextAt: Instant | null
}

/** What we are told of a message that we had handed over. */
export interface LateFailure {
  error: string
  /** It will not arrive any more; otherwise somebody is still trying. */
  isLost: boolean
  /** Nothing sent through this channel will. */
  disables: boolean
  /** Only of what was handed over since. */
  sinceAt: Instant
}

/** A notification as the log shows it. */
export interface LoggedNotification extends Notification {
  channelKind: string
  channelName: string
}

export interface NotificationStore {
  /**
   * Takes up to `limit` due notifications for this instance: of each channel the oldest, and none
   * while another of that channel is on its way, so that an up never overtakes its down. If this
   * instance dies before `finish`, they fall due again at `leaseUntilAt`: told twice rather than never.
   */
  claim(nowAt: Instant, leaseUntilAt: Instant, limit: number): Promise<Claim[]>
  /** Keeps claims that are still being told. */
  renew(ids: readonly number[], leaseUntilAt: Instant): Promise<void>
  /** Gives claims back untold, as if they had never been taken. */
  handBack(ids: readonly number[]): Promise<void>
  /** What a process that is gone had claimed is due at once. Only for a database with one instance. */
  releaseAll(): Promise<void>
  /** Says how it went. Nothing happens if somebody else has taken the claim over meanwhile. */
  finish(claim: Claim, finish: Finish): Promise<void>
  /**
   * All there is to tell, or null if the check is gone. `accountEmail` is the address that a mail
   * goes to: if it has an account, the times are in its zone and its projects are listed.
   */
  notice(claim: Claim, nowAt: Instant, accountEmail: string | null): Promise<Notice | null>
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
    async claim(nowAt, leaseUntilAt, limit) {
      const anyDue = await sql.read(() =>
        one('SELECT 1 AS due FROM notifications WHERE due_at <= $1 LIMIT 1', [nowAt]),
      )
      if (!anyDue || limit <= 0) return []
      return sql.transaction(function* () {
        yield* dropPastRounds(nowAt)
        const candidates = yield* oldestDue(nowAt, limit)
        // Whoever holds the channel's row decides what goes through it next.
        const held = yield* all<{ id: number }>(
          `SELECT id FROM channels WHERE ${sql.among('id', '$1', 'bigint')} ORDER BY id ${sql.forUpdateSkipLocked}`,
          [JSON.stringify(candidates.map((row) => row.channel_id))],
        )
        const channelIds = held.map((row) => row.id)
        const due = yield* oldestDue(nowAt, limit, channelIds)
        const ids = JSON.stringify(due.map((row) => row.id))
        yield* run(
          `UPDATE notifications
           SET state = 'sending', attempts = attempts + 1, due_at = $2,
               first_attempt_at = COALESCE(first_attempt_at, $3)
           WHERE ${sql.among('id', '$1', 'bigint')}`,
          [ids, leaseUntilAt, nowAt],
        )
        return yield* claims(ids, channelIds)
      })
    },

    renew: (ids, leaseUntilAt) =>
      sql.transaction(() =>
        run(
          `UPDATE notifications SET due_at = $2
           WHERE ${sql.among('id', '$1', 'bigint')} AND state = 'sending'`,
          [JSON.stringify(ids), leaseUntilAt],
        ),
      ),

    handBack: (ids) =>
      sql.transaction(() =>
        run(
          `UPDATE notifications SET state = 'waiting', attempts = attempts - 1, due_at = 0
           WHERE ${sql.among('id', '$1', 'bigint')} AND state = 'sending'`,
          [JSON.stringify(ids)],
        ),
      ),

    releaseAll: () =>
      sql.transaction(() =>
        run(
          `UPDATE notifications SET state = 'waiting', due_at = 0, attempts = attempts - 1 WHERE state = 'sending'`,
        ),
      ),

    finish: (claim, how) => sql.transaction(() => finish(claim, how)),

    notice: (claim, nowAt, accountEmail) => sql.read(() => noticeOf(claim.notification, nowAt, accountEmail)),

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

    failLate: (code, { error, isLost, disables, sinceAt }) =>
      sql.transaction(function* () {
        const [found] = yield* all<{ channel_id: number }>(
          `UPDATE notifications SET error = $2,
             state = CASE WHEN state = 'sent' AND $3 = 1 THEN 'failed' ELSE state END
           WHERE code = $1 AND COALESCE(finished_at, first_attempt_at, created_at) > $4
           RETURNING channel_id`,
          [code, clean(error), bit(isLost), sinceAt],
        )
        if (!found) return false
        yield* noteLateFailure(found.channel_id, clean(error), disables)
        return true
      }),

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

  /** Of each channel that is free the oldest due one; channels that answer quickly come first. */
  function* oldestDue(
    nowAt: Instant,
    limit: number,
    channelIds?: readonly number[],
  ): Work<{ id: number; channel_id: number }[]> {
    const only = channelIds ? `AND ${sql.among('channels.id', '$3', 'bigint')}` : ''
    return yield* all(
      `SELECT id, channel_id FROM (
         SELECT channels.id AS channel_id, last_took_ms, (
           SELECT n.id FROM notifications n
           WHERE n.channel_id = channels.id AND n.due_at IS NOT NULL AND n.due_at <= $1
           ORDER BY n.id LIMIT 1) AS id
         FROM channels
         WHERE NOT EXISTS (
           SELECT 1 FROM notifications s
           WHERE s.channel_id = channels.id AND s.state = 'sending' AND s.due_at > $1) ${only}
       ) oldest
       WHERE id IS NOT NULL ORDER BY last_took_ms NULLS LAST, id LIMIT $2`,
      [nowAt, limit, ...(channelIds ? [JSON.stringify(channelIds)] : [])],
    )
  }

  function* claims(ids: string, channelIds: readonly number[]): Work<Claim[]> {
    const rows = yield* all<NotificationRow>(
      `SELECT * FROM notifications WHERE ${sql.among('id', '$1', 'bigint')} ORDER BY id`,
      [ids],
    )
    const channels = yield* all<ChannelRow>(
      `SELECT * FROM channels WHERE ${sql.among('id', '$1', 'bigint')}`,
      [JSON.stringify(channelIds)],
    )
    const byId = new Map(channels.map((row) => [row.id, toChannel(row)]))
    return rows.flatMap((row) => {
      const channel = byId.get(row.channel_id)
      return channel ? [{ notification: toNotification(row), channel }] : []
    })
  }
}

function* finish({ notification }: Claim, how: Finish): Work<void> {
  const { id, code, attempts, checkId, channelId } = notification
  const { delivery, at, tookMs, nextAt } = how
  const error = delivery.ok ? '' : delivery.reason
  const newer = yield* one(
    'SELECT 1 AS newer FROM notifications WHERE channel_id = $1 AND check_id = $2 AND id > $3 LIMIT 1',
    [channelId, checkId, id],
  )
  const off = yield* one('SELECT 1 AS off FROM channels WHERE id = $1 AND disabled = 1', [channelId])
  const past = newer !== null || (yield* isPast(notification))
  const again = nextAt !== null && !past && !off
  const state = delivery.ok ? 'sent' : again ? 'waiting' : nextAt !== null && past ? 'superseded' : 'failed'
  // By its code as well: SQLite gives the number of what was removed meanwhile to what came next.
  const mine = yield* all(
    `UPDATE notifications SET state = $3, due_at = $4, finished_at = $5, error = $6
     WHERE id = $1 AND attempts = $2 AND state = 'sending' AND code = $7 RETURNING id`,
    [id, attempts, state, again ? nextAt : null, again ? null : at + tookMs, clean(error), code],
  )
  if (mine.length === 0) return
  const disable = !delivery.ok && delivery.kind === 'permanent'
  yield* noteAttempt(channelId, { at, tookMs, error, disable })
  if (disable) yield* dropWaiting(channelId)
}

export interface NotificationRow {
  id: number
  code: string
  flip_id: number
  check_id: number
  channel_id: number
  status: 'up' | 'down'
  state: Notification['state']
  round: number
  attempts: number
  created_at: number
  first_attempt_at: number | null
  due_at: number | null
  finished_at: number | null
  error: string
}

export function toNotification(row: NotificationRow): Notification {
  return {
    id: row.id,
    code: row.code,
    flipId: row.flip_id,
    checkId: row.check_id,
    channelId: row.channel_id,
    status: row.status,
    state: row.state,
    round: row.round,
    attempts: row.attempts,
    createdAt: row.created_at,
    firstAttemptAt: row.first_attempt_at,
    dueAt: row.due_at,
    finishedAt: row.finished_at,
    error: row.error,
  }
}
