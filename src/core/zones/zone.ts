/**
 * Where a zone's clocks stand, and when they are changed. All times here are whole seconds: instants since
 * 1970 UTC, wall times as the instant at which a clock in UTC would show the same.
 *
 * Asking Intl for one offset takes microseconds, so every answer is kept: time is cut into blocks, short enough
 * that no zone has ever changed its clocks twice in one, and each block is looked up when it is first needed.
 */

/** A time through which the clocks of a zone go evenly. */
export interface Stretch {
  from: number
  /** The first second after it. */
  until: number
  /** What is added to an instant for its wall time, in seconds. */
  offset: number
  /** The offset before `from`; the same one where a stretch begins without a change of clocks. */
  offsetBefore: number
}

export interface Zone {
  name: string
  /** The stretch that an instant is in. A change less than a block before it is always its `from`. */
  stretchAt(at: number): Stretch
}

/** Some six days. The two nearest changes since 1970, in Noronha in 2000, are a week apart but for an hour. */
const BLOCK = 2 ** 19

const QUARTER = 900

/** Zone data are wanted from 1970 to 2199, searches go 50 years further; beyond, offsets stay as they are there. */
const FIRST = Date.UTC(1900, 0, 1) / 1000
const LAST = Date.UTC(2300, 0, 1) / 1000

/** The longest jump of clocks: Apia left out 30 December 2011, and Kwajalein 21 August 1993. */
export const LONGEST_JUMP = 86_400

/** More than any offset differs from UTC (at most 15 h 13 min, in Alaska before 1867; 14 h now). */
export const LARGEST_OFFSET = 16 * 3600

const zones = new Map<string, Zone>()

/** The zone of that name, by the names in zones/names.ts. Throws a RangeError when the runtime has no such zone. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const zone = openZone(name)
  zones.set(name, zone)
  return zone
}

function openZone(name: string): Zone {
  const offsetAt = offsetsOf(name)
  const blocks = new Map<number, Stretch[]>()
  const beginnings = new Map<number, number>()
  // Pings and previews ask for the present again and again.
  let recent: Stretch = { from: 0, until: 0, offset: 0, offsetBefore: 0 }

  /** One stretch, or two with a change of clocks between them. */
  function stretchesIn(block: number): Stretch[] {
    const known = blocks.get(block)
    if (known) return known
    const from = block * BLOCK
    const until = from + BLOCK
    const [offset, offsetAfter] = [offsetAtBeginning(block), offsetAtBeginning(block + 1)]
    const stretches: Stretch[] = [{ from, until, offset, offsetBefore: offset }]
    if (offset !== offsetAfter) {
      const changeAt = changeBetween(from, until, offset)
      stretches[0] = { from, until: changeAt, offset, offsetBefore: offset }
      stretches.push({ from: changeAt, until, offset: offsetAfter, offsetBefore: offset })
    }
    blocks.set(block, stretches)
    return stretches
  }

  function offsetAtBeginning(block: number): number {
    const known = beginnings.get(block)
    if (known !== undefined) return known
    const offset = offsetAt(block * BLOCK)
    beginnings.set(block, offset)
    return offset
  }

  /** The first instant with another offset. Nearly always it is a quarter of an hour, so those are tried first. */
  function changeBetween(from: number, until: number, offset: number): number {
    const first = Math.floor(from / QUARTER)
    const quarter = bisect(first, Math.ceil(until / QUARTER), (tried) => offsetAt(tried * QUARTER) === offset)
    const changeAt = quarter * QUARTER
    if (changeAt <= until && offsetAt(changeAt - 1) === offset) return changeAt
    return bisect(
      Math.max(from, changeAt - QUARTER),
      Math.min(until, changeAt),
      (at) => offsetAt(at) === offset,
    )
  }

  return {
    name,
    stretchAt(at) {
      if (at >= recent.from && at < recent.until) return recent
      const block = Math.floor(at / BLOCK)
      const [first, second] = stretchesIn(block)
      if (second && at >= second.from) recent = second
      else if (first) recent = joined(stretchesIn(block - 1).at(-1), first)
      return recent
    },
  }
}

/** The first number after `low` for which something holds no more; it holds for `low` and not for `high`. */
function bisect(low: number, high: number, holds: (tried: number) => boolean): number {
  if (high - low <= 1) return high
  const middle = Math.floor((low + high) / 2)
  return holds(middle) ? bisect(middle, high, holds) : bisect(low, middle, holds)
}

/** A change of clocks in the block before belongs to the stretch that it began. */
function joined(earlier: Stretch | undefined, stretch: Stretch): Stretch {
  if (!earlier || earlier.offsetBefore === earlier.offset) return stretch
  const { from, offsetBefore } = earlier
  return { ...stretch, from, offsetBefore }
}

/** The offset at an instant, by the runtime's data, in seconds. */
function offsetsOf(name: string): (at: number) => number {
  // Starting Intl takes longer than everything else together, and most do not need it.
  if (name === 'UTC') return () => 0
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const within = Math.min(Math.max(at, FIRST), LAST)
    const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = numbersIn(
      format.format(within * 1000),
    )
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - within
  }
}

/** The numbers of a text such as '3/30/2025, 03:00:00', in a third of the time that a pattern takes. */
function numbersIn(text: string): number[] {
  const numbers: number[] = []
  let number = -1
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit >= 0 && digit <= 9) {
      number = (number === -1 ? 0 : number * 10) + digit
    } else if (number !== -1) {
      numbers.push(number)
      number = -1
    }
  }
  if (number !== -1) numbers.push(number)
  return numbers
}
