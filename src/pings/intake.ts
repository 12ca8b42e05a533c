import { StoreUnavailable } from '../store/problems'
import type { Arrival, CheckStore, Receipt } from '../store/checks'

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
  arrival: Arrival
  resolve: (receipt: Receipt | null) => void
  reject: (error: unknown) => void
}

export interface IntakeOptions {
  checks: Pick<CheckStore, 'recordPings'>
  /** Told after each commit that holds flips, so that nobody waits for the next look at the outbox. */
  onFlips: () => void
}

/**
 * Group commit: what comes in while the event loop keeps bringing more, or while a commit is under
 * way, shares the next commit, and each is answered after it. A lone ping goes at once.
 */
export class PingIntake {
  readonly #checks: IntakeOptions['checks']
  readonly #onFlips: () => void
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #draining: Promise<void> | null = null

  constructor({ checks, onFlips }: IntakeOptions) {
    this.#checks = checks
    this.#onFlips = onFlips
  }

  /** The receipt once the ping is on disk; null: no such check. Rejects when it could not be kept. */
  submit(arrival: Arrival): Promise<Receipt | null | 'overloaded'> {
    const bytes = bytesOf(arrival)
    if (this.#waiting.length >= MAX_WAITING || this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      return Promise.resolve('overloaded')
    }
    this.#waitingBytes += bytes
    return new Promise((resolve, reject) => {
      this.#waiting.push({ arrival, resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#draining) await this.#draining
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather()
      await this.#commit(this.#nextBatch())
    }
    this.#draining = null
  }

  /** A lone ping goes on after one turn; in a crowd each turn of the event loop brings more. */
  async #gather(): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const before = this.#waiting.length
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#waiting.length === before || this.#waiting.length >= MAX_BATCH) return
    }
  }

  #nextBatch(): Waiting[] {
    let bytes = 0
    let count = 0
    while (count < this.#waiting.length && count < MAX_BATCH) {
      bytes += bytesOf(this.#waiting[count]!.arrival)
      if (count > 0 && bytes > MAX_BATCH_BYTES) break
      count++
    }
    const batch = this.#waiting.splice(0, count)
    for (const { arrival } of batch) this.#waitingBytes -= bytesOf(arrival)
    return batch
  }

  async #commit(batch: Waiting[]): Promise<void> {
    try {
      this.#answer(batch, await this.#checks.recordPings(batch.map(({ arrival }) => arrival)))
    } catch (error) {
      // One by one, so that a ping that cannot be kept fails alone.
      if (batch.length > 1 && !isTransient(error)) for (const one of batch) await this.#commit([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  #answer(batch: Waiting[], receipts: (Receipt | null)[]): void {
    for (const [i, { resolve }] of batch.entries()) resolve(receipts[i] ?? null)
    if (receipts.some((receipt) => receipt?.flip)) this.#onFlips()
  }
}

function bytesOf({ ping }: Arrival): number {
  return ping.body?.length ?? 0
}

/** The database is away or full: what one ping meets, all meet, and waiting for each would take hours. */
function isTransient(error: unknown): boolean {
  return error instanceof StoreUnavailable
}
