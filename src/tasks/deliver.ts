import { nextAttempt } from '../core/delivery'
import type { Delivery } from '../core/delivery'
import { MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { emailAddressOf } from '../integrations/kinds/email'
import type { Teller } from '../integrations/teller'
import type { Claim, NotificationStore } from '../store/notifications'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import { withPatience } from '../world/patience'
import type { DeliveryCounts } from './delivery-counts'
import type { WithBody } from './flip-body'
import type { Task } from './task'

/** How long a claim holds without being renewed: how late a dead instance's messages are taken over. */
const LEASE_MS = MINUTE

/** Claims older than this are renewed, so that a slow receiver never outlives its lease. */
const RENEW_AFTER_MS = 20 * SECOND

export interface DeliverOptions {
  notifications: Pick<NotificationStore, 'claim' | 'renew' | 'handBack' | 'finish' | 'notice'>
  teller: Teller
  /** Adds the body of the last ping when that lies elsewhere. */
  withBody: WithBody
  /** Messages that are on their way at the same time. */
  workers: number
  /** Where the repetition of a notification is ended, by its code. */
  acknowledgeUrl: (notificationCode: string) => string
  /** Whether what failed is tried again after minutes and hours. */
  deferredRetries: boolean
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

interface OnItsWay {
  done: Promise<void>
  leaseUntilAt: Instant
}

/**
 * Tells what is due. A slow receiver holds one place, not the others; and since the database is
 * the queue, nothing is lost with this process.
 */
export function deliver(options: DeliverOptions): DeliverTask {
  const { notifications, teller, withBody, workers, deferredRetries, acknowledgeUrl, onFree, clock, log } =
    options
  const { elapsed = stopwatch } = options
  const onTheirWay = new Map<number, OnItsWay>()
  let closing = false

  async function tell(claim: Claim): Promise<void> {
    const { notification, channel } = claim
    const at = clock()
    const began = elapsed()
    if (notification.attempts === 1) options.counts?.begun(at - notification.createdAt)
    const delivery = await tried(claim)
    const tookMs = Math.round(elapsed() - began)
    const nextAt =
      delivery.ok || !deferredRetries
        ? null
        : nextAttempt(delivery, notification.attempts, notification.firstAttemptAt ?? at, at + tookMs)
    options.counts?.told(channel.kind, delivery.ok, tookMs)
    await notifications.finish(claim, { delivery, at, tookMs, nextAt })
    log.info(delivery.ok ? 'told' : 'could not tell', {
      kind: channel.kind,
      status: notification.status,
      attempt: notification.attempts,
      ms: tookMs,
      ...(delivery.ok ? {} : { reason: delivery.reason, again: nextAt !== null }),
    })
  }

  async function tried({ notification, channel }: Claim): Promise<Delivery> {
    try {
      const address = channel.kind === 'email' ? emailAddressOf(channel.value) : null
      const notice = await notifications.notice({ notification, channel }, clock(), address)
      const repeats = channel.repeatMs !== null && notification.status === 'down'
      const whole = repeats ? { acknowledgeUrl: acknowledgeUrl(notification.code) } : {}
      if (notice)
        return await teller.tell(channel, await withBody(notification.flipId, { ...notice, ...whole }))
      return { ok: false, kind: 'final', reason: 'Channel or check does not exist any more' }
    } catch (cause) {
      log.error('a notification could not be prepared', { kind: channel.kind, cause })
      return { ok: false, kind: 'temporary', reason: 'Internal error' }
    }
  }

  function start(claim: Claim, leaseUntilAt: Instant): void {
    const { id } = claim.notification
    const done = tell(claim)
      // What cannot be recorded keeps its lease and falls due again when that is over ([A38]).
      .catch((cause: unknown) => log.error('the result of a notification could not be recorded', { cause }))
      .finally(() => {
        onTheirWay.delete(id)
        if (!closing) onFree()
      })
    onTheirWay.set(id, { done, leaseUntilAt })
  }

  async function renew(nowAt: Instant): Promise<void> {
    const old = [...onTheirWay].filter(
      ([, { leaseUntilAt }]) => leaseUntilAt - LEASE_MS + RENEW_AFTER_MS <= nowAt,
    )
    if (old.length === 0) return
    await notifications.renew(
      old.map(([id]) => id),
      nowAt + LEASE_MS,
    )
    for (const [, one] of old) one.leaseUntilAt = nowAt + LEASE_MS
  }

  return {
    name: 'deliver',
    everyMs: SECOND,

    async run() {
      const nowAt = clock()
      await renew(nowAt)
      const free = workers - onTheirWay.size
      if (closing || free <= 0) return false
      const claims = await notifications.claim(nowAt, nowAt + LEASE_MS, free)
      for (const claim of claims) start(claim, nowAt + LEASE_MS)
      return claims.length === free
    },

    async settled() {
      const all = [...onTheirWay.values()].map(({ done }) => done)
      await Promise.all(all)
      return all.length > 0
    },

    async finishUp(patienceMs) {
      closing = true
      const all = Promise.all([...onTheirWay.values()].map(({ done }) => done))
      await withPatience(all, patienceMs)
      if (onTheirWay.size > 0) await notifications.handBack([...onTheirWay.keys()])
    },
  }
}
