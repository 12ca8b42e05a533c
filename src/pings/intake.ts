import { StoreUnavailable } from '../store/problems'
import type { Arrival, CheckStore, Recorded } from '../store/checks'
import { PINGS_BETWEEN_PRUNINGS } from '../store/pruning'
import { stopwatch } from '../world/clock'
import { openMetrics } from '../world/metrics'
import { pingCounts } from './counts'
import type { PingCounts } from './counts'

/** Most pings in one commit: bounds how long a commit, and so a ping behind it, can take. */
const MAX_BATCH = 500

/** Most bytes of bodies in one commit. */
const MAX_BATCH_BYTES = 4_000_000

/** Turns of the event loop in which a batch may grow: bounds how long the first of it waits. */
const MAX_TURNS = 16

/** Most pings and bytes that wait for a commit; past this we are overloaded and say so. */
const MAX_WAITING = 10_000
const MAX_WAITING_BYTES = 64_000_000

interface Waiting {
  /** Kept all together or not at all. */
  arrivals: readonly Arrival[]
  bytes: number
  /** The receipts come in the order of the arrivals. */
  resolve: (receipts: Recorded[]) => void
  reject: (error: unknown) => void
}

export interface IntakeOptions {
  checks: Pick<CheckStore, 'recordPings'>
  /** Told after each commit that holds flips, so that nobody waits for the next look at the outbox. */
  onFlips: () => void
  /** Told of checks whose log wants to be cut to its limit. */
  onLongLog?: (checkId: number) => void
  /** How many commits may be under way: while the disk takes one, the next is made. */
  commitsAtOnce: number
  counts?: PingCounts
}

/**
 * Group commit: what comes in while the event loop keeps bringing more, or while no further commit may
 * begin, shares the next commit, and each is answered after it. A lone ping goes at once.
 */
export class PingIntake {
  readonly #checks: IntakeOptions['checks']
  readonly #onFlips: () => void
  readonly #onLongLog: (checkId: number) => void
  readonly #commitsAtOnce: number
  readonly #counts: PingCounts
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #gathering = false
  #underWay = new Set<Promise<void>>()
  #whenIdle = new Set<() => void>()

  constructor(options: IntakeOptions) {
    const { checks, onFlips, onLongLog = () => undefined, commitsAtOnce } = options
    this.#checks = checks
    this.#onFlips = onFlips
    this.#onLongLog = onLongLog
    this.#commitsAtOnce = commitsAtOnce
    this.#counts = options.counts ?? pingCounts(openMetrics())
  }

  /** What waits for a commit. */
  queue(): { pings: number; bytes: number } {
    const pings = this.#waiting.reduce((sum, { arrivals }) => sum + arrivals.length, 0)
    return { pings, bytes: this.#waitingBytes }
  }

  /** The receipt once the ping is on disk, or which check is not meant. Rejects when it could not be kept. */
  submit(arrival: Arrival): Promise<Recorded | 'overloaded'> {
    const bytes = bytesOf(arrival)
    if (!this.#hasRoomFor(bytes)) return Promise.resolve('overloaded')
    return new Promise((resolve, reject) => {
      const first = ([receipt]: Recorded[]) => resolve(receipt ?? null)
      this.#await({ arrivals: [arrival], bytes, resolve: first, reject })
    })
  }

  /** The same for what came as one: in one commit, all or none. Receipts come in the order of the arrivals. */
  submitTogether(arrivals: readonly Arrival[]): Promise<Recorded[] | 'overloaded'> {
    const bytes = arrivals.reduce((sum, arrival) => sum + bytesOf(arrival), 0)
    if (!this.#hasRoomFor(bytes)) return Promise.resolve('overloaded')
    return new Promise((resolve, reject) => this.#await({ arrivals, bytes, resolve, reject }))
  }

  /** What is larger than all the room there is, waits alone. */
  #hasRoomFor(bytes: number): boolean {
    if (this.#waiting.length === 0) return true
    return this.#waiting.length < MAX_WAITING && this.#waitingBytes + bytes <= MAX_WAITING_BYTES
  }

  #await(waiting: Waiting): void {
    this.#waitingBytes += waiting.bytes
    this.#waiting.push(waiting)
    this.#proceed()
  }

  /** For what is less urgent: resolves when no ping waits any more, and after so long at the latest. */
  async pingsFirst(mostMs: number): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>((resolve) => {
      const goOn = () => {
        clearTimeout(timer)
        this.#whenIdle.delete(goOn)
        resolve()
      }
      const timer = setTimeout(goOn, mostMs)
      this.#whenIdle.add(goOn)
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (!this.#isIdle()) {
      await (this.#gathering ? nextTurn() : Promise.race(this.#underWay))
    }
  }

  #isIdle(): boolean {
    return !this.#gathering && this.#underWay.size === 0
  }

  /** Goes on with what waits, if anything does and another commit may begin. */
  #proceed(): void {
    if (this.#gathering || this.#waiting.length === 0 || this.#underWay.size >= this.#commitsAtOnce) return
    this.#gathering = true
    setImmediate(() => this.#gather(0, 1))
  }

  /** A lone ping goes on after one turn; in a crowd each turn of the event loop brings more. */
  #gather(before: number, turn: number): void {
    const count = this.#waiting.length
    if (count > before && count < MAX_BATCH && turn < MAX_TURNS) {
      setImmediate(() => this.#gather(count, turn + 1))
      return
    }
    this.#gathering = false
    const commit = this.#commit(this.#nextBatch()).finally(() => {
      this.#underWay.delete(commit)
      this.#proceed()
      if (this.#isIdle()) for (const goOn of this.#whenIdle) goOn()
    })
    this.#underWay.add(commit)
    this.#proceed()
  }

  #nextBatch(): Waiting[] {
    let bytes = 0
    let count = 0
    while (count < this.#waiting.length && count < MAX_BATCH) {
      bytes += this.#waiting[count]!.bytes
      if (count > 0 && bytes > MAX_BATCH_BYTES) break
      count++
    }
    const batch = this.#waiting.splice(0, count)
    for (const one of batch) this.#waitingBytes -= one.bytes
    return batch
  }

  async #commit(batch: Waiting[]): Promise<void> {
    const began = stopwatch()
    try {
      const arrivals = batch.flatMap((one) => one.arrivals)
      const receipts = await this.#checks.recordPings(arrivals)
      this.#counts.committed(arrivals, receipts, stopwatch() - began)
      this.#answer(batch, receipts)
    } catch (error) {
      // One by one, so that a ping that cannot be kept fails alone.
      if (batch.length > 1 && !isTransient(error)) for (const one of batch) await this.#commit([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  #answer(batch: Waiting[], receipts: Recorded[]): void {
    let from = 0
    for (const { arrivals, resolve } of batch) resolve(receipts.slice(from, (from += arrivals.length)))
    let anyFlip = false
    for (const receipt of receipts) {
      if (receipt === null || typeof receipt === 'string') continue
      anyFlip ||= receipt.flip !== null
      if (receipt.unpruned >= PINGS_BETWEEN_PRUNINGS) this.#onLongLog(receipt.checkId)
    }
    if (anyFlip) this.#onFlips()
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function bytesOf({ ping }: Arrival): number {
  return ping.body?.length ?? 0
}

/** The database is away or full: what one ping meets, all meet, and waiting for each would take hours. */
function isTransient(error: unknown): boolean {
  return error instanceof StoreUnavailable
}
