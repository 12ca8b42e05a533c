import { instantOf } from '../core/calendar'
import type { PingKind } from '../core/signal'
import { MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import type { EventCursor, EventFilter } from '../store/event-log'

/** What is asked of the log of a check, by the names that bookmarks have: web-ui.md C09. */

export type LogKind = PingKind | 'flip' | 'notification'

export const LOG_KINDS: { key: LogKind; label: string }[] = [
  { key: 'success', label: 'Success' },
  { key: 'fail', label: 'Failure' },
  { key: 'start', label: 'Start' },
  { key: 'log', label: 'Log' },
  { key: 'ign', label: 'Ignored' },
  { key: 'flip', label: 'Status changes' },
  { key: 'notification', label: 'Alerts' },
]

const USUAL: readonly LogKind[] = LOG_KINDS.map(({ key }) => key).filter((key) => key !== 'notification')

const MOST_CHARACTERS = 200

export interface LogFilter {
  /** As they were written, those that make no sense left out. */
  form: {
    from: string
    to: string
    exit: string
    rid: string
    text: string
    body: boolean
    kinds: readonly LogKind[]
  }
  events: EventFilter
  /** The zone that the times are in, if it is not the usual one; or ''. */
  tz: string
  /** Anything but what is shown without a word. */
  isActive: boolean
  /** What made no sense, and why. */
  ignored: string[]
}

/** `ownTz`: the usual zone; `tz`: the one that is looked at. */
export function readLogFilter(
  query: URLSearchParams,
  { tz, ownTz }: { tz: string; ownTz: string },
): LogFilter {
  const ignored: string[] = []
  const valueOf = (name: string): string => query.getAll(name).find((value) => value !== '') ?? ''
  const text = valueOf('text').trim().slice(0, MOST_CHARACTERS)
  const readTime = (name: 'from' | 'to'): Instant | null => {
    const value = valueOf(name)
    const at = value === '' ? null : timeOf(value, tz)
    if (value !== '' && at === null) ignored.push(`${name} (not a date)`)
    return at
  }
  const fromAt = readTime('from')
  const toAt = readTime('to')
  const exit = valueOf('exit').trim()
  const isExit = /^\d{1,3}$/.test(exit) && Number(exit) <= 255
  if (exit !== '' && !isExit) ignored.push('exit status (not 0 to 255)')
  const rid = valueOf('rid').trim().toLowerCase()
  const isRid = /^[0-9a-f-]{5,36}$/.test(rid)
  if (rid !== '' && !isRid) ignored.push('run id (at least its first 5 characters)')
  const chosen = LOG_KINDS.map(({ key }) => key).filter((key) => valueOf(key) !== '')
  const kinds = chosen.length === 0 ? USUAL : chosen
  const body = valueOf('body') !== ''
  // What only pings have leaves nothing of the others.
  const isAboutPings = isExit || isRid || text !== '' || body
  return {
    form: {
      from: fromAt === null ? '' : valueOf('from'),
      to: toAt === null ? '' : valueOf('to'),
      exit: isExit ? exit : '',
      rid: isRid ? rid : '',
      text,
      body,
      kinds,
    },
    events: {
      fromAt,
      // The whole of the last minute.
      untilAt: toAt === null ? null : toAt + MINUTE,
      kinds: kinds.filter((key): key is PingKind => key !== 'flip' && key !== 'notification'),
      withFlips: kinds.includes('flip') && !isAboutPings,
      withNotifications: kinds.includes('notification') && !isAboutPings,
      exitStatus: isExit ? Number(exit) : null,
      runId: isRid ? rid : '',
      text,
      withBody: body,
    },
    tz: tz === ownTz ? '' : tz,
    isActive: chosen.length > 0 || isAboutPings || fromAt !== null || toAt !== null,
    ignored,
  }
}

/** The same filter as the part of an address behind '?'. */
export function logQuery({ form, isActive, tz }: LogFilter, more: Record<string, string> = {}): string {
  const query = new URLSearchParams()
  for (const name of ['from', 'to', 'exit', 'rid', 'text'] as const) {
    if (form[name] !== '') query.set(name, form[name])
  }
  if (form.body) query.set('body', 'on')
  const isUsual = form.kinds.length === USUAL.length && USUAL.every((key) => form.kinds.includes(key))
  if (isActive && !isUsual) for (const key of form.kinds) query.set(key, 'on')
  if (tz !== '') query.set('tz', tz)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return query.toString()
}

/** Everything there is, which is more than what is shown without a word. */
export function everything(zones: { tz: string; ownTz: string }): LogFilter {
  const all = Object.fromEntries(LOG_KINDS.map(({ key }) => [key, 'on']))
  return readLogFilter(new URLSearchParams(all), zones)
}

/** How the address of a ping says which log it was looked at in: '?log=fail%3Don'; '' for the usual one. */
export function pingQueryOf(filter: LogFilter): string {
  return filter.isActive ? `?log=${encodeURIComponent(logQuery({ ...filter, tz: '' }))}` : ''
}

/** What `datetime-local` fields send, or a day. */
function timeOf(value: string, tz: string): Instant | null {
  const [, year, month, day, hour = '0', minute = '0'] =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d)?)?$/.exec(value) ?? []
  if (year === undefined) return null
  const date = { year: Number(year), month: Number(month), day: Number(day) }
  const isReal = date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31
  if (!isReal || Number(hour) > 23 || Number(minute) > 59) return null
  return instantOf(date, Number(hour) * 60 + Number(minute), tz)
}

/** Where in the log: three numbers. Anything else is nowhere. */
export function cursorOf(value: string): EventCursor | null {
  const [, n, flipId, notificationId] = /^(\d{1,16})\.(\d{1,16})\.(\d{1,16})$/.exec(value) ?? []
  if (n === undefined) return null
  return { n: safe(n), flipId: safe(flipId), notificationId: safe(notificationId) }
}

export function cursorText({ n, flipId, notificationId }: EventCursor): string {
  return `${n}.${flipId}.${notificationId}`
}

function safe(digits: string | undefined): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
}
