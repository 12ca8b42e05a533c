import { shownStatus } from '../core/check'
import type { Check, ShownStatus } from '../core/check'
import { UnusableSchedule } from '../core/schedule'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { count } from '../core/words'
import type { Mark, Moment, PingUrl } from './view-parts'

/** How values become words on pages: web-ui.md §0.5. */

/** The path of SITE_ROOT, which every address on a page begins with: '' or '/prefix'. */
export function rootPath(siteRoot: string): string {
  return new URL(siteRoot).pathname.replace(/\/+$/, '')
}

/** An instant as '2026-03-01 14:05' in a zone; scripts make it relative. */
export function moment(at: Instant, tz: string): Moment {
  return { iso: new Date(at).toISOString(), text: inZone(at, tz).slice(0, 16), isRelative: true }
}

/** The same, for places in a sentence where 'in 3 h' would not read well. */
export function fixedMoment(at: Instant, tz: string): Moment {
  return { ...moment(at, tz), isRelative: false }
}

/** '2026-03-01 14:05:33' in the zone. */
export function inZone(at: Instant, tz: string): string {
  let format = formats.get(tz)
  if (!format) formats.set(tz, (format = formatOf(tz)))
  return format.format(at).replace(',', '')
}

/** How long something took: '0.42 s', '37 s', '6 min 39 s', '2 h 3 min 5 s'. */
export function took(ms: number): string {
  if (ms < SECOND) return `${(ms / SECOND).toFixed(2)} s`
  const seconds = Math.floor(ms / SECOND)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** How long something has been going on: '42 s', '12 min', '2 h 5 min', '12 d'; as `inWords` in public/js/times.js. */
export function lasting(ms: number): string {
  const seconds = Math.max(1, Math.floor(ms / SECOND))
  const units = [
    [86_400, 'd', 3600, 'h'],
    [3600, 'h', 60, 'min'],
    [60, 'min', 0, ''],
  ] as const
  const unit = units.find(([size]) => seconds >= size)
  if (unit === undefined) return `${seconds} s`
  const [size, name, nextSize, next] = unit
  const whole = Math.floor(seconds / size)
  const rest = nextSize > 0 && whole < 10 ? Math.floor((seconds % size) / nextSize) : 0
  return rest > 0 ? `${whole} ${name} ${rest} ${next}` : `${whole} ${name}`
}

/** '96 bytes', '4.2 kB', '1.5 MB', '250 GB'. */
export function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte')
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(bytes < 100_000_000 ? 1 : 0)} MB`
  return `${(bytes / 1_000_000_000).toFixed(bytes < 100_000_000_000 ? 1 : 0)} GB`
}

const WORDS: Record<Mark['shape'], string> = {
  new: 'New',
  up: 'Up',
  late: 'Late',
  down: 'Down',
  paused: 'Paused',
}

export function mark(shape: Mark['shape'], running = false): Mark {
  return { shape, word: WORDS[shape], running }
}

export function markOf(check: Check, nowAt: Instant): Mark {
  return mark(statusOf(check, nowAt), check.openRun !== null)
}

/** The shown status; of a check whose schedule no rule can evaluate, what is kept. */
export function statusOf(check: Check, nowAt: Instant): ShownStatus {
  return evaluated(() => shownStatus(check, nowAt)) ?? check.status
}

/** What a rule says, or null where the check's schedule cannot be evaluated. */
export function evaluated<T>(rule: () => T): T | null {
  try {
    return rule()
  } catch (error) {
    if (error instanceof UnusableSchedule) return null
    throw error
  }
}

export function tagsOf({ tags }: Pick<Check, 'tags'>): string[] {
  return tags.split(' ').filter((tag) => tag !== '')
}

/** What a check is called where a name is needed. */
export function nameOf({ name, code }: Pick<Check, 'name' | 'code'>): string {
  return name === '' ? code : name
}

/** `pingEndpoint` ends with a slash. */
export function pingUrlOf(check: Check, pingEndpoint: string): PingUrl {
  return { endpoint: pingEndpoint, rest: check.code, whole: pingEndpoint + check.code }
}

/** Making a format takes a thousand times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(tz: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short', timeStyle: 'medium' })
}
