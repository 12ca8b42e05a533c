import { addDays, dayOf, instantOf, weekdayOf } from '../core/calendar'
import type { Day } from '../core/calendar'
import type { Check, Flip } from '../core/check'
import { DAY, HOUR, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { figuresOf, intervals, uptimePercent } from '../core/uptime'
import type { Figures } from '../core/uptime'
import { count } from '../core/words'
import type { DayCell, MonthCard } from './chart-models'

/** How long a check was up, day by day and month by month: C04 and C19 of web-ui.md. */

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** How many days the strip of C19 has. */
const STRIP_DAYS = 90

export interface CalendarSource {
  check: Pick<Check, 'status' | 'createdAt'>
  flips: readonly Pick<Flip, 'at' | 'from'>[]
  nowAt: Instant
  tz: string
}

/** The current month and those before it, the oldest first. */
export function monthCards(source: CalendarSource, months: number): MonthCard[] {
  const { check, flips, nowAt, tz } = source
  const spans = intervals('month', months, nowAt, tz)
  const byMonth = figuresOf(check, flips, spans, nowAt)
  return byMonth
    .map((figures) => {
      const first = dayOf(figures.startAt, tz)
      const days = daysOf(first, tz)
      const byDay = figuresOf(check, flips, days, nowAt)
      return cardOf(first, figures, byDay, source)
    })
    .toReversed()
}

function daysOf(first: Day, tz: string): { startAt: Instant; endAt: Instant }[] {
  const starts: Instant[] = []
  let day = first
  for (; day.month === first.month; day = addDays(day, 1)) starts.push(instantOf(day, 0, tz))
  starts.push(instantOf(day, 0, tz))
  return starts.slice(0, -1).map((startAt, i) => ({ startAt, endAt: starts[i + 1] ?? startAt }))
}

function cardOf(first: Day, figures: Figures, byDay: Figures[], { nowAt, tz }: CalendarSource): MonthCard {
  const lead = weekdayOf(first) - 1
  const today = dayOf(nowAt, tz)
  const name = `${MONTHS[first.month - 1]} ${first.year}`
  const cells = byDay.map((each, i): DayCell => {
    const isToday = today.year === first.year && today.month === first.month && today.day === i + 1
    return {
      ...cellOf(each, { ...first, day: i + 1 }, nowAt),
      column: (lead + i) % 7,
      row: Math.floor((lead + i) / 7),
      isToday,
    }
  })
  const { percent, downtimes } = figuresInWords(figures)
  const bad = cells.flatMap(({ state }, i) => (state === 'down' ? [i + 1] : []))
  const days = bad.length === 0 ? '' : ` Down on day ${bad.join(', ')}.`
  return {
    name: `${name.slice(0, 3)} ${first.year}`,
    percent,
    downtimes,
    cells,
    rows: Math.ceil((lead + byDay.length) / 7),
    text: `${name}: ${percent}, ${downtimes}.${days}`,
  }
}

/** 'No data' for what was before the check; 'None' where nothing was wrong. */
export function figuresInWords(figures: Figures): { percent: string; downtimes: string; total: string } {
  if (figures.noData) return { percent: 'No data', downtimes: 'before its creation', total: '' }
  const uptime = uptimePercent(figures)
  const percent = uptime === null ? 'Not watched' : `${uptime} %`
  if (figures.downtimes === 0)
    return { percent, downtimes: uptime === null ? 'paused' : 'no downtime', total: '' }
  const total = downtimeInWords(figures.downMs)
  return { percent, downtimes: `${count(figures.downtimes, 'downtime')}, ${total}`, total }
}

/** The two largest units: '3 d 4 h', '2 h 5 min', '45 s'. */
export function downtimeInWords(ms: number): string {
  const units: [number, string][] = [
    [Math.floor(ms / DAY), 'd'],
    [Math.floor(ms / HOUR) % 24, 'h'],
    [Math.floor(ms / MINUTE) % 60, 'min'],
    [Math.floor(ms / 1000) % 60, 's'],
  ]
  const first = units.findIndex(([n]) => n > 0)
  if (first === -1) return '0 s'
  return units
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ')
}

function cellOf(
  figures: Figures,
  { year, month, day }: Day,
  nowAt: Instant,
): Pick<DayCell, 'state' | 'text'> {
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  if (figures.downMs > 0) return { state: 'down', text: `${date}: ${figuresInWords(figures).downtimes}` }
  if (figures.observedMs > 0) return { state: 'up', text: `${date}: no downtime` }
  // Nothing was observed although the check was there and the day has begun.
  const isPaused = !figures.noData && figures.startAt < nowAt
  return isPaused ? { state: 'paused', text: `${date}: paused` } : { state: 'none', text: `${date}: no data` }
}

/** The last 90 days, the oldest first: one cell each, in one row. */
export function stripOf({ check, flips, nowAt, tz }: CalendarSource): DayCell[] {
  const spans = intervals('day', STRIP_DAYS, nowAt, tz)
  return figuresOf(check, flips, spans, nowAt)
    .toReversed()
    .map((figures, i) => ({
      ...cellOf(figures, dayOf(figures.startAt, tz), nowAt),
      column: i,
      row: 0,
      isToday: i === STRIP_DAYS - 1,
    }))
}
