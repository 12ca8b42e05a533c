import { addDays, dayOf, instantOf, weekdayOf } from './calendar'
import type { Day } from './calendar'
import { DAY, HOUR, MINUTE, SECOND } from './time'
import type { Instant } from './time'
import type { Unit } from './uptime'
import { count } from './words'

// When reports come and what they call their periods: spec/alerting.md §9.

export type ReportKind = 'off' | 'daily' | 'weekly' | 'monthly'

export const REPORT_KINDS: readonly ReportKind[] = ['off', 'daily', 'weekly', 'monthly']

/** Reports come at nine, or so many minutes later: less than this, so that not all come at once. */
export const REPORT_SPREAD_MINUTES = 120

const NINE = 9 * 60

/** What a report of this kind counts by. */
export const UNIT_OF: Record<Exclude<ReportKind, 'off'>, Unit> = {
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
}

/**
 * When the next report is due, never on the same day: [A26]. `spread` is a whole number below
 * `REPORT_SPREAD_MINUTES`, by chance. Null: never.
 */
export function nextReportAt(kind: ReportKind, nowAt: Instant, tz: string, spread: number): Instant | null {
  if (kind === 'off') return null
  let day = addDays(dayOf(nowAt, tz), 1)
  while (!isReportDay(kind, day)) day = addDays(day, 1)
  return instantOf(day, NINE + spread, tz)
}

/** What no next date is later than, unless a clock was set back meanwhile: [A36]. */
export function latestReportAt(nowAt: Instant): Record<Exclude<ReportKind, 'off'>, Instant> {
  // With a day for the hours of the morning and for clock changes.
  return { daily: nowAt + 2 * DAY, weekly: nowAt + 8 * DAY, monthly: nowAt + 32 * DAY }
}

function isReportDay(kind: ReportKind, day: Day): boolean {
  if (kind === 'monthly') return day.day === 1
  return kind === 'daily' || weekdayOf(day) === 1
}

interface Period {
  startAt: Instant
  endAt: Instant
}

/** 'In December', 'Last week (January 6 to January 12)', 'Yesterday (January 12)'. */
export function periodWords(unit: Unit, { startAt, endAt }: Period, tz: string): string {
  const first = dayOf(startAt, tz)
  if (unit === 'month') return `In ${monthOf(first)}`
  if (unit === 'day') return `Yesterday (${longDay(first)})`
  return `Last week (${longDay(first)} to ${longDay(lastDay(endAt, tz))})`
}

/** The head of a column: 'Nov. 2019', 'Dec 30 - Jan 5', 'January 11'. */
export function periodTitle(unit: Unit, { startAt, endAt }: Period, tz: string): string {
  const first = dayOf(startAt, tz)
  if (unit === 'month') return `${abbreviated(first)} ${first.year}`
  if (unit === 'day') return longDay(first)
  return `${shortDay(first)} - ${shortDay(lastDay(endAt, tz))}`
}

/** '3 days 6 h', '6 h 12 min', '12 min 24 sec', '24 sec'. */
export function downtimeInWords(ms: number): string {
  if (ms >= DAY) return `${count(Math.floor(ms / DAY), 'day')} ${Math.floor(ms / HOUR) % 24} h`
  if (ms >= HOUR) return `${Math.floor(ms / HOUR)} h ${Math.floor(ms / MINUTE) % 60} min`
  const seconds = `${Math.floor(ms / SECOND) % 60} sec`
  return ms >= MINUTE ? `${Math.floor(ms / MINUTE)} min ${seconds}` : seconds
}

function lastDay(endAt: Instant, tz: string): Day {
  return addDays(dayOf(endAt, tz), -1)
}

function longDay(day: Day): string {
  return `${monthOf(day)} ${day.day}`
}

function shortDay(day: Day): string {
  return `${monthOf(day).slice(0, 3)} ${day.day}`
}

/** As newspapers abbreviate months: short ones not at all. */
function abbreviated(day: Day): string {
  const name = monthOf(day)
  if (name.length <= 5) return name
  return `${name.slice(0, name === 'September' ? 4 : 3)}.`
}

function monthOf({ month }: Day): string {
  return MONTH_NAME.format(Date.UTC(2000, month - 1))
}

const MONTH_NAME = new Intl.DateTimeFormat('en-US', { month: 'long', timeZone: 'UTC' })
