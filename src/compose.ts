import type { AddressInfo } from 'node:net'
import { openJobs } from './actions/jobs'
import type { App, Health } from './app'
import { careOf } from './compose/care'
import type { Care } from './compose/care'
import { composeActions } from './compose/actions'
import { mailsOf, siteOf } from './compose/doors'
import { dutiesOf } from './compose/duties'
import { announceSetUp, firstAccount, recogniseSecret } from './compose/first-start'
import { closeSite, listen } from './compose/listening'
import { liveSettings } from './compose/live-settings'
import type { LiveSettings, ReadSettings } from './compose/live-settings'
import { whileAnswering } from './compose/opening'
import { measuredTransactions, measureWork, metricsOf, notedMails } from './compose/measuring'
import type { Config } from './config'
import type { Instant } from './core/time'
import { teller as tellerOf } from './integrations/teller'
import { pingCounts } from './pings/counts'
import { PingIntake } from './pings/intake'
import { openStore } from './store'
import type { Store } from './store'
import { agreedClock } from './tasks/agreed-clock'
import { openBodyStorage } from './tasks/body-storage'
import type { BodyStorage } from './tasks/body-storage'
import { followLoops, livenessOf } from './tasks/liveness'
import { prune } from './tasks/prune'
import { prunePings } from './tasks/prune-pings'
import { OBJECTS_FAILED, PINGS } from './store/tallies'
import { tally } from './tasks/tally'
import type { TallyTask } from './tasks/tally'
import type { RunningTask } from './tasks/task'
import { builtOn, version } from './version'
import { operatorApi } from './web/api/operator'
import type { OperatorApi } from './web/api/operator'
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
    let stopping = false
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
    measureWork(metrics, intake, running)
    const door = storage === null ? intake : storage.before(intake)
    const doorParts = { app, store, intake: door, counts, countries, log }
    const site = siteOf(doorParts)
    const mails = mailsOf(doorParts)
    const duties = dutiesOf({
      app,
      settings,
      store,
      storage,
      tallying,
      pruning,
      tidying,
      following,
      running,
      liveness,
      agreed,
      teller,
      http,
      mailer,
      wait,
      builtOn,
      elapsed: world.elapsed,
      toldSoon,
      pingsFirst: (mostMs) => intake.pingsFirst(mostMs),
      log,
    })

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
        await duties.begin()
      },

      manage: operatorApi(app),
      port: () => (site.address() as AddressInfo).port,
      mailPort: () => (mails === null ? null : (mails.server.address() as AddressInfo).port),

      turn: duties.turn,

      async stop() {
        stopping = true
        duties.judgeNoMore()
        await Promise.all([closeSite(site, config.shutdownMs), mails?.close(config.shutdownMs)])
        await Promise.all([intake.idle(), withPatience(jobs.stop(), config.shutdownMs)])
        storage?.objects.close()
        await duties.end(config.shutdownMs)
        countries?.close()
        await tallying.run().catch(() => false)
        await http.close()
        await store.close()
      },
    }
  }
}
