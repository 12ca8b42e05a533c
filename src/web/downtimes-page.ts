import { dayOf } from '../core/calendar'
import type { Check, Flip } from '../core/check'
import { downReason, downtimesOf } from '../core/downtimes'
import type { Downtime } from '../core/downtimes'
import type { Run } from '../core/runs'
import type { Instant } from '../core/time'
import { intervals } from '../core/uptime'
import type { LoggedNotification } from '../store/notifications'
import type { DowntimesPage } from './chart-models'
import { csvLine } from './csv'
import { fixedMoment } from './show'
import { downtimeInWords, monthCards, stripOf } from './uptime-calendar'
import type { Crumb } from './view-parts'

/** As many months as can be shown. */
const MOST_MONTHS = 24

/** As many as a page lists; a file has all of them. */
const MOST_LISTED = 500

export interface DowntimesSource {
  check: Check
  /** Newest first. */
  flips: Flip[]
  told: LoggedNotification[]
  /** As far as the log of pings is read. */
  runs: Run[]
  /** '2026-01', or anything else for all months. */
  month: string
  nowAt: Instant
  tz: string
  url: string
  trail: Crumb[]
}

export function downtimesPage(source: DowntimesSource): DowntimesPage {
  const { check, flips, nowAt, tz, url, trail } = source
  const spans = monthsOf(source)
  const chosen = spans.find(({ key }) => key === source.month) ?? null
  const all = downtimesOf(check, flips)
  const shown = chosen === null ? all : all.filter((each) => touches(each, chosen, nowAt))
  const cards = monthCards({ check, flips, nowAt, tz }, spans.length).toReversed()
  const strip = stripOf({ check, flips, nowAt, tz })
  const bad = strip.filter(({ state }) => state === 'down').length
  return {
    trail,
    tz,
    strip,
    stripText: `The last ${strip.length} days: down on ${bad} of them.`,
    months: cards.flatMap((card, i) => {
      const span = spans[i]
      if (span === undefined) return []
      const lengths = all
        .filter((each) => touches(each, span, nowAt))
        .map((each) => lengthWithin(each, span, nowAt))
      const longest = lengths.length === 0 ? '' : downtimeInWords(Math.max(...lengths))
      return [{ ...card, longest, url: `${url}?month=${span.key}#list`, current: span.key === chosen?.key }]
    }),
    month: chosen === null ? null : { name: nameOfMonth(chosen.key), allUrl: `${url}#list` },
    more: shown.length > MOST_LISTED ? moreText(shown.length, chosen !== null) : '',
    downtimes: shown.slice(0, MOST_LISTED).map((each) => ({
      from: fixedMoment(each.fromAt, tz),
      to: each.untilAt === null ? null : fixedMoment(each.untilAt, tz),
      length: downtimeInWords((each.untilAt ?? nowAt) - each.fromAt),
      why: whyDown(each, source),
      alerts: alertsDuring(each, source),
    })),
    csvUrl: `${url}?format=csv${chosen === null ? '' : `&month=${chosen.key}`}`,
  }
}

function moreText(total: number, isMonth: boolean): string {
  const others = isMonth ? 'The file has' : 'Choose a month to see older ones; the file has'
  return `The newest ${MOST_LISTED} of ${total}. ${others} all of them.`
}

/** The same list as a file. */
export function downtimesCsv(source: DowntimesSource): string {
  const { check, flips, nowAt } = source
  const chosen = monthsOf(source).find(({ key }) => key === source.month) ?? null
  const shown = downtimesOf(check, flips).filter((each) => chosen === null || touches(each, chosen, nowAt))
  const head = csvLine(['from', 'to', 'seconds', 'reason', 'alerts'])
  const lines = shown.map((each) =>
    csvLine([
      new Date(each.fromAt).toISOString(),
      each.untilAt === null ? null : new Date(each.untilAt).toISOString(),
      Math.floor(((each.untilAt ?? nowAt) - each.fromAt) / 1000),
      whyDown(each, source),
      alertsDuring(each, source),
    ]),
  )
  return head + lines.join('')
}

interface Month {
  key: string
  startAt: Instant
  endAt: Instant
}

/** Back to the oldest that is known, the current one first. */
function monthsOf({ check, flips, nowAt, tz }: DowntimesSource): Month[] {
  const knownFromAt = Math.min(flips.at(-1)?.at ?? nowAt, nowAt)
  const sinceAt = Math.max(check.createdAt, Math.min(knownFromAt, nowAt))
  return intervals('month', MOST_MONTHS, nowAt, tz)
    .filter(({ endAt }, i) => i === 0 || endAt > sinceAt)
    .map(({ startAt, endAt }) => {
      const { year, month } = dayOf(startAt, tz)
      return { key: `${year}-${String(month).padStart(2, '0')}`, startAt, endAt }
    })
}

function nameOfMonth(key: string): string {
  const [year, month] = key.split('-').map(Number)
  return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.UTC(year ?? 0, (month ?? 1) - 1, 1),
  )
}

function touches({ fromAt, untilAt }: Downtime, { startAt, endAt }: Month, nowAt: Instant): boolean {
  return fromAt < endAt && (untilAt ?? nowAt) > startAt
}

function lengthWithin({ fromAt, untilAt }: Downtime, { startAt, endAt }: Month, nowAt: Instant): number {
  return Math.min(untilAt ?? nowAt, endAt) - Math.max(fromAt, startAt)
}

function whyDown({ fromAt, reason, silent }: Downtime, { runs, check }: DowntimesSource): string {
  return downReason({ at: fromAt, reason, silent }, runs, check.graceMs)
}

/** How many were told that it is down. */
function alertsDuring({ fromAt, untilAt }: Downtime, { told, nowAt }: DowntimesSource): number {
  return told.filter(
    ({ createdAt, status, state }) =>
      status === 'down' && state === 'sent' && createdAt >= fromAt && createdAt < (untilAt ?? nowAt + 1),
  ).length
}
