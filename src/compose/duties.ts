import { acknowledgeUrl } from '../actions/acknowledge'
import { sweepMonthly } from '../actions/orphans'
import type { App } from '../app'
import type { Instant } from '../core/time'
import type { Teller } from '../integrations/teller'
import type { Store } from '../store'
import { TOLD, UNTOLD } from '../store/tallies'
import { followClock } from '../tasks/agreed-clock'
import type { AgreedClock } from '../tasks/agreed-clock'
import type { BodyStorage } from '../tasks/body-storage'
import { closeAccounts } from '../tasks/close-accounts'
import { deliver } from '../tasks/deliver'
import { deliveryCounts } from '../tasks/delivery-counts'
import { noticeFlapping } from '../tasks/flapping'
import { flipBodies } from '../tasks/flip-body'
import { followSettings } from '../tasks/follow-settings'
import { earliestNow, followBeats, heartbeat, holdAtStart, keepHold } from '../tasks/heartbeat'
import { noteLoops } from '../tasks/liveness'
import type { Liveness } from '../tasks/liveness'
import { measure } from '../tasks/measure'
import { ownOutages } from '../tasks/outages'
import { post } from '../tasks/post'
import type { PingPruning } from '../tasks/prune-pings'
import { purge } from '../tasks/purge'
import { recover } from '../tasks/recover'
import { remind } from '../tasks/remind'
import { repeat } from '../tasks/repeat'
import { report } from '../tasks/report'
import { sweepBodies } from '../tasks/sweep-bodies'
import type { TallyTask } from '../tasks/tally'
import { runTask, runTimed } from '../tasks/task'
import type { RunningTask, Task, TimedTask } from '../tasks/task'
import { vouch } from '../tasks/vouch'
import { watch } from '../tasks/watch'
import type { OutgoingHttp } from '../world/http'
import type { Log } from '../world/log'
import type { Mailer } from '../world/mail'
import { withPatience } from '../world/patience'
import type { LiveSettings } from './live-settings'

/** What duties are made of. */
export interface DutyParts {
  app: App
  settings: LiveSettings
  store: Store
  storage: BodyStorage | null
  tallying: TallyTask
  pruning: PingPruning
  tidying: TimedTask
  /** Follows the loops of others, where they do the alerts. */
  following: Task | null
  /** Those that run, which others look at. */
  running: RunningTask[]
  liveness: Liveness
  agreed: AgreedClock
  teller: Teller
  http: OutgoingHttp
  mailer: Mailer
  wait: (ms: number) => Promise<void>
  /** The day this program was made, as 2026-11-22, before which it cannot be; null where that is not known. */
  builtOn: string | null
  elapsed: (() => number) | undefined
  toldSoon: () => void
  /** Lets pings that are on their way end, for so long at most. */
  pingsFirst: (mostMs: number) => Promise<void>
  log: Log
}

/** All that an instance does by itself. */
export interface Duties {
  /** Begins what the roles of this instance ask for. */
  begin(): Promise<void>
  /** One turn of everything, for tests that own the clock. */
  turn(): Promise<void>
  /** From now on pings cannot reach us: nothing goes down by a later time, here or at the next start. */
  judgeNoMore(): void
  /** Lets what is under way finish within that time, and hands back the rest. */
  end(patienceMs: number): Promise<void>
}

export function dutiesOf(parts: DutyParts): Duties {
  const { app, settings, store, storage, tallying, pruning, running, agreed, toldSoon, log } = parts
  const { config, clock, random, signer, templates, metrics } = app
  const isShared = config.database.kind === 'postgres'
  const options = { clock, log, ...(parts.elapsed ? { elapsed: parts.elapsed } : {}) }
  const timed: (() => Promise<void>)[] = []
  /** Since pings can reach us, which those who only use the database never do. */
  let beats = false
  let lastBeat: Promise<unknown> | null = null

  const watching = watcher(parts)
  const repeating = repeat({ repeats: store.repeats, onQueued: toldSoon, clock })
  const delivering = deliver({
    notifications: store.notifications,
    teller: parts.teller,
    withBody: flipBodies({ read: app.actions.bodies.read, wait: parts.wait }),
    workers: config.alertWorkers,
    deferredRetries: config.deferredRetries,
    acknowledgeUrl: (code) => acknowledgeUrl(config.siteRoot, signer, code),
    pingsFirst: parts.pingsFirst,
    onFree: toldSoon,
    counts: deliveryCounts(metrics, (kind, isDelivered) =>
      tallying.count((isDelivered ? TOLD : UNTOLD) + kind),
    ),
    clock,
    log: log.named('deliver'),
  })
  const beating = heartbeat({ facts: store.facts, clock, isShared })
  const purging = purge({ ...store, objects: storage?.objects ?? null, clock, log: log.named('purge') })
  const closing = closeAccounts(app.actions.plannedClosings)
  const posting = post({
    mails: store.mails,
    mailer: parts.mailer,
    templates,
    signer,
    clock,
    log: log.named('post'),
  })
  const accountMails = { ...store, settings: config, signer, random, clock }
  const [reminding, reporting] = [remind(accountMails), report(accountMails)]
  /** Without a mail server they would only pile up, and come all at once when there is one. */
  const onlyWithMail = <T extends { run(): Promise<unknown> }>(task: T): T => ({
    ...task,
    run: async () => config.mail !== null && (await task.run()),
  })

  function run(...tasks: Task[]): void {
    running.push(...tasks.map((task) => runTask(task, options)))
  }

  async function beginAlerts(): Promise<void> {
    const notBeforeAt = await earliestNow({ ...store, builtOn: parts.builtOn })
    const holdUntilAt = await holdAtStart({ ...store, clock }, config.alertStartupDelayMs)
    // Only now: the first beat hides since when pings could not reach us.
    beats = config.roles.includes('web')
    if (beats) run(beating)
    if (!config.roles.includes('alerts')) return
    run(...[watching(holdUntilAt, notBeforeAt), repeating, delivering].map((task) => agreed.before(task)))
    if (isShared) run(noteLoops({ ...store, liveness: parts.liveness, clock }))
    if (config.watchdogPingUrl !== null) run(vouching(parts, config.watchdogPingUrl))
  }

  function beginMails(): void {
    const { roles } = config
    if (roles.includes('alerts') || roles.includes('reports')) run(posting)
    if (!roles.includes('reports')) return
    run(onlyWithMail(reminding), onlyWithMail(reporting))
    const noticing = noticeFlapping({ ...accountMails, log: log.named('flapping') })
    timed.push(runTimed(onlyWithMail(noticing), options))
  }

  function beginUpkeep(): void {
    if (storage !== null) {
      void storage.probe()
      run(storage.moving, storage.removing)
    }
    if (!config.roles.includes('maintenance')) return
    run(purging, closing, measure({ ...store, clock }))
    timed.push(runTimed(parts.tidying, options))
    if (storage === null) return
    const sweep = () => sweepMonthly(app.actions.orphans)
    timed.push(runTimed(sweepBodies({ sweep, log: log.named('bodies') }), options))
  }

  return {
    async begin() {
      await beginAlerts()
      if (parts.following !== null) run(parts.following)
      if (isShared) run(followSettings(settings), followClock(agreed))
      run(recover(store), pruning, tallying)
      beginMails()
      beginUpkeep()
    },

    async turn() {
      const rung = watching(clock(), 0)
      while (await rung.run());
      while (await repeating.run());
      do {
        await delivering.run()
      } while (await delivering.settled())
      while (await reminding.run());
      while (await reporting.run());
      while (await closing.run());
      while (await purging.run());
      while (await posting.run());
      await tallying.run()
    },

    judgeNoMore() {
      for (const task of running) if (['heartbeat', 'watch'].includes(task.name)) void task.stop()
      // Where even that cannot be kept, the next start assumes the worst.
      if (beats) lastBeat = beating.run().catch(() => false)
    },

    async end(patienceMs) {
      // What is cut off is found in the database at the next start.
      const ended = Promise.all([
        ...running.map((task) => task.stop()),
        ...timed.map((end) => end()),
        lastBeat,
      ])
      await withPatience(ended, patienceMs)
      await delivering.finishUp(patienceMs)
    },
  }
}

/** Makes the task that judges, which has to know when it may begin. */
function watcher({
  app,
  store,
  pingsFirst,
  toldSoon,
  log,
}: DutyParts): (holdUntilAt: Instant, notBeforeAt: Instant) => Task {
  const { config, clock } = app
  const watchLog = log.named('watch')
  const outages = ownOutages({ ...store, settings: config, clock, log: log.named('outages') })
  const reached = config.roles.includes('web')
    ? {}
    : { reached: followBeats({ ...store, clock, log: watchLog }) }
  return (holdUntilAt, notBeforeAt) =>
    watch({
      ...reached,
      atLeastMs: config.alertStartupDelayMs,
      checks: store.checks,
      rowsAtOnce: store.rowsAtOnce,
      pingsFirst,
      holdUntilAt,
      notBeforeAt,
      // Should it not be kept, the next start makes do with what it finds.
      onHold: (untilAt, awayMs) =>
        void Promise.all([keepHold(store.facts, untilAt), outages.noticed(awayMs, untilAt)]).catch(
          () => undefined,
        ),
      onJudged: outages.judged,
      onFlips: toldSoon,
      clock,
      log: watchLog,
    })
}

function vouching({ app, liveness, http, log }: DutyParts, url: string): Task {
  return vouch({
    url,
    http,
    isWell: () => liveness.stalledSince() === null,
    stopping: app.health.stopping,
    log: log.named('vouch'),
  })
}
