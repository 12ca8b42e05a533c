import { SECOND } from '../time'
import type { Instant } from '../time'
import { civilDate, weekdayOf } from './civil-date'
import { zoneName } from './names'
import { zoneOf } from './zone'

/** What clock and calendar show somewhere. */
export interface WallTime {
  /** '2025-03-30'. */
  date: string
  /** '03:00', or '03:00:20' when the seconds are not 0. */
  time: string
  /** '+02:00'. */
  offset: string
  /** 'Sun'. */
  weekday: string
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

const DAY = 86_400

/** What clocks show in a zone; an unknown one is taken for UTC. */
export function wallTime(at: Instant, tz: string): WallTime {
  const { wall, offset } = wallIn(at, tz)
  return {
    date: dateText(wall),
    time: timeText(wall),
    offset: offsetText(offset),
    weekday: WEEKDAYS[weekdayOf(Math.floor(wall / DAY))] ?? '',
  }
}

/** '2025-03-30T03:00:00+02:00', in whole seconds; an unknown zone is taken for UTC. */
export function isoInZone(at: Instant, tz: string): string {
  const { wall, offset } = wallIn(at, tz)
  return `${dateText(wall)}T${[hourOf(wall), minuteOf(wall), secondOf(wall)].map(twoDigits).join(':')}${offsetText(offset)}`
}

/** '2025-03-30', of a wall time in seconds as in zones/zone.ts. */
export function dateText(wall: number): string {
  const { year, month, day } = civilDate(Math.floor(wall / DAY))
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`
}

/** '03:00', or '03:00:20' when the seconds are not 0. */
export function timeText(wall: number): string {
  const parts = [hourOf(wall), minuteOf(wall), secondOf(wall)]
  return parts
    .slice(0, secondOf(wall) === 0 ? 2 : 3)
    .map(twoDigits)
    .join(':')
}

function wallIn(at: Instant, tz: string): { wall: number; offset: number } {
  const seconds = Math.floor(at / SECOND)
  const { offset } = zoneOf(zoneName(tz) ?? 'UTC').stretchAt(seconds)
  return { wall: seconds + offset, offset }
}

function offsetText(offset: number): string {
  return `${offset < 0 ? '-' : '+'}${timeText(Math.abs(offset))}`
}

function hourOf(wall: number): number {
  return Math.floor(wall / 3600) - 24 * Math.floor(wall / DAY)
}

function minuteOf(wall: number): number {
  return Math.floor(wall / 60) - 60 * Math.floor(wall / 3600)
}

function secondOf(wall: number): number {
  return wall - 60 * Math.floor(wall / 60)
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
