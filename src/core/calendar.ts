import { DAY, MINUTE, SECOND } from './time'
import type { Instant } from './time'

/** A day of the calendar: `month` is 1 to 12. A day past the end of its month counts on into the next. */
export interface Day {
  year: number
  month: number
  day: number
}

/** Which day it is in a zone. An unknown zone is taken for UTC. */
export function dayOf(at: Instant, tz: string): Day {
  const local = new Date(at + offsetMs(at, tz))
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }
}

/** The same calendar day so many days later or earlier. */
export function addDays({ year, month, day }: Day, days: number): Day {
  return dayOf(Date.UTC(year, month - 1, day + days), 'UTC')
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7
}

/**
 * When the clocks of a zone show this time of a day, given in minutes after midnight: the first time where
 * they show it twice, and the moment after the gap where they never do.
 */
export function instantOf({ year, month, day }: Day, minutes: number, tz: string): Instant {
  const wanted = Date.UTC(year, month - 1, day) + minutes * MINUTE
  const before = offsetMs(wanted - DAY, tz)
  const after = offsetMs(wanted + DAY, tz)
  const right = [wanted - before, wanted - after].filter((at) => at + offsetMs(at, tz) === wanted)
  return right.length > 0 ? Math.min(...right) : wanted - before
}

/** How far the clocks of a zone are ahead of UTC. */
function offsetMs(at: Instant, tz: string): number {
  const parts = formatOf(tz).formatToParts(at)
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value)
  const shown = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  )
  return shown - Math.floor(at / SECOND) * SECOND
}

/** Making a format takes a thousand times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(tz: string): Intl.DateTimeFormat {
  let format = formats.get(tz)
  if (!format) formats.set(tz, (format = newFormat(tz)))
  return format
}

function newFormat(tz: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { ...NUMBERS, timeZone: tz })
  } catch {
    // A zone that this build of the runtime does not know: a right time in UTC beats none.
    return new Intl.DateTimeFormat('en-US', { ...NUMBERS, timeZone: 'UTC' })
  }
}

const NUMBERS: Intl.DateTimeFormatOptions = {
  calendar: 'iso8601',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
}
