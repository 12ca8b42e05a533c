import type { Request } from 'express'
import { instantOf } from '../core/calendar'
import type { PingKind } from '../core/signal'
import { MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { NEWEST } from '../store/event-log'
import type { EventCursor, EventFilter } from '../store/event-log'
import { valueOf, valuesOf } from './query'

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
  /** Anything but what is shown without a word. */
  isActive: boolean
  /** What made no sense, and why. */
  ignored: string[]
}

export function readLogFilter(request: Request, tz: string): LogFilter {
  const ignored: string[] = []
  const text = valueOf(request, 'text').trim().slice(0, MOST_CHARACTERS)
  const readTime = (name: 'from' | 'to'): Instant | null => {
    const value = valueOf(request, name)
    const at = value === '' ? null : timeOf(value, tz)
    if (value !== '' && at === null) ignored.push(`${name} (not a date)`)
    return at
  }
  const fromAt = readTime('from')
  const toAt = readTime('to')
  const exit = valueOf(request, 'exit').trim()
  const isExit = /^\d{1,3}$/.test(exit) && Number(exit) <= 255
  if (exit !== '' && !isExit) ignored.push('exit status (not 0 to 255)')
  const rid = valueOf(request, 'rid').trim().toLowerCase()
  const isRid = /^[0-9a-f-]{5,36}$/.test(rid)
  if (rid !== '' && !isRid) ignored.push('run id (at least its first 5 characters)')
  const chosen = LOG_KINDS.map(({ key }) => key).filter((key) => valuesOf(request, key).length > 0)
  const kinds = chosen.length === 0 ? USUAL : chosen
  const body = valueOf(request, 'body') !== ''
  // What only pings have leaves nothing of the others.
  const isAboutPings = isExit || isRid || text !== '' || body
  return {
    form: {
      from: fromAt === null ? '' : valueOf(request, 'from'),
      to: toAt === null ? '' : valueOf(request, 'to'),
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
    isActive: chosen.length > 0 || isAboutPings || fromAt !== null || toAt !== null,
    ignored,
  }
}

/** The same filter as the part of an address behind '?'. */
export function logQuery({ form, isActive }: LogFilter, more: Record<string, string> = {}): string {
  const query = new URLSearchParams()
  for (const name of ['from', 'to', 'exit', 'rid', 'text'] as const) {
    if (form[name] !== '') query.set(name, form[name])
  }
  if (form.body) query.set('body', 'on')
  const isUsual = form.kinds.length === USUAL.length && USUAL.every((key) => form.kinds.includes(key))
  if (isActive && !isUsual) for (const key of form.kinds) query.set(key, 'on')
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return query.toString()
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

/** Where in the log: three numbers. Anything else is the newest end. */
export function cursorOf(value: string): EventCursor {
  const [, n, flipId, notificationId] = /^(\d{1,16})\.(\d{1,16})\.(\d{1,16})$/.exec(value) ?? []
  if (n === undefined) return NEWEST
  return { n: safe(n), flipId: safe(flipId), notificationId: safe(notificationId) }
}

export function cursorText({ n, flipId, notificationId }: EventCursor): string {
  return `${n}.${flipId}.${notificationId}`
}

function safe(digits: string | undefined): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
}
