import type { Channel } from '../core/channel'
import { QUICK_MS, togetherFor } from '../core/delivery'
import type { Delivery, Places } from '../core/delivery'
import type { Notification } from '../core/notification'
import type { Instant } from '../core/time'
import { dropWaiting, noteAttempt, toChannel } from './channels'
import type { ChannelRow } from './channels'
import { countUndelivered } from './reads'
import { dropPastRounds, isPast } from './repeats'
import { all, bit, clean, run, update } from './sql'
import type { Columns, Sql, Work } from './sql'
import { dueGroups, IN_GROUP } from './summaries'
import type { Group } from './summaries'

/** A notification that this instance may tell now, and the channel to tell it to. */
export interface Claim {
  notification: Notification
  channel: Channel
  /** Of all claims of a channel that are to be told in one message: the outage that they are about. */
  outageId?: number
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

export interface Finished extends Finish {
  claim: Claim
}

/**
 * What makes a claim that of one teller: whoever takes it over counts one more attempt, and what is told again
 * is another round.
 */
export type Held = Pick<Notification, 'id' | 'code' | 'round' | 'attempts' | 'channelId'>

/** That nothing is on its way through a channel; `lapsed` is the parameter until when leases have run out. */
const isFree = (lapsed: string): string => `NOT EXISTS (
  SELECT 1 FROM notifications s
  WHERE s.channel_id = channels.id AND s.state = 'sending' AND s.due_at > ${lapsed})`

/** That a notification `n` waits for its turn (`$1` is now), or was left by its teller. */
const isDue = (lapsed: string): string =>
  `n.due_at IS NOT NULL AND n.due_at <= $1 AND (n.state = 'waiting' OR n.due_at <= ${lapsed})`

/** Whether what waits together for a channel can be told to it in one message. */
export type Summarises = (channel: Channel) => boolean

/** The transaction that takes what is due, channel by channel. */
export function* claimDue(
  sql: Sql,
  nowAt: Instant,
  leaseUntilAt: Instant,
  places: Places,
  summarises: Summarises,
  lapsedAt: Instant,
): Work<Claim[]> {
  yield* dropPastRounds(nowAt)
  const when = { nowAt, lapsedAt }
  const quick = yield* candidates(when, 'last_took_ms <= $2', places.quick)
  // Whoever was never told comes first: it may well be quick.
  const slow = yield* candidates(when, '(last_took_ms IS NULL OR last_took_ms > $2)', places.slow)
  // Whoever holds the channel's row decides what goes through it next.
  const held = yield* all<ChannelRow>(
    `SELECT * FROM channels WHERE ${sql.among('id', '$1', 'bigint')} ORDER BY id ${sql.forUpdateSkipLocked}`,
    [JSON.stringify([...quick, ...slow].map((row) => row.id))],
  )
  const groups = yield* dueGroups(nowAt)
  const claims: Claim[] = []
  for (const channel of held.map(toChannel)) {
    if (channel.disabled) yield* dropDue(channel.id, nowAt)
    else {
      const group = groups.get(channel.id)
      const together = group !== undefined && summarises(channel) ? group : null
      claims.push(...(yield* claimOf(sql, channel, { ...when, leaseUntilAt, together })))
    }
  }
  return claims
}

/** Channels with something due and nothing on its way, quickest first. */
function candidates({ nowAt, lapsedAt }: When, kind: string, limit: number): Work<{ id: number }[]> {
  return all<{ id: number }>(
    `SELECT channels.id FROM channels
     WHERE ${kind} AND EXISTS (
         SELECT 1 FROM notifications n WHERE n.channel_id = channels.id AND ${isDue('$4')})
       AND ${isFree('$4')}
     ORDER BY last_took_ms NULLS FIRST, channels.id LIMIT $3`,
    [nowAt, QUICK_MS, limit, lapsedAt],
  )
}

interface When {
  nowAt: Instant
  /** Leases that ran out until then may be taken over. */
  lapsedAt: Instant
}

interface Taking extends When {
  leaseUntilAt: Instant
  together: Group | null
}

function* claimOf(sql: Sql, channel: Channel, { together, ...taking }: Taking): Work<Claim[]> {
  if (together === null) return yield* take(sql, channel, taking, 'TRUE', [togetherFor(channel.lastTookMs)])
  // What is older than the first of them has its turn before.
  const older = yield* take(sql, channel, taking, 'n.id < $6', [
    togetherFor(channel.lastTookMs),
    together.firstId,
  ])
  if (older.length > 0) return older
  const claims = yield* take(sql, channel, taking, IN_GROUP, [together.outageId], { isTogether: true })
  return claims.map((claim) => ({ ...claim, outageId: together.outageId }))
}

function* take(
  sql: Sql,
  channel: Channel,
  { nowAt, lapsedAt, leaseUntilAt }: Omit<Taking, 'together'>,
  which: string,
  values: readonly number[],
  { isTogether } = { isTogether: false },
): Work<Claim[]> {
  const rows = yield* all<NotificationRow>(
    `UPDATE notifications
     SET state = 'sending', attempts = attempts + 1, due_at = $3, finished_at = NULL,
       first_attempt_at = COALESCE(first_attempt_at, $1), late_error = '',
       told_together = CASE WHEN round > 0 THEN told_together ELSE ${bit(isTogether)} END
     WHERE id IN (
       SELECT n.id FROM notifications n JOIN channels ON channels.id = n.channel_id
       WHERE n.channel_id = $2 AND ${isDue('$4')} AND ${isFree('$4')} AND ${which}
       ORDER BY n.id ${isTogether ? '' : 'LIMIT $5'})
     RETURNING *`,
    [nowAt, channel.id, leaseUntilAt, lapsedAt, ...values],
  )
  if (rows.length === 0) return []
  const mine = rows.toSorted((one, other) => one.id - other.id).map(toNotification)
  yield* supersedeOlder(sql, channel.id, mine)
  return mine.map((notification) => ({ notification, channel }))
}

/**
 * What failed just while its successor was being kept did not see it, and waits for another try: told then,
 * a down would come after its up.
 */
function* supersedeOlder(sql: Sql, channelId: number, claimed: readonly Notification[]): Work<void> {
  yield* run(
    `UPDATE notifications SET state = 'superseded', due_at = NULL
     WHERE channel_id = $1 AND state = 'waiting' AND attempts > 0 AND ${sql.among('check_id', '$2', 'bigint')}
       AND EXISTS (
         SELECT 1 FROM notifications newer
         WHERE ${sql.among('newer.id', '$3', 'bigint')}
           AND newer.check_id = notifications.check_id AND newer.id > notifications.id)`,
    [
      channelId,
      JSON.stringify(claimed.map(({ checkId }) => checkId)),
      JSON.stringify(claimed.map(({ id }) => id)),
    ],
  )
}

/** What was handed back, or left by somebody who is gone, to a channel that was switched off meanwhile. */
function* dropDue(channelId: number, nowAt: Instant): Work<void> {
  yield* run(
    `UPDATE notifications SET state = 'failed', due_at = NULL, error = 'Channel disabled'
     WHERE channel_id = $1 AND due_at IS NOT NULL AND due_at <= $2`,
    [channelId, nowAt],
  )
}

/**
 * The transaction that keeps claims for longer; gives the ids of those that were still ours. A lease that ran
 * out is kept as well, unless somebody else tells something to the same channel by now: the two of us would
 * get its order wrong.
 */
export function* renewAll(
  sql: Sql,
  held: readonly Held[],
  nowAt: Instant,
  leaseUntilAt: Instant,
): Work<Set<number>> {
  yield* all(
    `SELECT id FROM channels WHERE ${sql.among('id', '$1', 'bigint')} ORDER BY id ${sql.forUpdate}`,
    [JSON.stringify([...new Set(held.map(({ channelId }) => channelId))])],
  )
  const ids = JSON.stringify(held.map(({ id }) => id))
  const busy = yield* all<{ channel_id: number }>(
    `SELECT DISTINCT channel_id FROM notifications
     WHERE ${sql.among('channel_id', '$2', 'bigint')} AND state = 'sending' AND due_at > $3
       AND NOT (${sql.among('id', '$1', 'bigint')})`,
    [ids, JSON.stringify(held.map(({ channelId }) => channelId)), nowAt],
  )
  const taken = new Set(busy.map(({ channel_id }) => channel_id))
  const mine = (yield* lockHeld(sql, held)).filter(({ channelId }) => !taken.has(channelId))
  yield* run(`UPDATE notifications SET due_at = $2 WHERE ${sql.among('id', '$1', 'bigint')}`, [
    JSON.stringify(mine.map(({ id }) => id)),
    leaseUntilAt,
  ])
  return new Set(mine.map(({ id }) => id))
}

/** The transaction that gives back what is still ours, as if it had never been taken. */
export function* handBackAll(sql: Sql, held: readonly Held[]): Work<void> {
  const mine = yield* lockHeld(sql, held)
  yield* run(
    `UPDATE notifications SET state = 'waiting', attempts = attempts - 1, due_at = 0
     WHERE ${sql.among('id', '$1', 'bigint')}`,
    [JSON.stringify(mine.map(({ id }) => id))],
  )
}

/** Those that nobody has taken over. By code, because SQLite gives numbers anew. */
function* lockHeld(sql: Sql, held: readonly Held[]): Work<Held[]> {
  const rows = yield* all<Pick<NotificationRow, 'code' | 'round' | 'attempts'>>(
    `SELECT code, round, attempts FROM notifications
     WHERE ${sql.among('id', '$1', 'bigint')} AND state = 'sending' ORDER BY id ${sql.forUpdate}`,
    [JSON.stringify(held.map(({ id }) => id))],
  )
  const found = new Map(rows.map((row) => [row.code, row]))
  return held.filter((one) => isSameClaim(one, found.get(one.code)))
}

function isSameClaim(held: Held, row: Pick<NotificationRow, 'round' | 'attempts'> | undefined): boolean {
  return row?.round === held.round && row.attempts === held.attempts
}

const OUTCOME: Columns = {
  id: 'bigint',
  state: 'text',
  due_at: 'bigint',
  finished_at: 'bigint',
  error: 'text',
}

/**
 * The transaction that says how claims went. Channels are locked before their notifications, as by who
 * claims, so that the two never wait for each other in a circle.
 */
export function* finishAll(sql: Sql, told: readonly Finished[]): Work<void> {
  const channelIds = [...new Set(told.map(({ claim }) => claim.notification.channelId))]
  const channels = yield* all<{ id: number; disabled: number }>(
    `SELECT id, disabled FROM channels WHERE ${sql.among('id', '$1', 'bigint')} ORDER BY id ${sql.forUpdate}`,
    [JSON.stringify(channelIds)],
  )
  const sending = yield* all<Sending>(
    `SELECT code, round, attempts, finished_at, error, late_error FROM notifications
     WHERE ${sql.among('id', '$1', 'bigint')} AND state = 'sending' ORDER BY id ${sql.forUpdate}`,
    [JSON.stringify(told.map(({ claim }) => claim.notification.id))],
  )
  // Those that somebody else has taken over meanwhile are theirs. By code, because SQLite gives the number
  // of what was removed meanwhile to what came next.
  const rows = new Map(sending.map((row) => [row.code, row]))
  const mine = told
    .filter(({ claim: { notification: n } }) => isSameClaim(n, rows.get(n.code)))
    .map((one) => asKnown(one, rows.get(one.claim.notification.code)))
  const off = new Set(channels.filter(({ disabled }) => disabled === 1).map(({ id }) => id))
  const newer = yield* withNewerNews(sql, mine)
  const outcomes = []
  for (const one of mine) outcomes.push(yield* outcomeOf(one, { off, newer }))
  yield* update('notifications', OUTCOME, outcomes)
  const failed = new Set(outcomes.filter(({ state }) => state === 'failed').map(({ id }) => id))
  const undelivered = mine.filter(({ claim }) => failed.has(claim.notification.id))
  yield* countUndelivered(undelivered.map(({ claim }) => claim.notification.checkId))
  yield* noteAtChannels(mine)
}

interface Sending {
  code: string
  round: number
  attempts: number
  finished_at: number | null
  error: string
  late_error: string
}

interface Known extends Finished {
  /** What somebody had to say of a message that we know to be handed over. */
  lateError: string
}

/** Who was told before us that the message is lost knows better than the answer that we got for it. */
function asKnown(one: Finished, row: Sending | undefined): Known {
  const known = { ...one, lateError: row?.late_error ?? '' }
  if (!row || row.finished_at === null) return known
  return { ...known, delivery: { ok: false, kind: 'final', reason: row.error }, nextAt: null }
}

function errorOf({ delivery, lateError }: Known): string {
  return delivery.ok ? lateError : delivery.reason
}

function* outcomeOf(one: Known, { off, newer }: { off: ReadonlySet<number>; newer: ReadonlySet<number> }) {
  const { claim, delivery, at, tookMs, nextAt } = one
  const { notification } = claim
  const past = newer.has(notification.id) || (nextAt !== null && (yield* isPast(notification)))
  const again = nextAt !== null && !past && !off.has(notification.channelId)
  const state = delivery.ok ? 'sent' : again ? 'waiting' : nextAt !== null && past ? 'superseded' : 'failed'
  return {
    id: notification.id,
    state,
    due_at: again ? nextAt : null,
    finished_at: again ? null : at + tookMs,
    error: clean(errorOf(one)),
  }
}

/** Of those that would be tried again, the ones whose check has newer news for the same channel. */
function* withNewerNews(sql: Sql, told: readonly Finished[]): Work<Set<number>> {
  const again = told.filter(({ nextAt }) => nextAt !== null).map(({ claim }) => claim.notification.id)
  if (again.length === 0) return new Set()
  const rows = yield* all<{ id: number }>(
    `SELECT id FROM notifications n WHERE ${sql.among('n.id', '$1', 'bigint')} AND EXISTS (
       SELECT 1 FROM notifications newer
       WHERE newer.check_id = n.check_id AND newer.channel_id = n.channel_id AND newer.id > n.id)`,
    [JSON.stringify(again)],
  )
  return new Set(rows.map(({ id }) => id))
}

function* noteAtChannels(told: readonly Known[]): Work<void> {
  for (const [id, ofChannel] of Map.groupBy(told, ({ claim }) => claim.notification.channelId)) {
    const last = ofChannel.at(-1)!
    const broken = ofChannel.find(({ delivery }) => !delivery.ok && delivery.kind === 'permanent')
    const { at, tookMs } = broken ?? last
    const error = clean(errorOf(broken ?? last))
    yield* noteAttempt(id, { at, tookMs, error, disable: broken !== undefined })
    if (broken) yield* dropWaiting(id)
  }
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
  told_together: number
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
    isTogether: row.told_together === 1,
  }
}
