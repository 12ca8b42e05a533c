import type { Dice } from '../fuzz/dice'
import type { Clocks } from './gate'

/** Something outside of the appliance that happens at its time. */
interface Event {
  atMs: number
  happen(): Promise<void> | void
}

/** What is still to come, soonest first. */
export class Timeline {
  readonly #clocks: Clocks
  readonly #dice: Dice
  #events: Event[] = []

  constructor(clocks: Clocks, dice: Dice) {
    this.#clocks = clocks
    this.#dice = dice
  }

  later(afterMs: number, happen: Event['happen']): void {
    const atMs = this.#clocks.elapsedMs + afterMs
    const at = this.#events.findIndex((one) => one.atMs > atMs)
    this.#events.splice(at === -1 ? this.#events.length : at, 0, { atMs, happen })
  }

  /** Again and again, about so far apart. */
  nowAndThen(aboutMs: number, happen: Event['happen']): void {
    this.later(1 + this.#dice.below(2 * aboutMs), () => {
      this.nowAndThen(aboutMs, happen)
      return happen()
    })
  }

  /** What is due, taken off the list. */
  takeDue(): Event | undefined {
    return this.nextMs() <= this.#clocks.elapsedMs ? this.#events.shift() : undefined
  }

  nextMs(): number {
    return this.#events[0]?.atMs ?? Infinity
  }

  clear(): void {
    this.#events = []
  }
}
