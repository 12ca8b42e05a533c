import type { FactStore } from '../store/facts'
import { DAY } from '../core/time'
import { PAUSED_FACT, pausedFact, pausedIn } from '../store/sending'
import type { Failing, UndeliveredStore } from '../store/undelivered'
import type { Clock } from '../world/clock'
import type { Actor, AuditTrail } from './audit'

/** What those do with alerts on their way who run the instance: spec/web-ui.md X05. All of it is written down. */
export interface SendingActions {
  /** From now on no instance begins to tell an alert; what is due waits. False: that is so already. */
  pause(by: Actor): Promise<boolean>
  /** All that has waited goes out. False: nothing was held back. */
  resume(by: Actor): Promise<boolean>
  retry(by: Actor, notificationId: number): Promise<boolean>
  drop(by: Actor, notificationId: number): Promise<boolean>
  /** The same for all that fail in one way and are not given up for more than a day; how many. */
  retryAll(by: Actor, failing: Group): Promise<number>
  dropAll(by: Actor, failing: Group): Promise<number>
}

type Group = Omit<Failing, 'failedSinceAt'>

export interface SendingDeps {
  undelivered: Pick<UndeliveredStore, 'retry' | 'drop' | 'retryGroup' | 'dropGroup'>
  facts: FactStore
  trail: AuditTrail
  /** Alerts have become due. */
  onDue: () => void
  clock: Clock
}

export function sendingActions({ undelivered, facts, trail, onDue, clock }: SendingDeps): SendingActions {
  const paused = async () => pausedIn(await facts.get(PAUSED_FACT))

  return {
    async pause(by) {
      if ((await paused()) !== null) return false
      await facts.set(PAUSED_FACT, pausedFact({ at: clock(), by: by.user.email }))
      await trail(by, 'sending-paused', 'all alerts')
      return true
    },

    async resume(by) {
      const before = await paused()
      if (before === null) return false
      await facts.remove(PAUSED_FACT)
      onDue()
      await trail(by, 'sending-resumed', 'all alerts', `paused by ${before.by}`)
      return true
    },

    async retry(by, notificationId) {
      const done = await undelivered.retry(notificationId, clock())
      if (!done) return false
      onDue()
      await trail(by, 'alert-retried', String(notificationId))
      return true
    },

    async drop(by, notificationId) {
      const done = await undelivered.drop(notificationId, clock())
      if (done) await trail(by, 'alert-dropped', String(notificationId))
      return done
    },

    async retryAll(by, failing) {
      const nowAt = clock()
      const done = await undelivered.retryGroup({ ...failing, failedSinceAt: nowAt - DAY }, nowAt)
      if (done === 0) return 0
      onDue()
      await trail(by, 'alert-retried', `${done} of ${failing.kind}`, failing.error)
      return done
    },

    async dropAll(by, failing) {
      const nowAt = clock()
      const done = await undelivered.dropGroup({ ...failing, failedSinceAt: nowAt - DAY }, nowAt)
      if (done > 0) await trail(by, 'alert-dropped', `${done} of ${failing.kind}`, failing.error)
      return done
    },
  }
}
