import type { Config } from '../config'
import { SECOND } from '../core/time'
import type { Delivery } from '../core/delivery'
import type { PingIntake } from '../pings/intake'
import type { OnTransaction } from '../store'
import { MAIL_FAILED_FACT, MAIL_SENT_FACT } from '../store/tallies'
import type { TallyTask } from '../tasks/tally'
import type { RunningTask } from '../tasks/task'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Mailer } from '../world/mail'
import { openMetrics, SECONDS } from '../world/metrics'
import type { Metrics } from '../world/metrics'
import { measureProcess } from '../world/process-metrics'

/** What this process counts; what costs something is only measured where somebody may ask for it. */
export function metricsOf(config: Config): Metrics {
  const metrics = openMetrics()
  if (config.metricsKey !== null) measureProcess(metrics)
  return metrics
}

/** Counts and times everything that is written to the database. */
export function measuredTransactions(metrics: Metrics): OnTransaction {
  const total = metrics
    .counter({ name: 'rollcall_db_transactions_total', help: 'Transactions that wrote.' })
    .of()
  const took = metrics.histogram({
    name: 'rollcall_db_commit_seconds',
    help: 'How long transactions that wrote took, waiting for their turn included.',
    bounds: SECONDS,
  })
  let underWay = 0
  metrics.gauge({
    name: 'rollcall_db_queue',
    help: 'Transactions that are under way or wait for their turn.',
    read: () => underWay,
  })
  return () => {
    const began = stopwatch()
    underWay += 1
    return () => {
      underWay -= 1
      total.value += 1
      took.observe((stopwatch() - began) / SECOND)
    }
  }
}

/** What waits for a commit, and how the loops are doing. */
export function measureWork(metrics: Metrics, intake: PingIntake, running: readonly RunningTask[]): void {
  metrics.gauge({
    name: 'rollcall_ping_queue',
    help: 'Pings that wait for a commit.',
    read: () => intake.queue().pings,
  })
  metrics.gauge({
    name: 'rollcall_ping_queue_bytes',
    help: 'Bodies of pings that wait for a commit.',
    read: () => intake.queue().bytes,
  })
  metrics.gauge({
    name: 'rollcall_loop_seconds',
    help: 'How long ago each loop last finished a turn: more than a minute means that it is stuck.',
    label: 'loop',
    read: () => Object.fromEntries(running.map((task) => [task.name, task.sinceTurnMs() / SECOND])),
  })
  metrics.gauge({
    name: 'rollcall_alert_loop_timestamp_seconds',
    help: 'When the loop that watches for missed pings last finished a turn, as Unix time.',
    read: () => {
      const at = running.find(({ name }) => name === 'watch')?.lastTurnAt() ?? null
      return at === null ? null : at / SECOND
    },
  })
}

/** Remembers when a mail last went out, and when one last did not and why: for whoever looks after the instance. */
export function notedMails(
  tallying: Pick<TallyTask, 'note'>,
  clock: Clock,
): { note(delivery: Delivery): void; by(mailer: Mailer): Mailer } {
  const note = (delivery: Delivery): void =>
    delivery.ok
      ? tallying.note(MAIL_SENT_FACT, String(clock()))
      : tallying.note(MAIL_FAILED_FACT, JSON.stringify({ at: clock(), reason: delivery.reason }))
  return {
    note,
    by: (mailer) => ({
      async send(mail) {
        const delivery = await mailer.send(mail)
        note(delivery)
        return delivery
      },
    }),
  }
}
