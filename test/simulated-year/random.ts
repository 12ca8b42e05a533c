/** Numbers that look random and are the same in every run (xorshift32). */
export interface Dice {
  /** From 0 up to, but without, 1. */
  roll(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  oneOf<T>(items: readonly T[]): T
  /** True so many times in a hundred. */
  inHundred(times: number): boolean
}

export function dice(seed: number): Dice {
  let state = seed | 1
  const roll = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + Math.floor(roll() * (most - least + 1))
  // The first numbers after similar seeds are similar.
  for (let i = 0; i < 16; i += 1) roll()
  return {
    roll,
    between,
    oneOf: (items) => items[between(0, items.length - 1)]!,
    inHundred: (times) => roll() * 100 < times,
  }
}
