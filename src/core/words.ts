import { DAY, HOUR, MINUTE, SECOND } from './time'
import type { Instant } from './time'

/** '1 check', '2 checks'. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/**
 * How long ago something was, or how far ahead it is: 'now', 'a minute ago', '1 day, 2 hours ago',
 * '3 hours from now'. Months and years are those of the calendar. Formats: spec/integrations.md §4.3.
 */
export function ago(at: Instant, nowAt: Instant): string {
  const far = Math.abs(nowAt - at)
  if (far < SECOND) return 'now'
  const words = far < DAY ? shortSpan(far) : longSpan(Math.min(at, nowAt), Math.max(at, nowAt))
  return `${words} ${at < nowAt ? 'ago' : 'from now'}`
}

function shortSpan(ms: number): string {
  if (ms < MINUTE) return oneOrMore(ms, SECOND, 'a', 'second')
  if (ms < HOUR) return oneOrMore(ms, MINUTE, 'a', 'minute')
  return oneOrMore(ms, HOUR, 'an', 'hour')
}

function oneOrMore(ms: number, unitMs: number, article: string, noun: string): string {
  const n = Math.floor(ms / unitMs)
  return n === 1 ? `${article} ${noun}` : count(n, noun)
}

/** The largest unit that is not zero, and the next smaller one unless that is zero. */
function longSpan(from: Instant, to: Instant): string {
  const months = wholeMonths(from, to)
  const rest = to - addMonths(from, months)
  const units: [number, string][] = [
    [Math.floor(months / 12), 'year'],
    [months % 12, 'month'],
    [Math.floor(rest / (7 * DAY)), 'week'],
    [Math.floor(rest / DAY) % 7, 'day'],
    [Math.floor(rest / HOUR) % 24, 'hour'],
    [Math.floor(rest / MINUTE) % 60, 'minute'],
  ]
  const first = units.findIndex(([n]) => n > 0)
  return units
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, noun]) => count(n, noun))
    .join(', ')
}

function wholeMonths(from: Instant, to: Instant): number {
  const [a, b] = [new Date(from), new Date(to)]
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
  return addMonths(from, months) > to ? months - 1 : months
}

/** The same day so many months later, or the last day of that month when it is shorter. */
function addMonths(at: Instant, months: number): Instant {
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  return date.setUTCDate(Math.min(day, lastDay))
}

/** A period or grace time: '1 hour 30 minutes', '2 weeks', but '8 days'. Seconds are dropped. */
export function periodInWords(ms: number): string {
  if (ms > 0 && ms % (7 * DAY) === 0) return count(ms / (7 * DAY), 'week')
  const units: [number, string][] = [
    [Math.floor(ms / DAY), 'day'],
    [Math.floor(ms / HOUR) % 24, 'hour'],
    [Math.floor(ms / MINUTE) % 60, 'minute'],
  ]
  return units
    .filter(([n]) => n > 0)
    .map(([n, noun]) => count(n, noun))
    .join(' ')
}

/** How long something lasted, as part of a sentence: '2 days, 0 hours', '1 minute, 24 seconds', '0 seconds'. */
export function durationInWords(ms: number): string {
  if (ms >= DAY) return two(ms, DAY, 'day', HOUR, 'hour')
  if (ms >= HOUR) return two(ms, HOUR, 'hour', MINUTE, 'minute')
  if (ms >= MINUTE) return two(ms, MINUTE, 'minute', SECOND, 'second')
  return count(Math.floor(ms / SECOND), 'second')
}

function two(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  return `${count(Math.floor(ms / largeMs), large)}, ${count(Math.floor((ms % largeMs) / smallMs), small)}`
}

/** Sorts names as people count: 'Disk 2' before 'Disk 10', and without regard to case. */
export function compareNames(a: string, b: string): number {
  const [x, y] = [naturalKey(a), naturalKey(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Of which plain comparison gives that order: for lists, which are sorted often. */
export function naturalKey(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.padStart(8, '0'))
}

/** At most `max` characters (code points), the last one `…` when something was cut off. */
export function trunc(text: string, max: number): string {
  // Fewer UTF-16 units than `max` are never more characters than that.
  if (text.length <= max) return text
  const characters = Array.from(text)
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`
}

/** A day: 'Nov 2, 2025'. An unknown zone is taken for UTC. */
export function shortDate(at: Instant, tz: string): string {
  const { month, day, year } = calendar(at, tz)
  return `${month} ${Number(day)}, ${year}`
}

/** An instant as mails write it (RFC 2822): 'Thu, 15 Jan 2026 04:30:00 +0200'. */
export function mailDate(at: Instant, tz: string): string {
  const { weekday, day, month, year, hour, minute, second, timeZoneName } = calendar(at, tz)
  const offset = /[+-]\d\d:\d\d/.exec(timeZoneName ?? '')?.[0].replace(':', '') ?? '+0000'
  return `${weekday}, ${day} ${month} ${year} ${hour}:${minute}:${second} ${offset}`
}

type Calendar = Partial<Record<Intl.DateTimeFormatPartTypes, string>>

function calendar(at: Instant, tz: string): Calendar {
  const parts = inZone(tz).formatToParts(at)
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]))
}

function inZone(tz: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { ...CALENDAR, timeZone: tz })
  } catch {
    // A zone that this build of the runtime does not know: a right time in UTC beats none.
    return new Intl.DateTimeFormat('en-US', { ...CALENDAR, timeZone: 'UTC' })
  }
}

const CALENDAR: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
}
