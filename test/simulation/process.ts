import { SECOND } from '../../src/core/time'
import { teller } from '../../src/integrations/teller'
import { PingIntake } from '../../src/pings/intake'
import { storeOn } from '../../src/store'
import type { Store } from '../../src/store'
import type { Sql } from '../../src/store/sql'
import { agreedClock, followClock } from '../../src/tasks/agreed-clock'
import { deliver } from '../../src/tasks/deliver'
import type { DeliverTask } from '../../src/tasks/deliver'
import { followBeats, heartbeat, holdAtStart, keepHold } from '../../src/tasks/heartbeat'
import { ownOutages } from '../../src/tasks/outages'
import { post } from '../../src/tasks/post'
import { recover } from '../../src/tasks/recover'
import { remind } from '../../src/tasks/remind'
import { repeat } from '../../src/tasks/repeat'
import { report } from '../../src/tasks/report'
import type { Task } from '../../src/tasks/task'
import { watch } from '../../src/tasks/watch'
import type { OutgoingRequest, HttpAnswer } from '../../src/world/http'
import type { Log } from '../../src/world/log'
import type { Mailer } from '../../src/world/mail'
import { signer } from '../../src/world/signer'
import type { Dice } from '../fuzz/dice'
import { configOf } from '../support/settings'
import { gated } from './gate'
import type { Clocks, Gate, Passer, Tag } from './gate'

/** What a process does: all of it, or only some, next to another that does the rest. */
export interface Roles {
  takesPings: boolean
  judges: boolean
}

/** Of the settings: how long a fresh start judges nobody. */
export const STARTUP_DELAY_MS = 15 * SECOND

export interface ProcessDeps {
  name: string
  driver: Sql
  gate: Gate
  clocks: Clocks
  /** By how much its clock is off that of the database. */
  skewMs: number
  roles: Roles
  dice: Dice
  send(who: Process, request: OutgoingRequest): Promise<HttpAnswer>
  mailer: Mailer
  log: Log
}

export interface Loop {
  task: Task
  isRunning: boolean
  isWoken: boolean
  hasTurned: boolean
  fromMs: number
}

const config = configOf({ SECRET_KEY: 'a key for tests '.repeat(4), EMAIL_HOST: 'localhost' })

const signing = signer('a key for tests')

/** One process of the appliance: the real store and the real tasks, put together as `compose` does. */
export class Process implements Passer {
  readonly name: string
  readonly store: Store
  readonly intake: PingIntake
  isDead = false
  didWrite = false
  didBeat = false
  /** Takes no new pings any more, and is about to end. */
  isStopping = false
  frozenUntilMs = 0
  /** By how much its clock is off that of the database, which is right. */
  skewMs: number
  readonly roles: Roles
  /** Pings reach it; null: not yet. */
  readyMs: number | null = null
  loops: Loop[] = []
  readonly #deps: ProcessDeps
  #tag: Tag | null = null
  #deliver: DeliverTask | null = null

  constructor(deps: ProcessDeps) {
    const { name, driver, gate, dice } = deps
    this.#deps = deps
    this.name = name
    this.skewMs = deps.skewMs
    this.roles = deps.roles
    const store = storeOn(gated(driver, gate, this), { newCode: () => dice.uuid() })
    this.store = { ...store, checks: this.#told(store.checks) }
    this.intake = new PingIntake({
      checks: this.store.checks,
      onFlips: () => this.#wake('deliver'),
      commitsAtOnce: 1,
    })
  }

  takeTag(): Tag | null {
    const tag = this.#tag
    this.#tag = null
    return tag
  }

  /** Says what the transaction that this begins is about. */
  tagged<T>(tag: Tag, begin: () => Promise<T>): Promise<T> {
    this.#tag = tag
    try {
      return begin()
    } finally {
      this.#tag = null
    }
  }

  /** As `compose` starts it. */
  async boot(): Promise<void> {
    const { driver, clocks, gate, mailer, send, dice, log } = this.#deps
    const { store, roles } = this
    const elapsed = () => clocks.elapsedMs
    const isShared = driver.name !== 'sqlite'
    const agreed = agreedClock({
      databaseNowAt: async () =>
        isShared
          ? gate.pass(
              { who: this, what: 'read', label: 'what time it is', fromMs: 0 },
              async () => clocks.wallAt,
            )
          : null,
      clock: () => clocks.wallAt + this.skewMs,
      elapsed,
      log,
    })
    const clock = agreed.now
    await agreed.agree()
    const wait = (ms: number) =>
      gate.pass({ who: this, what: 'pause', label: 'pause', fromMs: clocks.elapsedMs + ms }, async () => {})
    if (driver.name === 'sqlite') {
      await store.notifications.releaseAll()
      await store.mails.releaseAll(clock())
    }
    this.readyMs = clocks.elapsedMs
    const holdUntilAt = await holdAtStart({ ...store, clock }, STARTUP_DELAY_MS)
    const toldSoon = () => this.#wake('deliver')
    const { checks } = store
    const telling = teller({
      config,
      http: { send: (request) => send(this, request), close: async () => {} },
      mailer,
      signer: signing,
      templates: { fill: () => '' },
      random: dice,
      wait,
      log,
    })
    this.#deliver = deliver({
      notifications: store.notifications,
      teller: telling,
      withBody: async (_, notice) => notice,
      workers: 4,
      deferredRetries: true,
      acknowledgeUrl: (code) => `https://rollcall.example.org/acknowledge/${code}/`,
      onFree: toldSoon,
      clock,
      elapsed,
      log,
    })
    const outages = ownOutages({ ...store, settings: config, clock, log })
    const accountMails = { ...store, settings: config, signer: signing, random: dice, clock }
    const judging = [
      watch({
        ...(roles.takesPings ? {} : { reached: followBeats({ ...store, clock, elapsed, log }) }),
        atLeastMs: STARTUP_DELAY_MS,
        checks,
        holdUntilAt,
        onHold: (untilAt, awayMs) =>
          void Promise.all([keepHold(store.facts, untilAt), outages.noticed(awayMs, untilAt)]).catch(
            () => undefined,
          ),
        onJudged: outages.judged,
        onFlips: toldSoon,
        clock,
        elapsed,
        log,
      }),
      repeat({ ...store, onQueued: toldSoon, clock }),
      this.#deliver,
    ].map(agreed.before)
    const tasks = [
      ...(roles.takesPings ? [heartbeat({ ...store, clock, isShared })] : []),
      ...(roles.judges ? judging : []),
      ...(isShared ? [followClock(agreed)] : []),
      recover(store),
      post({ ...store, mailer, templates: { fill: () => '' }, signer: signing, clock, log }),
      remind(accountMails),
      report(accountMails),
    ]
    this.loops = tasks.map((task) => ({
      task,
      isRunning: false,
      isWoken: false,
      hasTurned: false,
      fromMs: clocks.elapsedMs,
    }))
  }

  /** As the loop around a task does it (`runTask`), but for when: that is for the scheduler to say. */
  turn(loop: Loop): void {
    const { clocks } = this.#deps
    loop.isRunning = true
    loop.isWoken = false
    loop.hasTurned = true
    const rest = (more: boolean): void => {
      loop.isRunning = false
      loop.fromMs = clocks.elapsedMs + (more || loop.isWoken ? 0 : loop.task.everyMs)
    }
    loop.task.run().then(rest, () => rest(false))
  }

  /** As `compose` stops it, without patience: what is on its way is handed back. */
  async stop(): Promise<void> {
    this.isStopping = true
    this.loops = []
    await this.#deliver?.finishUp(0)
  }

  #wake(name: string): void {
    const loop = this.loops.find(({ task }) => task.name === name)
    if (!loop) return
    loop.isWoken = true
    if (!loop.isRunning) loop.fromMs = this.#deps.clocks.elapsedMs
  }

  /** The same checks, telling whoever watches what is done to them. */
  #told(checks: Store['checks']): Store['checks'] {
    return {
      ...checks,
      recordPings: (arrivals, options) => {
        const told = arrivals.flatMap((one) =>
          'code' in one ? [{ code: one.code, ping: { ...one.ping } }] : [],
        )
        return this.tagged({ kind: 'pings', arrivals: told }, () => checks.recordPings(arrivals, options))
      },
      changeDue: (nowAt, limit, decide) =>
        this.tagged({ kind: 'watch', nowAt, limit }, () => checks.changeDue(nowAt, limit, decide)),
    }
  }
}
