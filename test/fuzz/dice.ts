/** Chance that can be had again: the same seed gives the same throws. */
export interface Dice {
  /** 0 up to, but not, `end`. */
  below(end: number): number
  chance(share: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
  uuid(): string
  bytes(count: number): Buffer
  text(length: number, alphabet: string): string
}

/** mulberry32: 32 bits of state are plenty for this. */
export function diceOf(seed: number): Dice {
  let state = seed | 0

  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  const below = (end: number) => next() % end
  const text = (length: number, alphabet: string) =>
    Array.from({ length }, () => alphabet[below(alphabet.length)] ?? '').join('')
  return {
    below,
    chance: (share) => next() < share * 2 ** 32,
    pick: (list) => list[below(list.length)] ?? list[0],
    uuid() {
      const digits = (length: number) => text(length, '0123456789abcdef')
      return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`
    },
    bytes(count) {
      const bytes = Buffer.alloc(count)
      for (let i = 0; i + 4 <= count; i += 4) bytes.writeUInt32LE(next(), i)
      return bytes
    },
    text,
  }
}
