/** Numbers from 0 to 63, as two words of bits, so that the next member is found without a loop. */
export interface NumberSet {
  /** 0 to 31. */
  low: number
  /** 32 to 63. */
  high: number
}

export function numberSet(members: Iterable<number>): NumberSet {
  const set = { low: 0, high: 0 }
  for (const member of members) {
    if (member < 32) set.low |= 1 << member
    else set.high |= 1 << (member - 32)
  }
  return set
}

export function has(set: NumberSet, number: number): boolean {
  return ((number < 32 ? set.low >>> number : set.high >>> (number - 32)) & 1) === 1
}

/** The smallest member that is `from` or more, or -1. */
export function smallestFrom({ low, high }: NumberSet, from: number): number {
  if (from < 32) {
    const rest = low & (-1 << from)
    if (rest !== 0) return lowestBit(rest)
  }
  if (from > 63) return -1
  const rest = from > 32 ? high & (-1 << (from - 32)) : high
  return rest === 0 ? -1 : 32 + lowestBit(rest)
}

/** The largest member that is `to` or less, or -1. */
export function largestTo({ low, high }: NumberSet, to: number): number {
  if (to >= 32) {
    const rest = high & (-1 >>> (63 - to))
    if (rest !== 0) return 32 + highestBit(rest)
  }
  if (to < 0) return -1
  return highestBit(to < 31 ? low & (-1 >>> (31 - to)) : low)
}

/** The place of the lowest bit set; `bits` is not 0. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

/** The place of the highest bit set, or -1 when none is. */
export function highestBit(bits: number): number {
  return 31 - Math.clz32(bits)
}
