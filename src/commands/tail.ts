/** The end of a stream of bytes: the newest, as many as there is room for. */
export class Tail {
  #limitBytes: number
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** What was dropped does not come back when the limit grows. */
  setLimit(limitBytes: number): void {
    this.#limitBytes = limitBytes
    this.#trim()
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    this.#trim()
  }

  /** At most as many bytes as the limit allows; null when there are none. */
  bytes(): Buffer | null {
    const all = Buffer.concat(this.#chunks, this.#bytes)
    const end = all.subarray(Math.max(0, all.length - this.#limitBytes))
    return end.length === 0 ? null : end
  }

  /** Drops whole chunks; many small ones become one, so that they cost no more than their bytes. */
  #trim(): void {
    let first = 0
    while (first < this.#chunks.length && this.#bytes - this.#chunks[first]!.length >= this.#limitBytes) {
      this.#bytes -= this.#chunks[first]!.length
      first++
    }
    if (first > 0) this.#chunks.splice(0, first)
    if (this.#chunks.length > MOST_CHUNKS) this.#chunks = [Buffer.concat(this.#chunks, this.#bytes)]
  }
}

const MOST_CHUNKS = 1000
