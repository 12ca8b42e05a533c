import type { AddressInfo } from 'node:net'
import { acknowledgeUrl } from './actions/acknowledge'
import { openJobs } from './actions/jobs'
import { sweepMonthly } from './actions/orphans'
import type { App, Health } from './app'
import { careOf } from './compose/care'
import type { Care } from './compose/care'
import { composeActions } from './compose/actions'
import { announceSetUp, firstAccount, recogniseSecret } from './compose/first-start'
import { closeSite, listen } from './compose/listening'
import { liveSettings } from './compose/live-settings'
import type { LiveSettings, ReadSettings } from './compose/live-settings'
import { whileAnswering } from './compose/opening'
import { measuredTransactions, measureWork, metricsOf, notedMails } from './compose/measuring'
import type { Config } from './config'
import type { Instant } from './core/time'
import { teller as tellerOf } from './integrations/teller'
import { keptBytes } from './pings/body'
import { bounceIds } from './pings/bounces'
import { pingCounts } from './pings/counts'
import { pingDoors } from './pings/doors'
import { mailDoor } from './pings/email'
import { PingIntake } from './pings/intake'
import { rateLimit } from './pings/rate-limit'
import { pingHandler } from './pings/receive'
import { openStore } from './store'
import type { Store } from './store'
import { agreedClock, followClock } from './tasks/agreed-clock'
import { openBodyStorage } from './tasks/body-storage'
import type { BodyStorage } from './tasks/body-storage'
import { closeAccounts } from './tasks/close-accounts'
import { deliver } from './tasks/deliver'
import { deliveryCounts } from './tasks/delivery-counts'
import { flipBodies } from './tasks/flip-body'
import { followSettings } from './tasks/follow-settings'
import { followLoops, livenessOf, noteLoops } from './tasks/liveness'
import { post } from './tasks/post'
import { measure } from './tasks/measure'
import { noticeFlapping } from './tasks/flapping'
import { earliestNow, followBeats, heartbeat, holdAtStart, keepHold } from './tasks/heartbeat'
import { ownOutages } from './tasks/outages'
import { prune } from './tasks/prune'
import { purge } from './tasks/purge'
import { prunePings } from './tasks/prune-pings'
import { recover } from './tasks/recover'
import { OBJECTS_FAILED, PINGS, TOLD, UNTOLD } from './store/tallies'
import { tally } from './tasks/tally'
import type { TallyTask } from './tasks/tally'
import { sweepBodies } from './tasks/sweep-bodies'
import { remind } from './tasks/remind'
import { repeat } from './tasks/repeat'
import { report } from './tasks/report'
import { runTask, runTimed } from './tasks/task'
import type { RunningTask } from './tasks/task'
import { vouch } from './tasks/vouch'
import { watch } from './tasks/watch'
import { builtOn, version } from './version'
import { operatorApi } from './web/api/operator'
import type { OperatorApi } from './web/api/operator'
import { createSite } from './web/server'
import { waitingRoom } from './web/waiting-room'
import type { Clock } from './world/clock'
import { openCountries } from './world/countries'
import { outgoingHttp } from './world/http'
import type { OutgoingHttp } from './world/http'
import type { Log } from './world/log'
import { smtpMailer } from './world/mail'
import type { Mailer } from './world/mail'
import { affordableCost, argon2Passwords } from './world/passwords'
import type { Passwords } from './world/passwords'
import { withPatience } from './world/patience'
import { trustBy } from './world/peer'
import type { Random } from './world/random'
import { signer } from './world/signer'
import { templates } from './world/templates'

/** The world as the appliance meets it; tests bring one of their own. */
export interface World {
  clock: Clock
  /** What time the database says it is; a world with a time of its own has null. */
  databaseNowAt?: () => Promise<Instant | null>
  random: Random
  log: Log
  http?: OutgoingHttp
  mailer?: Mailer
  passwords?: Passwords
  wait?: (ms: number) => Promise<void>
  /** Looks after a SQLite file in a process of its own. */
  care?: Care
  /** Milliseconds that only ever grow, by which loops are found to stand still. */
  elapsed?: () => number
  /** Reads the settings again, with what was saved; without it nothing that is saved holds. */
  readSettings?: ReadSettings
  /** Listens before everything is there, to say that it soon will be. */
  answersWhileOpening?: boolean
  /** Goes on with another secret key than the one the database was made with. */
  acceptNewSecret?: boolean
}

export interface Appliance {
  app: App
  /** Listens, then begins what it does by itself. */
  start(): Promise<void>
  /** Where it listens, once it does: a port that was left to the system is known here. */
  port(): number
  /** The same for pings by mail; null when there are none. */
  mailPort(): number | null
  /** The management API for whoever holds the database, without HTTP. Paths are below `/api/v3/`. */
  manage: OperatorApi
  /** One turn of everything that runs by itself, for tests that own the clock. */
  turn(): Promise<void>
  /** Lets what is under way finish, hands back the rest, and closes the store. */
  stop(): Promise<void>
}

/** Puts the parts together: the only place that knows them all. Throws what `openStore` throws. */
export async function compose(given: Config, world: World): Promise<Appliance> {
  const { random, log } = world
  const countries =
    given.geoip === null ? null : openCountries({ ...given.geoip, log: log.named('countries') })
  const metrics = metricsOf(given)
  const onTransaction = measuredTransactions(metrics)
  const open = () => openStore(given.database, { newCode: () => random.uuid(), onTransaction })
  const store =
    world.answersWhileOpening === true && given.roles.includes('web')
      ? await whileAnswering(open, {
          room: () => waitingRoom({ config: given, templates: templates() }),
          at: given.listen,
          log,
        })
      : await open()
  const agreed = agreedClock({ databaseNowAt: store.databaseNowAt, ...world, log: log.named('clocks') })
  const clock = agreed.now
  try {
    await agreed.agree()
    const secretKey = given.secretKey ?? ''
    await recogniseSecret(store, secretKey, world.acceptNewSecret ?? false)
    const tallying = tally({ ...store, clock })
    const onFailure = () => tallying.count(OBJECTS_FAILED)
    const settings = await liveSettings({
      given,
      read: world.readSettings ?? (() => ({ ok: true, config: given, values: [], warnings: [] })),
      ...store,
      secretKey,
      random,
      log: log.named('config'),
    })
    const storage =
      given.objects === null
        ? null
        : await openBodyStorage({ settings: given.objects, store, metrics, onFailure, random, clock, log })
    return assemble(settings, world, { store, storage, tallying, secretKey })
  } catch (error) {
    countries?.close()
    await store.close()
    throw error
  }

  function assemble(
    settings: LiveSettings,
    world: World,
    {
      store,
      storage,
      tallying,
      secretKey,
    }: { store: Store; storage: BodyStorage | null; tallying: TallyTask; secretKey: string },
  ): Appliance {
    const { config } = settings
    const views = templates()
    const signing = signer(secretKey)
    const http = world.http ?? outgoingHttp(config, { version })
    const mailed = notedMails(tallying, clock)
    const mailer = mailed.by(world.mailer ?? smtpMailer(config))
    const wait = world.wait ?? ((ms: number) => new Promise((resolve) => setTimeout(resolve, ms)))
    const teller = tellerOf({
      config,
      http,
      mailer,
      signer: signing,
      templates: views,
      random,
      wait,
      log: log.named('integrations'),
    })

    const running: RunningTask[] = []
    const timed: (() => Promise<void>)[] = []
    let stopping = false
    /** Since pings can reach us, which those who only use the database never do. */
    let beats = false
    const wake = (name: string) => running.find((task) => task.name === name)?.wake()
    const toldSoon = () => wake('deliver')
    const passwords = world.passwords ?? argon2Passwords({ cost: affordableCost(), random })

    const liveness = livenessOf(running)
    // Where others may do the alerts, it is the database that tells whether they do.
    const isShared = config.database.kind === 'postgres'
    const following =
      isShared && !config.roles.includes('alerts') ? followLoops({ facts: store.facts, clock }) : null
    const health: Health = {
      stopping: () => stopping,
      diskFull: () => store.trouble() === 'disk full',
      alarmsStalledSince: liveness.stalledSince,
      alertsLateSince: following?.stalledSince ?? liveness.stalledSince,
      alarmsHang: liveness.hanging,
      alertLoops: liveness.loops,
      mailPort: () => (mails?.server.listening ? (mails.server.address() as AddressInfo).port : null),
      objectsTrouble: () => storage?.moving.trouble() ?? null,
    }
    const jobs = openJobs({ ...store, clock, log: log.named('jobs') })
    const app: App = {
      config,
      settings,
      version,
      clock,
      random,
      log: log.named('web'),
      metrics,
      store,
      templates: views,
      signer: signing,
      health,
      actions: composeActions({
        config,
        settings,
        store,
        storage,
        teller,
        signing,
        passwords,
        secretKey,
        submit: (arrival) => door.submit(arrival),
        random,
        clock,
        log,
        toldSoon,
        onMailed: mailed.note,
        jobs,
        care: careOf(config, world.care),
        pruneNow: () => tidying.run(),
      }),
    }

    const pruning = prunePings({
      ...store,
      onPruned: storage?.removing.upTo,
      clock,
      log: log.named('prune'),
    })
    const tidying = prune({ ...store, pings: pruning, clock })
    const counts = pingCounts(metrics, (kept) => tallying.count(PINGS, kept))
    const intake = new PingIntake({
      ...store,
      counts,
      ...(storage === null ? {} : { checks: storage }),
      onFlips: toldSoon,
      onLongLog(checkId) {
        pruning.due(checkId)
        wake(pruning.name)
      },
    })
    const pingsFirst = (mostMs: number) => intake.pingsFirst(mostMs)
    measureWork(metrics, intake, running)
    const door = storage === null ? intake : storage.before(intake)
    const site = createSite({
      app,
      pings: pingHandler({
        doors: pingDoors(config),
        get bodyLimitBytes() {
          return config.pingBodyLimitBytes
        },
        trust: trustBy(config),
        intake: door,
        ...store,
        countries,
        limit:
          config.pingsPerMinute === null
            ? null
            : rateLimit({ perMinute: config.pingsPerMinute, ...store, clock }),
        counts,
        clock,
        log: log.named('pings'),
      }),
    })
    const mails =
      config.smtpd === null || !config.roles.includes('smtpd')
        ? null
        : mailDoor({
            domain: config.pingEmailDomain,
            maxBytes: config.smtpd.maxBytes,
            get bodyLimitBytes() {
              return keptBytes(config.pingBodyLimitBytes)
            },
            intake: door,
            ...store,
            countries,
            counts,
            bounces:
              config.mailFromTemplate === null
                ? null
                : {
                    idIn: bounceIds(config.mailFromTemplate),
                    take: async (id, raw) => void (await app.actions.callbacks.bounce(id, raw)),
                  },
            clock,
            log: log.named('smtpd'),
          })
    const outages = ownOutages({ ...store, settings: config, clock, log: log.named('outages') })
    const watchLog = log.named('watch')
    const reached = config.roles.includes('web')
      ? {}
      : { reached: followBeats({ ...store, clock, log: watchLog }) }
    const watching = (holdUntilAt: Instant, notBeforeAt: Instant) =>
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
    const delivering = deliver({
      notifications: store.notifications,
      teller,
      withBody: flipBodies({ read: app.actions.bodies.read, wait }),
      workers: config.alertWorkers,
      deferredRetries: config.deferredRetries,
      acknowledgeUrl: (code) => acknowledgeUrl(config.siteRoot, signing, code),
      pingsFirst,
      onFree: toldSoon,
      counts: deliveryCounts(metrics, (kind, isDelivered) =>
        tallying.count((isDelivered ? TOLD : UNTOLD) + kind),
      ),
      clock,
      log: log.named('deliver'),
    })
    const purging = purge({ ...store, objects: storage?.objects ?? null, clock, log: log.named('purge') })
    const closing = closeAccounts(app.actions.plannedClosings)
    const posting = post({
      mails: store.mails,
      mailer,
      templates: views,
      signer: signing,
      clock,
      log: log.named('post'),
    })
    const beating = heartbeat({ facts: store.facts, clock, isShared })
    const repeating = repeat({ repeats: store.repeats, onQueued: toldSoon, clock })
    const accountMails = { ...store, settings: config, signer: signing, random, clock }
    /** Without a mail server they would only pile up, and come all at once when there is one. */
    const onlyWithMail = <T extends { run(): Promise<unknown> }>(task: T): T => ({
      ...task,
      run: async () => config.mail !== null && (await task.run()),
    })
    const [reminding, reporting] = [remind(accountMails), report(accountMails)]

    return {
      app,

      async start() {
        // Nobody else can be telling what this database says is on its way: one instance a file.
        if (config.database.kind === 'sqlite') {
          await store.notifications.releaseAll()
          await store.mails.releaseAll(clock())
          await store.bodies.releaseAll()
        }
        await firstAccount(app, log)
        if (config.roles.includes('web')) await listen(site, config.listen)
        if (mails !== null && config.smtpd !== null) await listen(mails.server, config.smtpd)
        await announceSetUp(app, log, config, site)
        const options = { clock, log, ...(world.elapsed ? { elapsed: world.elapsed } : {}) }
        const notBeforeAt = await earliestNow({ ...store, builtOn })
        const holdUntilAt = await holdAtStart({ ...store, clock }, config.alertStartupDelayMs)
        beats = config.roles.includes('web')
        if (beats) running.push(runTask(beating, options))
        if (config.roles.includes('alerts')) {
          running.push(
            ...[watching(holdUntilAt, notBeforeAt), repeating, delivering].map((task) =>
              runTask(agreed.before(task), options),
            ),
          )
          if (isShared) {
            running.push(runTask(noteLoops({ ...store, liveness, clock }), options))
          }
          if (config.watchdogPingUrl !== null) {
            const isWell = () => liveness.stalledSince() === null
            const vouching = vouch({
              url: config.watchdogPingUrl,
              http,
              isWell,
              stopping: health.stopping,
              log: log.named('vouch'),
            })
            running.push(runTask(vouching, options))
          }
        }
        if (following !== null) running.push(runTask(following, options))
        if (isShared) running.push(runTask(followSettings(settings), options))
        running.push(...[recover(store), pruning, tallying].map((task) => runTask(task, options)))
        if (isShared) running.push(runTask(followClock(agreed), options))
        if (config.roles.includes('alerts') || config.roles.includes('reports')) {
          running.push(runTask(posting, options))
        }
        if (config.roles.includes('reports')) {
          running.push(...[reminding, reporting].map((task) => runTask(onlyWithMail(task), options)))
          const noticing = noticeFlapping({ ...accountMails, log: log.named('flapping') })
          timed.push(runTimed(onlyWithMail(noticing), options))
        }
        if (storage !== null) {
          void storage.probe()
          running.push(runTask(storage.moving, options), runTask(storage.removing, options))
        }
        if (config.roles.includes('maintenance')) {
          running.push(runTask(purging, options))
          running.push(runTask(closing, options), runTask(measure({ ...store, clock }), options))
          timed.push(runTimed(tidying, options))
          if (storage !== null) {
            const sweep = () => sweepMonthly(app.actions.orphans)
            timed.push(runTimed(sweepBodies({ sweep, log: log.named('bodies') }), options))
          }
        }
      },

      manage: operatorApi(app),
      port: () => (site.address() as AddressInfo).port,
      mailPort: () => (mails === null ? null : (mails.server.address() as AddressInfo).port),

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

      async stop() {
        stopping = true
        // From now on pings cannot reach us: nothing goes down by a later time, here or at the next start. Where
        // even that cannot be kept, the start assumes the worst.
        const judging = running.filter(({ name }) => ['heartbeat', 'watch'].includes(name))
        for (const task of judging) void task.stop()
        const beaten = beats ? beating.run().catch(() => false) : null
        await Promise.all([closeSite(site, config.shutdownMs), mails?.close(config.shutdownMs)])
        await Promise.all([intake.idle(), withPatience(jobs.stop(), config.shutdownMs)])
        storage?.objects.close()
        // What is cut off is found in the database at the next start.
        const ended = Promise.all([
          ...running.map((task) => task.stop()),
          ...timed.map((end) => end()),
          beaten,
        ])
        await withPatience(ended, config.shutdownMs)
        await delivering.finishUp(config.shutdownMs)
        countries?.close()
        await tallying.run().catch(() => false)
        await http.close()
        await store.close()
      },
    }
  }
}
