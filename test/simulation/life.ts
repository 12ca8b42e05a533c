import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import { storeOn } from '../../src/store'
import type { Store } from '../../src/store'
import { StoreUnavailable } from '../../src/store/problems'
import type { Sql } from '../../src/store/sql'
import type { Log } from '../../src/world/log'
import type { Dice } from '../fuzz/dice'
import { aBeginning } from '../support/build'
import { Death, Gate } from './gate'
import type { Clocks, Tag, Waiting } from './gate'
import { checkEnd } from './ending'
import { Household } from './household'
import { Timeline } from './timeline'
import { Observer, Violation, keyOf } from './observer'
import { Process, STARTUP_DELAY_MS } from './process'
import type { Loop, Roles } from './process'
import { MOODS, Receivers } from './receivers'

/** What may go wrong in this life. */
export interface Faults {
  /** The chance, at every step, that whoever takes it dies of it. */
  crash: number
  /** Receivers are slow, away, or odd. */
  moods: boolean
  /** Dead processes may stay away for hours. */
  longOutages: boolean
  /** The database goes away now and then, or does not say that it committed. */
  database: boolean
  /** The clock on the wall is set. */
  clocks: boolean
  /** A process is stopped for a while, as by SIGSTOP. */
  freezes: boolean
  /** Of several processes, each has a clock that is off. */
  skew: boolean
  /** Of two processes, one takes the pings and the other does the rest. */
  split: boolean
}

export interface LifeDeps {
  driver: Sql
  dice: Dice
  faults: Faults
  clocks: Clocks
  note(line: string): void
}

const SHORT_JUMPS = [-5 * MINUTE, -30 * SECOND, 30 * SECOND, 3 * MINUTE, 2 * HOUR] as const
const LONG_JUMPS = [-2 * HOUR, -5 * MINUTE, 3 * MINUTE, 2 * HOUR, 20 * HOUR] as const

/** How long a dead process stays away. */
const LATER = [10 * SECOND, 30 * SECOND, 3 * MINUTE] as const
const SOON_OR_LATER = [SECOND, 2 * SECOND, 30 * SECOND, 3 * MINUTE] as const

const SKEWS = [-MINUTE, 0, MINUTE, 5 * MINUTE] as const

/** Most steps without any time passing: more is a loop that never rests. */
const MOST_STEPS_AT_ONCE = 5_000

const MOST_STEPS_TO_SETTLE = 200_000

const SILENT: Log = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  named: () => SILENT,
}

/** One life of the appliance: its processes, those who ping and those who are told, and the dice that rule them. */
export class Life {
  readonly clocks: Clocks
  readonly figures = { steps: 0, flips: 0, told: 0, summaries: 0, pings: 0, crashes: 0 }
  readonly #driver: Sql
  readonly #dice: Dice
  #faults: Faults
  readonly #note: (line: string) => void
  readonly #gate = new Gate()
  readonly #observer: Observer
  readonly #receivers: Receivers
  /** Not through the gate: for those who stand outside. */
  readonly #store: Store
  #processes: Process[] = []
  readonly #timeline: Timeline
  #household: Household | null = null
  #born = 0
  #stepsAtOnce = 0
  /** When pings could last reach anybody. */
  #reachableAt: number | null = null
  /** Whether that was ever written down. */
  #hasBeaten = false
  #isDatabaseAway = false
  #startHoldUntilMs = 0
  readonly #holdUntilMs = new Map<Process, number>()
  constructor({ driver, dice, faults, clocks, note }: LifeDeps) {
    this.clocks = clocks
    this.#driver = driver
    this.#dice = dice
    this.#faults = faults
    this.#note = (line) => note(`${(clocks.elapsedMs / SECOND).toFixed(1)} s  ${line}`)
    this.#observer = new Observer(driver, clocks)
    this.#receivers = new Receivers({ gate: this.#gate, clocks, dice, observer: this.#observer })
    this.#observer.wasAnsweredOk = (key) => this.#receivers.wasAnsweredOk(key)
    this.#timeline = new Timeline(clocks, dice)
    this.#store = storeOn(driver, { newCode: () => dice.uuid() })
  }

  /** A household with some checks and channels, and the processes that look after it. */
  async begin(): Promise<void> {
    const dice = this.#dice
    const store = this.#store
    const first = await store.users.addFirst(aBeginning())
    if (!first) throw new Error('The database was not empty')
    const household = new Household({
      projectId: first.project.id,
      store,
      clocks: this.clocks,
      dice,
      timeline: this.#timeline,
      observer: this.#observer,
      receivers: this.#receivers,
      reachable: () => this.#alive().filter((one) => this.#isReachable(one)),
      note: this.#note,
    })
    this.#household = household
    await store.checks.remove(first.check.id)
    for (const { id } of await store.channels.ofProject(first.project.id)) await store.channels.remove(id)
    await store.reports.setWishes(
      1,
      { reportKind: 'daily', nextReportAt: null, nagPeriodMs: HOUR },
      this.clocks.wallAt,
    )
    for (let i = 0; i < 2 + dice.below(3); i++) await household.addCheck(store)
    for (let i = 0; i < 1 + dice.below(3); i++) await household.addChannel()
    await this.#observer.begin()
    for (const id of this.#observer.models.keys()) household.employ(id)
    const count = this.#driver.name === 'sqlite' ? 1 : 2
    for (let i = 0; i < count; i++) this.#timeline.later(i * SECOND, () => this.#start())
    this.#timeline.nowAndThen(MINUTE, () => household.meddle())
    if (this.#faults.moods) this.#timeline.nowAndThen(30 * SECOND, () => this.#changeMoods())
    if (this.#faults.clocks) this.#timeline.nowAndThen(6 * MINUTE, () => this.#setClock())
    if (this.#faults.freezes) this.#timeline.nowAndThen(4 * MINUTE, () => this.#freeze())
    if (this.#faults.database) this.#timeline.nowAndThen(4 * MINUTE, () => this.#loseDatabase())
    if (this.#faults.crash > 0) this.#timeline.nowAndThen(4 * MINUTE, () => this.#stopOne())
  }

  /** One thing that can happen now, or, when nothing can, the time passes to the next. */
  async step(): Promise<void> {
    this.figures.steps++
    const event = this.#timeline.takeDue()
    if (event) {
      await event.happen()
      return this.#breathe()
    }
    const options = this.#options()
    if (options.length === 0) return this.#pass()
    if (++this.#stepsAtOnce > MOST_STEPS_AT_ONCE) throw new Violation('something never comes to rest')
    await options[this.#dice.below(options.length)]!()
    await this.#breathe()
    if (this.#receivers.broken) throw this.#receivers.broken
  }

  /** The faults end, jobs and people go home: all that was to be told must be told in the end. */
  async settle(): Promise<void> {
    this.#note('from now on all is well')
    this.#faults = { ...this.#faults, crash: 0 }
    this.#isDatabaseAway = false
    this.#timeline.clear()
    this.#people.insisting.clear()
    for (const process of this.#processes) process.frozenUntilMs = 0
    for (const id of this.#receivers.moods.keys()) this.#receivers.moods.set(id, 'well')
    for (const channel of await this.#store.channels.ofProject(1))
      await this.#store.channels.edit(channel.id, { repeatMs: null })
    while (this.#alive().length < this.#least()) this.#start()
    for (let steps = 0; !(await this.#isSettled()); steps++) {
      if (steps > MOST_STEPS_TO_SETTLE) throw new Violation('what is to be told is never told')
      await this.step()
    }
    this.figures.told = this.#receivers.received
    this.figures.summaries = this.#receivers.summaries
    this.figures.pings = this.#people.acked.length
    await checkEnd({
      observer: this.#observer,
      receivers: this.#receivers,
      household: this.#people,
      store: this.#store,
    })
  }

  get #people(): Household {
    if (!this.#household) throw new Error('Nobody lives here yet')
    return this.#household
  }

  // What can happen

  #options(): (() => Promise<void>)[] {
    const nowMs = this.clocks.elapsedMs
    const awake = this.#alive().filter(({ frozenUntilMs }) => frozenUntilMs <= nowMs)
    const turns = awake.flatMap((who) =>
      who.loops
        .filter((loop) => !loop.isRunning && loop.fromMs + this.#restMs(loop) <= nowMs)
        .map((loop) => async () => who.turn(loop)),
    )
    const passes = this.#gate.waiting
      .filter(({ who, fromMs }) => fromMs <= nowMs && who.frozenUntilMs <= nowMs)
      .map((one) => () => this.#let(one))
    return [...turns, ...passes]
  }

  /** Lets one pass the gate, to live or to die of it. */
  async #let(one: Waiting): Promise<void> {
    this.#gate.take(one)
    const who = one.who as Process
    const fate = this.#dice.chance(this.#faults.crash)
      ? this.#dice.pick(['dies before', 'dies in the middle of', 'dies after'])
      : 'lives'
    if (fate === 'dies before') return this.#die(who, `before ${one.label}`)
    if (fate === 'dies in the middle of' && one.what === 'commit') {
      const cutAfter = this.#dice.below(8)
      await one.run(cutAfter).then(
        () => undefined,
        (cause: unknown) => {
          if (!(cause instanceof Death)) throw cause
        },
      )
      await this.#observer.look(who, null)
      return this.#die(who, `in the middle of a commit, after ${cutAfter} steps`)
    }
    const isStore = one.what === 'commit' || one.what === 'read'
    if (this.#isDatabaseAway && isStore) {
      for (const key of this.#receivers.keysOf(who)) this.#receivers.excuse(key)
      this.#excuseUnrecorded(who)
      return one.reject(new StoreUnavailable('unreachable', null))
    }
    let result: unknown
    try {
      result = await one.run(null)
    } catch (cause) {
      if (cause instanceof Violation) throw cause
      this.#note(`${who.name}: ${one.label} failed: ${String(cause)}`)
      return one.reject(cause)
    }
    if (one.what === 'commit') await this.#committed(who, one.tag)
    if (fate !== 'lives') return this.#die(who, `after ${one.label}`)
    one.resolve(result)
  }

  async #committed(who: Process, tag: Tag | null): Promise<void> {
    this.#hasBeaten ||= who.didBeat
    // Most looks find nothing.
    if (!who.didWrite && !(tag?.kind === 'watch' && tag.limit > 0 && this.#observer.expectsOfLook(tag.nowAt)))
      return
    const flips = await this.#observer.look(who, tag)
    if (tag?.kind === 'remove') this.#receivers.forgetCheck(tag.checkId)
    for (const flip of flips) {
      this.figures.flips++
      this.#note(
        `${who.name}: check ${flip.check_id} ${flip.from_status} -> ${flip.to_status} ${flip.reason} (flip ${flip.id})`,
      )
      if (tag?.kind === 'watch') this.#mayFlip(who, flip.check_id, flip.at)
    }
  }

  /** Nobody goes down while those who could not reach us may still be on their way. */
  #mayFlip(who: Process, checkId: number, deadlineAt: number): void {
    const holdUntilMs = this.#holdUntilMs.get(who) ?? 0
    if (this.clocks.elapsedMs < holdUntilMs)
      throw new Violation(
        `check ${checkId} went down ${holdUntilMs - this.clocks.elapsedMs} ms before the hold of ${who.name} is over`,
      )
    // Of two, the one that is well cannot know what the other one holds.
    const isShared = this.#driver.name !== 'sqlite' && (this.#faults.freezes || this.#faults.crash > 0)
    if (isShared && !this.#isSplit) return
    const early = [...this.#people.insisting].find(
      (one) => one.checkId === checkId && one.sinceAt <= deadlineAt,
    )
    if (early)
      throw new Violation(
        `check ${checkId} went down falsely: its job has been trying since ${deadlineAt - early.sinceAt} ms before the deadline`,
      )
  }

  /** Time passes to the next thing that happens. */
  #pass(): void {
    const nowMs = this.clocks.elapsedMs
    const alive = this.#alive()
    const next = Math.min(
      this.#timeline.nextMs(),
      ...this.#gate.waiting.map(({ fromMs, who }) => Math.max(fromMs, who.frozenUntilMs)),
      ...alive.flatMap((who) =>
        who.loops
          .filter(({ isRunning }) => !isRunning)
          .map((loop) => Math.max(loop.fromMs + this.#restMs(loop), who.frozenUntilMs)),
      ),
    )
    const byMs = Number.isFinite(next) ? Math.max(1, next - nowMs) : SECOND
    if (alive.some((who) => this.#isReachable(who))) this.#reachableAt = this.clocks.wallAt + byMs
    this.clocks.elapsedMs += byMs
    this.clocks.wallAt += byMs
    this.#stepsAtOnce = 0
  }

  /** Loops that have nothing to do need not turn so often, which saves time; the watch notices when it does not. */
  #restMs({ task, isWoken, hasTurned }: Loop): number {
    if (isWoken || !hasTurned || this.#gate.waiting.length > 0 || this.#isDatabaseAway) return 0
    if (task.name === 'watch') return 1.9 * SECOND
    return this.#observer.seen.nextDueAt <= this.clocks.wallAt ? 0 : 20 * SECOND
  }

  /** Lets everybody who was waiting for the last step do what they do without waiting. */
  async #breathe(): Promise<void> {
    for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve))
  }

  // Processes

  #alive(): Process[] {
    return this.#processes.filter(({ isDead }) => !isDead)
  }

  #isReachable(who: Process): boolean {
    return (
      who.roles.takesPings &&
      who.readyMs !== null &&
      !who.isStopping &&
      who.frozenUntilMs <= this.clocks.elapsedMs &&
      !this.#isDatabaseAway
    )
  }

  /** Takes the place of whoever had these `roles`. */
  #start(roles = this.#missingRoles()): void {
    const most = this.#driver.name === 'sqlite' ? 1 : 2
    if (this.#alive().length >= most) return
    const process = new Process({
      name: `p${++this.#born}`,
      driver: this.#driver,
      gate: this.#gate,
      clocks: this.clocks,
      skewMs: this.#faults.skew && this.#driver.name !== 'sqlite' ? this.#dice.pick<number>(SKEWS) : 0,
      roles,
      dice: this.#dice,
      send: (who, request) => this.#receivers.send(who, request),
      mailer: { send: async () => ({ ok: true }) },
      log: SILENT,
    })
    this.#processes.push(process)
    this.#note(`${process.name} starts`)
    void process.boot().then(
      () => {
        // Nobody knows since when, if nobody ever wrote it down.
        const isKnown = this.#reachableAt !== null && this.#hasBeaten
        const awayMs = isKnown ? Math.max(0, this.clocks.wallAt - this.#reachableAt!) : 0
        // What is left of the hold of one that is gone goes on.
        const leftMs = this.#faults.clocks ? 0 : this.#startHoldUntilMs - this.clocks.elapsedMs
        const holdMs = Math.max(STARTUP_DELAY_MS, Math.min(Math.max(awayMs, leftMs), 5 * MINUTE))
        this.#holdUntilMs.set(process, this.clocks.elapsedMs + holdMs)
        this.#startHoldUntilMs = Math.max(this.#startHoldUntilMs, this.clocks.elapsedMs + holdMs)
        if (process.roles.takesPings) this.#reachableAt = this.clocks.wallAt
        this.#note(`${process.name} is ready after ${awayMs} ms, holds for ${holdMs} ms`)
      },
      (cause: unknown) => this.#die(process, `at its start: ${String(cause)}`),
    )
  }

  get #isSplit(): boolean {
    return this.#faults.split && this.#driver.name !== 'sqlite'
  }

  /** How many it takes for all to be done. */
  #least(): number {
    return this.#isSplit ? 2 : 1
  }

  #missingRoles(): Roles {
    if (!this.#isSplit) return { takesPings: true, judges: true }
    const isTaken = this.#alive().some(({ roles }) => roles.takesPings)
    return { takesPings: !isTaken, judges: isTaken }
  }

  #die(who: Process, when: string): void {
    this.figures.crashes++
    this.#note(`${who.name} dies ${when}`)
    this.#excuseUnrecorded(who)
    this.#end(who)
    const dice = this.#dice
    const isMissed = this.#faults.longOutages && dice.chance(0.3) && who.roles.takesPings
    const soon = this.#isSplit && who.roles.takesPings ? LATER : SOON_OR_LATER
    const awayMs = isMissed ? dice.below(3 * HOUR) : dice.pick(soon)
    this.#timeline.later(awayMs, () => this.#start(who.roles))
  }

  /** What it was telling may come once more: nobody knows how that went. */
  #excuseUnrecorded(who: Process): void {
    for (const row of this.#observer.seen.notifications.values())
      if (row.state === 'sending' && this.#observer.claimedBy.get(row.id) === who)
        this.#receivers.excuse(keyOf(row))
  }

  #end(who: Process): void {
    who.isDead = true
    for (const one of this.#gate.waiting.filter((waiting) => waiting.who === who)) this.#gate.take(one)
    this.#receivers.forget(who)
    this.#processes = this.#processes.filter((one) => one !== who)
  }

  /** In good order, as for an upgrade. */
  async #stopOne(): Promise<void> {
    const who = this.#alive().find(({ isStopping, readyMs }) => !isStopping && readyMs !== null)
    if (!who) return
    this.#note(`${who.name} is stopped`)
    void who.stop().then(
      () => {
        this.#excuseUnrecorded(who)
        this.#end(who)
        this.#timeline.later(this.#isSplit ? LATER[0] : SECOND, () => this.#start(who.roles))
      },
      () => this.#die(who, 'while it was stopped'),
    )
    // Its patience, which is none, is a timer of the system.
    await new Promise((resolve) => setTimeout(resolve, 2))
    this.#excuseUnrecorded(who)
  }

  // Faults

  #changeMoods(): void {
    for (const id of this.#receivers.moods.keys()) {
      if (!this.#dice.chance(0.4)) continue
      const mood = this.#dice.chance(0.4) ? 'well' : this.#dice.pick(MOODS as readonly [(typeof MOODS)[0]])
      this.#receivers.moods.set(id, mood)
      this.#note(`receiver ${id} is ${mood}`)
    }
  }

  #setClock(): void {
    const byMs = this.#dice.pick<number>(this.#faults.longOutages ? LONG_JUMPS : SHORT_JUMPS)
    const one = this.#faults.skew && this.#dice.chance(0.5) ? this.#alive()[0] : undefined
    this.#note(`the clock ${one ? `of ${one.name} ` : ''}jumps by ${byMs} ms`)
    if (one && this.#driver.name !== 'sqlite') {
      one.skewMs += byMs
      return this.#excuseUnrecorded(one)
    }
    this.clocks.wallAt += byMs
    if (byMs >= MINUTE) for (const who of this.#alive()) this.#hold(who, Math.min(byMs, 5 * MINUTE))
    // A lease that is over by the clock may be taken over by others.
    for (const who of this.#alive()) this.#excuseUnrecorded(who)
  }

  #freeze(): void {
    const alive = this.#alive()
    const who = alive[this.#isSplit ? this.#dice.below(Math.max(1, alive.length)) : 0]
    if (!who) return
    const forMs = this.#dice.pick([5 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE])
    this.#note(`${who.name} is frozen for ${forMs} ms`)
    // What it has sent is on the wire, and gets there or not.
    for (const one of this.#gate.waiting.filter((w) => w.who === who && w.what === 'arrival'))
      one.fromMs = this.clocks.elapsedMs
    this.#receivers.forget(who)
    this.#excuseUnrecorded(who)
    who.frozenUntilMs = this.clocks.elapsedMs + forMs
  }

  #loseDatabase(): void {
    this.#isDatabaseAway = true
    const forMs = this.#dice.pick([3 * SECOND, 30 * SECOND, 5 * MINUTE])
    this.#note(`the database is away for ${forMs} ms`)
    this.#timeline.later(forMs, () => {
      this.#isDatabaseAway = false
      this.#note('the database is back')
    })
  }

  #hold(who: Process, forMs: number): void {
    const untilMs = this.clocks.elapsedMs + forMs
    this.#holdUntilMs.set(who, Math.max(this.#holdUntilMs.get(who) ?? 0, untilMs))
  }

  // The end

  async #isSettled(): Promise<boolean> {
    if (this.#gate.waiting.length > 0 || this.#timeline.nextMs() < Infinity) return false
    const alive = this.#alive()
    if (alive.length < this.#least()) this.#start()
    if (!alive.some((who) => who.roles.judges && this.#holdUntilMs.has(who))) return false
    const { seen, models } = this.#observer
    if ([...seen.notifications.values()].some(({ due_at }) => due_at !== null)) return false
    // Everybody who can go down has.
    return [...models.values()].every(
      ({ status, startedAt }) => status !== 'up' && (status === 'down' || startedAt === null),
    )
  }
}
