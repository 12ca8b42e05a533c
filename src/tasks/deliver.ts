import type { Check } from '../core/check'
import { isQuick, nextAttempt, QUICK_MS } from '../core/delivery'
import type { Delivery, Places } from '../core/delivery'
import type { Notice } from '../core/notice'
import type { Look } from '../core/outage'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { emailAddressOf } from '../integrations/kinds/email'
import type { Teller } from '../integrations/teller'
import type { Claim, Held, NotificationStore } from '../store/notifications'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import { withPatience } from '../world/patience'
import type { DeliveryCounts } from './delivery-counts'
import type { WithBody } from './flip-body'
import { coversTry, leaseFrom, NO_LEASE, takingOver, wantsRenewal } from './lease'
import type { Lease } from './lease'
import { recordResults } from './record-results'
import type { Task } from './task'

/**
 * Channels that are slow, or not known yet, told at the same time for each place of a quick one: most of them
 * only wait. One that was quick and is not any more counts as slow from then on.
 */
const SLOW_PER_WORKER = 4

/** On their way at the same time in all, for each place: more only if ever more quick ones turn slow. */
const MOST_PER_WORKER = 16

/** Notices that are read again together, when what was read for a channel is too old. */
const READ_AGAIN = 20

/** How long pings go first before each message, at most; never for longer than it took to tell the one before. */
const MOST_WAIT_MS = 5

/** What was read longer ago than this is read again before it is told: the check may be gone. */
const FRESH_MS = SECOND / 4

export interface DeliverOptions {
  notifications: Pick<
    NotificationStore,
    'claim' | 'renew' | 'handBack' | 'finish' | 'finishAll' | 'notice' | 'notices' | 'summary'
  >
  teller: Teller
  /** Adds the body of the last ping when that lies elsewhere. */
  withBody: WithBody
  /** Quick channels that are told at the same time. */
  workers: number
  /** Where the repetition of a notification is ended, by its code. */
  acknowledgeUrl: (notificationCode: string) => string
  /** Whether what failed is tried again after minutes and hours. */
  deferredRetries: boolean
  /** Lets pings that are on their way end, for so long at most. */
  pingsFirst?: (mostMs: number) => Promise<void>
  /** Called when a place is free again. */
  onFree: () => void
  counts?: DeliveryCounts
  clock: Clock
  /** Milliseconds that only ever grow. */
  elapsed?: () => number
  log: Log
}

export interface DeliverTask extends Task {
  /** Takes nothing new; resolves when all is told, or handed back because `patienceMs` were over. */
  finishUp(patienceMs: number): Promise<void>
  /** Waits for what is on its way; whether anything was. */
  settled(): Promise<boolean>
}

/** What was taken for one channel: told one after another, in one place. */
interface Lot {
  isQuick: boolean
  beganMs: number
  lease: Lease
  /** What is not recorded yet, by id. */
  held: Map<number, Held>
}

/** Notices that were read together, and when. */
interface Read {
  ids: Set<number>
  notices: Map<number, Notice>
  elapsedMs: number
}

/**
 * Tells what is due. Slow receivers have places of their own, and whoever turns slow leaves the others'; and
 * since the database is the queue, nothing is lost with this process.
 */
export function deliver(options: DeliverOptions): DeliverTask {
  const { notifications, teller, withBody, workers, deferredRetries, acknowledgeUrl, onFree, clock, log } =
    options
  const { elapsed = stopwatch } = options
  const onTheirWay = new Map<Lot, Promise<void>>()
  const results = recordResults((told) => notifications.finishAll(told))
  let closing = false
  const others = takingOver()

  const look = (): Look => ({ at: clock(), elapsedMs: elapsed() })
  const isOurs = ({ lease }: Lot): boolean => coversTry(lease, look())

  /** Tells one after another; what stands behind one that cannot go on is handed back. */
  async function tellAll(claims: readonly Claim[], lot: Lot): Promise<void> {
    let read = claims.length > 1 ? await readAll(claims) : null
    const recorded: Promise<void>[] = []
    const checks = new Set<number>()
    let goesOn = true
    let tookMs = 0
    for (const [i, claim] of claims.entries()) {
      if (i > 0) await options.pingsFirst?.(Math.min(tookMs, MOST_WAIT_MS))
      if (!goesOn || closing) break
      const { id, checkId } = claim.notification
      // What became of the news before it belongs to what there is to tell.
      if (checks.has(checkId)) {
        results.hurry()
        await Promise.all(recorded)
      }
      const later = claims.slice(i, i + READ_AGAIN)
      if (read !== null && later.length > 1 && !isOf(read, id)) read = await readAll(later)
      const given = read !== null && !checks.has(checkId) && isOf(read, id) ? read.notices : null
      checks.add(checkId)
      const beganMs = elapsed()
      const told = await tell(claim, lot, given ? (given.get(id) ?? null) : undefined)
      if (told === null) break
      tookMs = elapsed() - beganMs
      const { delivery, kept } = told
      // Nothing more goes out that could not be recorded either, or to a receiver that is gone.
      const record = kept.then(() => void lot.held.delete(id))
      record.catch(() => (goesOn = false))
      recorded.push(record)
      goesOn = goesOn && (delivery.ok || delivery.kind === 'final')
    }
    results.hurry()
    const failed = (await Promise.allSettled(recorded)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    if (lot.held.size > 0) await notifications.handBack([...lot.held.values()])
  }

  /** Tells all of them in one message. */
  async function tellTogether(claims: readonly Claim[], lot: Lot): Promise<void> {
    const { channel } = claims[0]!
    const at = clock()
    const began = elapsed()
    const delivery = await triedTogether(claims, lot)
    if (lot.held.size === 0) return
    if (delivery === null) return notifications.handBack([...lot.held.values()])
    const tookMs = Math.round(elapsed() - began)
    options.counts?.told(channel.kind, delivery.ok, tookMs)
    const recorded = claims.map((claim) => {
      const { attempts, firstAttemptAt, createdAt } = claim.notification
      if (attempts === 1) options.counts?.begun(at - createdAt)
      const nextAt = nextAfter(delivery, attempts, firstAttemptAt ?? at, at + tookMs)
      return results.record({ claim, delivery, at, tookMs, nextAt })
    })
    log.info(delivery.ok ? 'told in a summary' : 'could not tell a summary', {
      kind: channel.kind,
      checks: claims.length,
      ms: tookMs,
      ...(delivery.ok ? {} : { reason: delivery.reason }),
    })
    results.hurry()
    await Promise.all(recorded)
    lot.held.clear()
  }

  /** Null: they are not ours any more, and nothing was tried. */
  async function triedTogether(claims: readonly Claim[], lot: Lot): Promise<Delivery | null> {
    const { channel } = claims[0]!
    try {
      const summary = await notifications.summary(claims, clock(), addressOf(channel))
      if (!isOurs(lot)) return null
      if (summary) return await teller.tellSummary(channel, summary, () => isOurs(lot))
      return { ok: false, kind: 'final', reason: 'Channel or check does not exist any more' }
    } catch (cause) {
      log.error('a summary could not be prepared', { kind: channel.kind, cause })
      return { ok: false, kind: 'temporary', reason: 'Internal error' }
    }
  }

  function nextAfter(delivery: Delivery, attempts: number, firstAt: Instant, nowAt: Instant): Instant | null {
    return delivery.ok || !deferredRetries ? null : nextAttempt(delivery, attempts, firstAt, nowAt)
  }

  /** Null: it is not ours any more, and was not told. */
  async function tell(
    claim: Claim,
    lot: Lot,
    notice: Notice | null | undefined,
  ): Promise<{ delivery: Delivery; kept: Promise<void> } | null> {
    const { notification, channel } = claim
    const at = clock()
    const began = elapsed()
    const told = await tried(claim, lot, notice)
    if (told === null) return null
    const { delivery, check } = told
    if (notification.attempts === 1) options.counts?.begun(at - notification.createdAt)
    // Meanwhile it may have been handed back.
    if (!lot.held.has(notification.id)) return null
    const tookMs = Math.round(elapsed() - began)
    const { attempts, firstAttemptAt } = notification
    const nextAt = nextAfter(delivery, attempts, firstAttemptAt ?? at, at + tookMs)
    options.counts?.told(channel.kind, delivery.ok, tookMs)
    const kept = results.record({ claim, delivery, at, tookMs, nextAt })
    log.info(delivery.ok ? 'told' : 'could not tell', {
      ...(check === null ? {} : { check: check.code.slice(0, 8) }),
      kind: channel.kind,
      status: notification.status,
      attempt: notification.attempts,
      ms: tookMs,
      ...(delivery.ok ? {} : { reason: delivery.reason, again: nextAt !== null }),
    })
    return { delivery, kept }
  }

  /** `given`: what was read before; null when the check was gone by then, undefined when nobody looked. */
  async function tried(
    { notification, channel }: Claim,
    lot: Lot,
    given: Notice | null | undefined,
  ): Promise<{ delivery: Delivery; check: Check | null } | null> {
    let check = given?.check ?? null
    try {
      const notice =
        given === undefined
          ? await notifications.notice({ notification, channel }, clock(), addressOf(channel))
          : given
      check = notice?.check ?? null
      const repeats = channel.repeatMs !== null && notification.status === 'down'
      const whole = repeats ? { acknowledgeUrl: acknowledgeUrl(notification.code) } : {}
      const told = notice && (await withBody(notification.flipId, { ...notice, ...whole }))
      if (!isOurs(lot)) return null
      if (told) return { check, delivery: await teller.tell(channel, told, () => isOurs(lot)) }
      return {
        check,
        delivery: { ok: false, kind: 'final', reason: 'Channel or check does not exist any more' },
      }
    } catch (cause) {
      log.error('a notification could not be prepared', { kind: channel.kind, cause })
      return { check, delivery: { ok: false, kind: 'temporary', reason: 'Internal error' } }
    }
  }

  /** Null when that failed: then each is read when its turn comes. */
  async function readAll(claims: readonly Claim[]): Promise<Read | null> {
    const { channel } = claims[0]!
    const elapsedMs = elapsed()
    const all = claims.map(({ notification }) => notification)
    const notices = await notifications.notices(all, clock(), addressOf(channel)).catch(() => null)
    return notices && { ids: new Set(all.map(({ id }) => id)), notices, elapsedMs }
  }

  /** Whether a notification was among those that were read, and not too long ago. */
  const isOf = ({ ids, elapsedMs }: Read, id: number): boolean =>
    ids.has(id) && elapsed() - elapsedMs < FRESH_MS

  function freePlaces(): Places {
    const all = [...onTheirWay.keys()]
    const nowMs = elapsed()
    const quick = all.filter((one) => one.isQuick && nowMs - one.beganMs < QUICK_MS).length
    const left = MOST_PER_WORKER * workers - all.length
    return {
      quick: Math.max(0, Math.min(workers - quick, left)),
      slow: Math.max(0, Math.min(SLOW_PER_WORKER * workers - (all.length - quick), left - workers)),
    }
  }

  function start(claims: readonly Claim[], lease: Lease): void {
    const held = new Map(claims.map(({ notification }) => [notification.id, notification]))
    const quick = isQuick(claims[0]!.channel.lastTookMs)
    const lot: Lot = { isQuick: quick, beganMs: elapsed(), lease, held }
    const telling = claims[0]?.outageId === undefined ? tellAll : tellTogether
    const done = telling(claims, lot)
      // What cannot be recorded keeps its lease and falls due again when that is over ([A38]).
      .catch((cause: unknown) => log.error('the result of a notification could not be recorded', { cause }))
      .finally(() => {
        onTheirWay.delete(lot)
        if (!closing) onFree()
      })
    onTheirWay.set(lot, done)
  }

  /** Keeps what is on its way. A lot of which somebody else has taken any is let go. */
  async function renew(now: Look): Promise<void> {
    const old = [...onTheirWay.keys()].filter(({ lease }) => wantsRenewal(lease, now))
    if (old.length === 0) return
    const held = new Map(old.map((lot) => [lot, [...lot.held.values()]]))
    const lease = leaseFrom(now)
    const kept = await notifications.renew([...held.values()].flat(), now.at, lease.untilAt)
    for (const [lot, claims] of held) {
      const isKept = claims.every(({ id }) => kept.has(id) || !lot.held.has(id))
      lot.lease = isKept ? lease : NO_LEASE
    }
  }

  return {
    name: 'deliver',
    everyMs: SECOND,

    async run() {
      const now = look()
      const lapsedAt = others.lapsedAt(now)
      await renew(now)
      const free = freePlaces()
      if (closing || free.quick + free.slow === 0) return false
      const lease = leaseFrom(now)
      const claims = await notifications.claim(now.at, lease.untilAt, free, teller.summarises, lapsedAt)
      others.endedWell(now)
      const byChannel = Map.groupBy(claims, ({ channel }) => channel.id)
      for (const ofChannel of byChannel.values()) start(ofChannel, lease)
      const left = freePlaces()
      return (free.quick > 0 && left.quick === 0) || (free.slow > 0 && left.slow === 0)
    },

    async settled() {
      const all = [...onTheirWay.values()]
      await Promise.all(all)
      return all.length > 0
    },

    async finishUp(patienceMs) {
      closing = true
      await withPatience(Promise.all(onTheirWay.values()), patienceMs)
      const left = [...onTheirWay.keys()]
      const held = left.flatMap((lot) => [...lot.held.values()])
      for (const lot of left) {
        lot.lease = NO_LEASE
        lot.held.clear()
      }
      if (held.length > 0) await notifications.handBack(held)
    },
  }
}

function addressOf(channel: Claim['channel']): string | null {
  return channel.kind === 'email' ? emailAddressOf(channel.value) : null
}
