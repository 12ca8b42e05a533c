import { civilDate, dayNumber, monthLength, weekdayOf } from './civil-date'
import { has, highestBit, largestTo, lowestBit, smallestFrom } from './number-set'
import type { NumberSet } from './number-set'

/**
 * Which wall times match, whatever the zone. Wall times are whole seconds, as in zones/zone.ts. A search goes
 * by months, and knows for each kind of month (its length, and the weekday it begins with) which days match;
 * so that the rarest leap day costs a few hundred steps.
 */
export interface WallPattern {
  seconds: NumberSet
  minutes: NumberSet
  hours: NumberSet
  months: NumberSet
  /** Ascending; null for every year. */
  years: readonly number[] | null
  /** The days that match, in a month of that length whose first day is that weekday (0 is Sunday): bit 0 for the 1st. */
  daysIn(length: number, firstWeekday: number): number
}

const DAY = 86_400

/** The first wall time that matches, not before `from` and not after the year `lastYear`; or null. */
export function nextWall(pattern: WallPattern, from: number, lastYear: number): number | null {
  const today = Math.floor(from / DAY)
  let { year, month, day } = civilDate(today)
  if (year <= lastYear && matches(pattern, year, month, day)) {
    const time = nextTime(pattern, from - today * DAY)
    if (time !== null) return today * DAY + time
  }
  day += 1
  for (;;) {
    const nextYear = yearFrom(pattern, year)
    if (nextYear === null || nextYear > lastYear) return null
    if (nextYear !== year) [year, month, day] = [nextYear, 1, 1]
    const nextMonth = smallestFrom(pattern.months, month)
    if (nextMonth === -1) {
      ;[year, month, day] = [year + 1, 1, 1]
      continue
    }
    if (nextMonth !== month) [month, day] = [nextMonth, 1]
    const first = dayNumber(year, month, 1)
    const days = pattern.daysIn(monthLength(year, month), weekdayOf(first)) & (-1 << (day - 1))
    if (days !== 0) return (first + lowestBit(days)) * DAY + firstTime(pattern)
    ;[month, day] = [month + 1, 1]
  }
}

/** The last wall time that matches, not after `to` and not before the year `firstYear`; or null. */
export function previousWall(pattern: WallPattern, to: number, firstYear: number): number | null {
  const today = Math.floor(to / DAY)
  let { year, month, day } = civilDate(today)
  if (year >= firstYear && matches(pattern, year, month, day)) {
    const time = previousTime(pattern, to - today * DAY)
    if (time !== null) return today * DAY + time
  }
  day -= 1
  for (;;) {
    const previousYear = yearTo(pattern, year)
    if (previousYear === null || previousYear < firstYear) return null
    if (previousYear !== year) [year, month, day] = [previousYear, 12, 31]
    const previousMonth = largestTo(pattern.months, month)
    if (previousMonth <= 0) {
      ;[year, month, day] = [year - 1, 12, 31]
      continue
    }
    if (previousMonth !== month) [month, day] = [previousMonth, 31]
    const first = dayNumber(year, month, 1)
    const upTo = day === 0 ? 0 : -1 >>> (32 - day)
    const days = pattern.daysIn(monthLength(year, month), weekdayOf(first)) & upTo
    if (days !== 0) return (first + highestBit(days)) * DAY + lastTime(pattern)
    ;[month, day] = [month - 1, 31]
  }
}

/** Whether this very wall time matches. */
export function matchesWall(pattern: WallPattern, wall: number): boolean {
  const { year } = civilDate(Math.floor(wall / DAY))
  return nextWall(pattern, wall, year) === wall
}

function matches(pattern: WallPattern, year: number, month: number, day: number): boolean {
  if (!has(pattern.months, month) || yearFrom(pattern, year) !== year) return false
  const firstWeekday = weekdayOf(dayNumber(year, month, 1))
  return ((pattern.daysIn(monthLength(year, month), firstWeekday) >>> (day - 1)) & 1) === 1
}

function yearFrom({ years }: WallPattern, year: number): number | null {
  return years === null ? year : (years.find((one) => one >= year) ?? null)
}

function yearTo({ years }: WallPattern, year: number): number | null {
  return years === null ? year : (years.findLast((one) => one <= year) ?? null)
}

/** The first time of a day that matches, not before the given second of the day; or null. */
function nextTime(pattern: WallPattern, from: number): number | null {
  const [atHour, atMinute] = [Math.floor(from / 3600), Math.floor(from / 60) % 60]
  if (has(pattern.hours, atHour)) {
    if (has(pattern.minutes, atMinute)) {
      const second = smallestFrom(pattern.seconds, from % 60)
      if (second !== -1) return atHour * 3600 + atMinute * 60 + second
    }
    const minute = smallestFrom(pattern.minutes, atMinute + 1)
    if (minute !== -1) return atHour * 3600 + minute * 60 + smallestFrom(pattern.seconds, 0)
  }
  const hour = smallestFrom(pattern.hours, atHour + 1)
  if (hour === -1) return null
  return hour * 3600 + smallestFrom(pattern.minutes, 0) * 60 + smallestFrom(pattern.seconds, 0)
}

/** The last time of a day that matches, not after the given second of the day; or null. */
function previousTime(pattern: WallPattern, to: number): number | null {
  const [atHour, atMinute] = [Math.floor(to / 3600), Math.floor(to / 60) % 60]
  if (has(pattern.hours, atHour)) {
    if (has(pattern.minutes, atMinute)) {
      const second = largestTo(pattern.seconds, to % 60)
      if (second !== -1) return atHour * 3600 + atMinute * 60 + second
    }
    const minute = largestTo(pattern.minutes, atMinute - 1)
    if (minute !== -1) return atHour * 3600 + minute * 60 + largestTo(pattern.seconds, 59)
  }
  const hour = largestTo(pattern.hours, atHour - 1)
  if (hour === -1) return null
  return hour * 3600 + largestTo(pattern.minutes, 59) * 60 + largestTo(pattern.seconds, 59)
}

function firstTime({ hours, minutes, seconds }: WallPattern): number {
  return smallestFrom(hours, 0) * 3600 + smallestFrom(minutes, 0) * 60 + smallestFrom(seconds, 0)
}

function lastTime({ hours, minutes, seconds }: WallPattern): number {
  return largestTo(hours, 23) * 3600 + largestTo(minutes, 59) * 60 + largestTo(seconds, 59)
}
