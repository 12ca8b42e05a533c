import { MINUTE } from '../../src/core/time'
import type { Instant } from '../../src/core/time'
import { all } from '../../src/store/sql'
import type { Sql } from '../../src/store/sql'
import { deadlineOf, edited, looked, newModel, paused, pinged, resumed } from './oracle'
import type { Change, Model } from './oracle'
import type { Clocks, Passer, Tag } from './gate'

/** A promise that was broken. */
export class Violation extends Error {}

export interface CheckSeen {
  id: number
  code: string
  status: Model['status']
  period_ms: number
  grace_ms: number
  last_ping_at: Instant | null
  started_at: Instant | null
  started_run_id: string | null
  alert_after_at: Instant | null
  ping_count: number
}

export interface FlipSeen {
  id: number
  check_id: number
  at: Instant
  from_status: Model['status']
  to_status: Model['status']
  reason: Change['reason']
  acknowledged_at: Instant | null
}

export interface NotificationSeen {
  id: number
  code: string
  flip_id: number
  check_id: number
  channel_id: number
  status: 'up' | 'down'
  state: string
  round: number
  attempts: number
  due_at: Instant | null
  error: string
}

export interface ChannelSeen {
  id: number
  disabled: number
  check_id: number | null
}

/** All that is kept and matters here. */
export interface Snapshot {
  checks: Map<number, CheckSeen>
  flips: Map<number, FlipSeen>
  notifications: Map<number, NotificationSeen>
  channels: ChannelSeen[]
  /** When the first open notification is due; Infinity: none is open. */
  nextDueAt: number
  /** Until when nobody is judged on any instance, after an outage that is not settled; 0: there is none. */
  holdUntilAt: Instant
}

export async function snapshotOf(driver: Sql): Promise<Snapshot> {
  return driver.read(function* () {
    const checks = yield* all<CheckSeen>(
      `SELECT id, code, status, period_ms, grace_ms, last_ping_at, started_at, started_run_id, alert_after_at,
         ping_count FROM checks`,
    )
    const flips = yield* all<FlipSeen>(
      'SELECT id, check_id, at, from_status, to_status, reason, acknowledged_at FROM flips',
    )
    const notifications = yield* all<NotificationSeen>(
      `SELECT id, code, flip_id, check_id, channel_id, status, state, round, attempts, due_at, error
       FROM notifications`,
    )
    const channels = yield* all<ChannelSeen>(
      'SELECT id, disabled, check_id FROM channels LEFT JOIN check_channels ON channel_id = channels.id',
    )
    const [outage] = yield* all<{ hold_until_at: Instant }>(
      'SELECT hold_until_at FROM outages WHERE is_open = 1',
    )
    return {
      checks: new Map(checks.map((row) => [row.id, row])),
      flips: new Map(flips.map((row) => [row.id, row])),
      notifications: new Map(notifications.map((row) => [row.id, row])),
      channels,
      nextDueAt: Math.min(...notifications.map(({ due_at }) => due_at ?? Infinity)),
      holdUntilAt: outage?.hold_until_at ?? 0,
    }
  })
}

const NOTHING: Snapshot = {
  checks: new Map(),
  flips: new Map(),
  notifications: new Map(),
  channels: [],
  nextDueAt: Infinity,
  holdUntilAt: 0,
}

/**
 * Looks at the database after every commit: that the checks are as a second opinion has them, that every change
 * and nothing else became a flip, that every flip that is news has a notification for every channel from the
 * first moment on, and that notifications only go ways that they may go.
 */
export class Observer {
  seen: Snapshot = NOTHING
  readonly models = new Map<number, Model>()
  /** Flips that people have to be told of, with the channels for it. */
  readonly news = new Map<number, { checkId: number; to: string; channelIds: number[] }>()
  /** Who claimed a notification last. */
  readonly claimedBy = new Map<number, Passer>()
  /** Whether the other side said yes to what has this key. */
  wasAnsweredOk: (key: string) => boolean = () => false
  readonly #driver: Sql
  readonly #clocks: Clocks

  constructor(driver: Sql, clocks: Clocks) {
    this.#driver = driver
    this.#clocks = clocks
  }

  /** What is there before anything happens. */
  async begin(): Promise<void> {
    this.seen = await snapshotOf(this.#driver)
    for (const check of this.seen.checks.values()) this.#meet(check)
  }

  /** Whether a look at the alarms has to change something. */
  expectsOfLook(nowAt: Instant): boolean {
    if (this.#isHeld(nowAt)) return false
    return [...this.models.values()].some((model) => {
      const deadlineAt = deadlineOf(model)
      return model.status !== 'down' && deadlineAt !== null && deadlineAt <= nowAt
    })
  }

  /** After a commit of this process; `tag` is null when it changed no check. */
  async look(who: Passer, tag: Tag | null): Promise<FlipSeen[]> {
    const before = this.seen
    const now = await snapshotOf(this.#driver)
    this.seen = now
    const changes = this.#expected(tag)
    const flips = [...now.flips.values()].filter(({ id }) => !before.flips.has(id))
    this.#compareFlips(flips, changes)
    for (const check of now.checks.values()) if (!this.models.has(check.id)) this.#meet(check)
    this.#compareChecks(now)
    this.#noteNews(before, now, flips, changes)
    this.#followNotifications(before, now, who)
    return flips
  }

  /** A hold is never longer than five minutes: a date further ahead is from before the clock was set back. */
  #isHeld(nowAt: Instant): boolean {
    const leftMs = this.seen.holdUntilAt - nowAt
    return leftMs > 0 && leftMs <= 5 * MINUTE
  }

  #meet({ id, period_ms, grace_ms }: CheckSeen): void {
    this.models.set(id, newModel(period_ms, grace_ms))
  }

  /** What the second opinion makes of what was done. */
  #expected(tag: Tag | null): { checkId: number; change: Change }[] {
    const of = (checkId: number, judge: (model: Model) => Change[]) => {
      const model = this.models.get(checkId)
      return model ? judge(model).map((change) => ({ checkId, change })) : []
    }
    switch (tag?.kind) {
      case undefined:
        return []
      case 'pings': {
        const idOf = new Map([...this.seen.checks.values()].map(({ id, code }) => [code, id]))
        return tag.arrivals.flatMap(({ code, ping }) =>
          of(idOf.get(code) ?? -1, (model) => pinged(model, ping)),
        )
      }
      case 'watch':
        if (tag.limit === 0 || this.#isHeld(tag.nowAt)) return []
        return [...this.models.keys()].flatMap((id) => of(id, (model) => looked(model, tag.nowAt)))
      case 'pause':
        return of(tag.checkId, (model) => paused(model, tag.at))
      case 'resume':
        return of(tag.checkId, (model) => resumed(model, tag.at))
      case 'edit':
        return of(tag.checkId, (model) => edited(model, tag.at, tag.periodMs, tag.graceMs))
      case 'remove':
        this.models.delete(tag.checkId)
        // SQLite gives the numbers of what is gone to what comes next.
        for (const [id, { checkId }] of this.news) if (checkId === tag.checkId) this.news.delete(id)
        return []
    }
  }

  #compareFlips(flips: readonly FlipSeen[], changes: readonly { checkId: number; change: Change }[]): void {
    const words = (checkId: number, from: string, to: string, at: Instant, reason: string) =>
      `check ${checkId} ${from} -> ${to} at ${at} ${reason}`
    const found = flips.map((one) => words(one.check_id, one.from_status, one.to_status, one.at, one.reason))
    const wanted = changes.map(({ checkId, change: { from, to, at, reason } }) =>
      words(checkId, from, to, at, reason),
    )
    if (found.toSorted().join() !== wanted.toSorted().join())
      throw new Violation(`flips differ: found [${found.join('; ')}], expected [${wanted.join('; ')}]`)
  }

  #compareChecks(now: Snapshot): void {
    for (const [id, model] of this.models) {
      const row = now.checks.get(id)
      const found = row && [
        row.status,
        row.last_ping_at,
        row.started_at,
        row.alert_after_at,
        row.period_ms,
        row.grace_ms,
        row.ping_count,
      ]
      const { status, lastPingAt, startedAt, periodMs, graceMs, n } = model
      const wanted = [status, lastPingAt, startedAt, deadlineOf(model), periodMs, graceMs, n]
      if (String(found) !== String(wanted))
        throw new Violation(`check ${id} is [${String(found)}], expected [${String(wanted)}]`)
    }
  }

  #noteNews(
    before: Snapshot,
    now: Snapshot,
    flips: readonly FlipSeen[],
    changes: readonly { checkId: number; change: Change }[],
  ): void {
    const left = [...changes]
    for (const flip of flips) {
      const at = left.findIndex(
        ({ checkId, change }) => checkId === flip.check_id && change.to === flip.to_status,
      )
      const [found] = left.splice(at, 1)
      const rows = [...now.notifications.values()].filter(({ flip_id }) => flip_id === flip.id)
      const channelIds = found?.change.isNews
        ? before.channels
            .filter(({ check_id, disabled }) => check_id === flip.check_id && disabled === 0)
            .map(({ id }) => id)
        : []
      const told = rows.map(({ channel_id }) => channel_id)
      if (told.toSorted((a, b) => a - b).join() !== channelIds.toSorted((a, b) => a - b).join())
        throw new Violation(
          `flip ${flip.id} (to ${flip.to_status}) is queued for channels [${told.join()}], expected [${channelIds.join()}]`,
        )
      if (channelIds.length > 0)
        this.news.set(flip.id, { checkId: flip.check_id, to: flip.to_status, channelIds })
    }
  }

  #followNotifications(before: Snapshot, now: Snapshot, who: Passer): void {
    for (const [id, was] of before.notifications) {
      const is = now.notifications.get(id)
      if (is) this.#follow(was, is, { before, now }, who)
      else if (now.checks.has(was.check_id) && now.channels.some((one) => one.id === was.channel_id))
        throw new Violation(`notification ${id} is gone while its check and its channel are there`)
    }
    for (const is of now.notifications.values()) {
      if (!before.notifications.has(is.id) && (is.state !== 'waiting' || is.attempts !== 0))
        throw new Violation(`notification ${is.id} begins as ${is.state}`)
      if (is.state === 'failed' && is.error === '')
        throw new Violation(`notification ${is.id} failed without a word`)
      const isOpen = is.state === 'waiting' || is.state === 'sending'
      if (isOpen !== (is.due_at !== null))
        throw new Violation(`notification ${is.id} is ${is.state} and due at ${is.due_at}`)
    }
  }

  #follow(
    was: NotificationSeen,
    is: NotificationSeen,
    { before, now }: { before: Snapshot; now: Snapshot },
    who: Passer,
  ): void {
    const way = `${was.state} -> ${is.state}`
    const wrong = (why: string): never => {
      throw new Violation(`notification ${is.id} (${is.status}, round ${is.round}) went ${way}: ${why}`)
    }
    const sameLine = [...now.notifications.values()].filter(
      (one) => one.channel_id === is.channel_id && one.check_id === is.check_id,
    )
    if (is.state === 'sending' && is.attempts > was.attempts) {
      this.claimedBy.set(is.id, who)
      if (was.state === 'sending' && was.due_at! > this.#clocks.wallAt)
        wrong('the lease of another still runs')
      // What was claimed in the same commit is told by the same process, one after another.
      const isBeside = (one: NotificationSeen): boolean =>
        one.state === 'sending' && one.attempts > (before.notifications.get(one.id)?.attempts ?? 0)
      const busy = [...now.notifications.values()].find(
        (one) =>
          one.channel_id === is.channel_id && one.state === 'sending' && one.id !== is.id && !isBeside(one),
      )
      if (busy && busy.due_at! > this.#clocks.wallAt) wrong(`the channel is busy with ${busy.id}`)
      const older = sameLine.find(
        (one) => one.id < is.id && (one.state === 'waiting' || (one.state === 'sending' && !isBeside(one))),
      )
      if (older) wrong(`${older.id} of the same check is older and still ${older.state}`)
      if (is.round > 0 && !this.#isOpenDown(is, now)) wrong('nothing is to be repeated any more')
    }
    if (was.state !== is.state) {
      if (is.state === 'superseded' && is.round === 0 && !sameLine.some(({ id }) => id > is.id))
        wrong('nothing newer takes its place')
      if (['sent', 'failed', 'superseded'].includes(was.state) && is.round !== was.round + 1)
        wrong('it was done with')
      if (was.state === 'waiting' && is.state === 'sent') wrong('nobody claimed it')
      if (is.state === 'sent' && !this.wasAnsweredOk(keyOf(is))) wrong('nobody took it')
    }
  }

  #isOpenDown({ check_id, flip_id }: NotificationSeen, now: Snapshot): boolean {
    const newest = Math.max(
      ...[...now.flips.values()].filter((f) => f.check_id === check_id).map((f) => f.id),
    )
    return newest === flip_id && now.flips.get(flip_id)?.acknowledged_at === null
  }
}

/** By which receivers tell a repetition from news. */
export function keyOf({ code, round }: Pick<NotificationSeen, 'code' | 'round'>): string {
  return round === 0 ? code : `${code}-${round}`
}
