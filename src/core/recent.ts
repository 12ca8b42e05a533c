/**
 * Remembers what was worked out lately, within a bound: between `most` and twice as many values. Two generations
 * are kept; when the young one is full it becomes the old one, and the old one, of which nothing was asked for
 * since, is forgotten. So no single call ever has to clear up.
 */
export class Recent<T> {
  readonly #most: number
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): T | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: T): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
