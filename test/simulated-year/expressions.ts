import type { Dice } from './random'

/**
 * Made-up expressions, each as a text for the program and as a plain question for the oracle. Nothing here
 * reads a text: the set of numbers that a field means is made together with the field.
 */
export interface MadeUp {
  kind: 'cron' | 'oncalendar'
  text: string
  /** Whether a wall minute matches, in minutes since 1970 as if it were UTC. */
  matches(wall: number): boolean
  /** A wall time that the clocks leave out: is the job started right after, or not at all? */
  skipped: 'moved' | 'dropped'
  /** A wall time that comes twice: is the job started both times? */
  repeated: 'first' | 'both'
}

interface Field {
  text: string
  has: Uint8Array
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const FULL_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** A cron expression for a job that runs often, some times a day, or rarely. */
export function cronExpression(dice: Dice): MadeUp {
  const minute = dice.inHundred(15) ? steps(dice, 0, 59, [5, 10, 15, 20, 30]) : few(dice, 0, 59, 2)
  const hour = hours(dice)
  const day = dice.inHundred(75) ? every(1, 31) : days(dice)
  const month = dice.inHundred(85) ? every(1, 12) : span(dice, 1, 12)
  const weekday = dice.inHundred(65) ? every(0, 6) : weekdays(dice)
  const both = day.text.startsWith('*') || weekday.text.startsWith('*')
  const isWildcard = minute.text.startsWith('*') || hour.text.startsWith('*')
  return {
    kind: 'cron',
    text: [minute, hour, day, month, weekday].map(({ text }) => text).join(' '),
    skipped: isWildcard ? 'dropped' : 'moved',
    repeated: isWildcard ? 'both' : 'first',
    matches(wall) {
      if (minute.has[wall % 60] === 0 || hour.has[Math.floor(wall / 60) % 24] === 0) return false
      const date = new Date(wall * 60_000)
      if (month.has[date.getUTCMonth() + 1] === 0) return false
      const isDay = day.has[date.getUTCDate()] === 1
      const isWeekday = weekday.has[date.getUTCDay()] === 1
      return both ? isDay && isWeekday : isDay || isWeekday
    },
  }
}

/** One or two lines of OnCalendar without zones of their own. */
export function onCalendarExpression(dice: Dice): MadeUp {
  const lines = Array.from({ length: dice.inHundred(30) ? 2 : 1 }, () => onCalendarLine(dice))
  return {
    kind: 'oncalendar',
    text: lines.map(({ text }) => text).join('\n'),
    skipped: 'dropped',
    repeated: 'first',
    matches: (wall) => lines.some((line) => line.matches(wall)),
  }
}

function onCalendarLine(dice: Dice): Pick<MadeUp, 'text' | 'matches'> {
  const minute = dice.inHundred(15) ? inSystemd(steps(dice, 0, 59, [10, 15, 20, 30]), 0) : few(dice, 0, 59, 2)
  const hour = inSystemd(hours(dice), 0)
  const first = dice.between(0, 6)
  const last = dice.between(first, 6)
  // Weeks begin on Monday here.
  const weekday = dice.inHundred(60) ? null : { first, last }
  const day = dice.inHundred(80) ? null : few(dice, 1, 31, 3)
  const words = [
    ...(weekday ? [`${FULL_DAYS[(first + 1) % 7]}..${FULL_DAYS[(last + 1) % 7]}`] : []),
    ...(day ? [`*-*-${day.text}`] : []),
    `${hour.text}:${minute.text}`,
  ]
  return {
    text: words.join(' '),
    matches(wall) {
      if (minute.has[wall % 60] === 0 || hour.has[Math.floor(wall / 60) % 24] === 0) return false
      const date = new Date(wall * 60_000)
      const sinceMonday = (date.getUTCDay() + 6) % 7
      if (weekday && (sinceMonday < weekday.first || sinceMonday > weekday.last)) return false
      return day === null || day.has[date.getUTCDate()] === 1
    },
  }
}

/** Most at night, when clocks are changed. */
function hours(dice: Dice): Field {
  if (dice.inHundred(8)) return every(0, 23)
  if (dice.inHundred(12)) return steps(dice, 0, 23, [2, 3, 6])
  if (dice.inHundred(20)) return span(dice, 0, 23)
  return dice.inHundred(60) ? few(dice, 0, 4, 2) : few(dice, 0, 23, 2)
}

function days(dice: Dice): Field {
  return dice.inHundred(30) ? steps(dice, 1, 31, [2, 7]) : few(dice, 1, 31, 4)
}

function weekdays(dice: Dice): Field {
  if (dice.inHundred(20)) return steps(dice, 0, 6, [2, 3])
  const field = few(dice, 0, 6, 3)
  const names = field.text.split(',').map((number) => (dice.inHundred(50) ? DAYS[Number(number)] : number))
  return { ...field, text: names.join(',') }
}

function every(least: number, most: number): Field {
  return { text: '*', has: having(range(least, most, 1)) }
}

/** Steps of the day of week run through 7, which is Sunday again. */
function steps(dice: Dice, least: number, most: number, sizes: readonly number[]): Field {
  const size = dice.oneOf(sizes)
  const last = most === 6 ? 7 : most
  return { text: `*/${size}`, has: having(range(least, last, size).map((n) => (last === 7 ? n % 7 : n))) }
}

function span(dice: Dice, least: number, most: number): Field {
  const from = dice.between(least, most - 1)
  const to = dice.between(from + 1, most)
  return { text: `${from}-${to}`, has: having(range(from, to, 1)) }
}

function few(dice: Dice, least: number, most: number, count: number): Field {
  const numbers = Array.from({ length: dice.between(1, count) }, () => dice.between(least, most))
  const members = [...new Set(numbers)].toSorted((a, b) => a - b)
  return { text: members.join(','), has: having(members) }
}

function inSystemd({ text, has }: Field, least: number): Field {
  return { text: text.replace('*/', `${least}/`).replace('-', '..'), has }
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
}

function having(numbers: readonly number[]): Uint8Array {
  const has = new Uint8Array(60)
  for (const number of numbers) has[number] = 1
  return has
}
