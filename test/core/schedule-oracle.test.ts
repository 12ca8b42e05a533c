import { describe, expect, it } from 'vitest'
import { nextDue, previousDue } from '../../src/core/schedule'
import type { ExpressionSchedule } from '../../src/core/schedule'
import { DAY, HOUR, MINUTE } from '../../src/core/time'

/**
 * An independent judge: looks at every minute of some days around a change of clocks, asks the runtime what the
 * clocks show, and applies [S20] to [S23] and [S40] to that word by word.
 */

/** One change of clocks of each sort, within an hour of the time given. */
const CHANGES: [string, string][] = [
  ['Europe/Riga', '2021-03-28T01:00Z'],
  ['Europe/Riga', '2021-10-31T01:00Z'],
  ['America/New_York', '2040-03-11T07:00Z'],
  ['America/New_York', '2024-11-03T06:00Z'],
  ['Australia/Lord_Howe', '2024-10-05T15:30Z'],
  ['Australia/Lord_Howe', '2025-04-05T15:00Z'],
  ['Antarctica/Troll', '2024-03-31T01:00Z'],
  ['Antarctica/Troll', '2024-10-27T01:00Z'],
  ['Pacific/Chatham', '2024-09-28T14:00Z'],
  ['Pacific/Chatham', '2025-04-05T14:00Z'],
  ['Africa/Cairo', '2024-04-25T22:00Z'],
  ['Africa/Cairo', '2024-10-31T21:00Z'],
  ['America/Havana', '2024-11-03T05:00Z'],
  ['Atlantic/Azores', '2025-03-30T01:00Z'],
  ['America/St_Johns', '2006-04-02T03:31Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30Z'],
  ['Asia/Kolkata', '2024-12-31T18:30Z'],
]

const SCHEDULES_EACH = 25

/** Always the same sequence, so that a failure can be seen again. */
function sequence(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

interface Minute {
  at: number
  /** The wall time, as the instant at which clocks in UTC show the same. */
  wall: number
}

function minutesAround(tz: string, at: number): Minute[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short', timeStyle: 'medium' })
  return Array.from({ length: (4 * DAY) / MINUTE }, (_, index) => {
    const minuteAt = at - 2 * DAY + index * MINUTE
    return { at: minuteAt, wall: Date.parse(`${format.format(minuteAt).replace(' ', 'T')}Z`) }
  })
}

/** The instants at which it runs, from [S22], [S23] or [S40]. */
function runsWithin(
  minutes: Minute[],
  sort: 'wildcard' | 'fixed' | 'oncalendar',
  matches: (wall: number) => boolean,
) {
  if (sort === 'wildcard') return minutes.filter(({ wall }) => matches(wall)).map(({ at }) => at)
  const first = new Map<number, number>()
  for (const { at, wall } of minutes) if (!first.has(wall)) first.set(wall, at)
  const runs = new Set<number>()
  const walls = minutes.map(({ wall }) => wall)
  const [lowest, highest] = [Math.min(...walls), Math.max(...walls)]
  for (let wall = lowest; wall <= highest; wall += MINUTE) {
    if (!matches(wall)) continue
    const at = first.get(wall) ?? (sort === 'fixed' ? gapEnd(minutes, wall) : undefined)
    if (at !== undefined) runs.add(at)
  }
  return [...runs].toSorted((a, b) => a - b)
}

function gapEnd(minutes: Minute[], wall: number): number | undefined {
  return minutes.find((minute, index) => minute.wall > wall && (minutes[index - 1]?.wall ?? Infinity) < wall)
    ?.at
}

interface Made {
  schedule: ExpressionSchedule
  sort: 'wildcard' | 'fixed' | 'oncalendar'
  matches(wall: number): boolean
}

function members(text: string, max: number): Set<number> {
  return new Set(
    text.split(',').flatMap((term) => {
      const [range = '', step = '1'] = term.split('/')
      const [from = 0, to = term.includes('/') ? max : from] =
        range === '*' ? [0, max] : range.split(/-|\.\./).map(Number)
      return Array.from(
        { length: Math.floor((to - from) / Number(step)) + 1 },
        (_, i) => from + i * Number(step),
      )
    }),
  )
}

function aSchedule(pick: (below: number) => number, tz: string): Made {
  const one = (...choices: string[]) => choices[pick(choices.length)]!
  const minute = one('*', '*/7', '*/15', '0', '30', '15,45', '0-59', '10-40/10', '5,*/10', `${pick(60)}`)
  const hour = one('*', '*/2', '0-23', '0', '1', '2', '3', '0-4', '1,2,3', '2,3', '23', '*/5', `${pick(24)}`)
  const day = one('*', '*', '1-31', '*/2', '1-31/3', `${1 + pick(28)}`)
  const weekday = one('*', '*', '0', '1-5', '6', '*/2', `${pick(7)}`)
  const days = members(day === '*' ? '1-31' : day.replace('*/2', '1/2'), 31)
  const weekdays = new Set([...members(weekday, 7)].map((number) => number % 7))
  const [minutes, hours] = [members(minute, 59), members(hour, 23)]
  const hasDay = (wall: number) => days.has(new Date(wall).getUTCDate())
  const hasWeekday = (wall: number) => weekdays.has(new Date(wall).getUTCDay())
  const hasTime = (wall: number) =>
    minutes.has((wall / MINUTE) % 60) && hours.has(Math.floor(wall / HOUR) % 24)
  if (pick(4) === 0) {
    const ranged = (text: string) => text.replace(/^\*\//, '0/').replaceAll('-', '..').replace(',*/', ',0/')
    const expression = `*-*-${day === '*/2' ? '1/2' : ranged(day)} ${ranged(hour)}:${ranged(minute)}`
    return {
      schedule: { kind: 'oncalendar', expression, tz },
      sort: 'oncalendar',
      matches: (wall) => hasTime(wall) && hasDay(wall),
    }
  }
  const both = day.startsWith('*') || weekday.startsWith('*')
  return {
    schedule: { kind: 'cron', expression: `${minute} ${hour} ${day} * ${weekday}`, tz },
    sort: minute.startsWith('*') || hour.startsWith('*') ? 'wildcard' : 'fixed',
    matches: (wall) =>
      hasTime(wall) && (both ? hasDay(wall) && hasWeekday(wall) : hasDay(wall) || hasWeekday(wall)),
  }
}

describe('around a change of clocks, runs are those found minute by minute', () => {
  it.each(CHANGES)('in %s at %s', (tz, changeIso) => {
    const changeAt = Date.parse(changeIso)
    const minutes = minutesAround(tz, changeAt)
    const pick = sequence(changeAt / 1000)
    // Runs moved here from outside, or from here to outside, are not seen by the judge.
    const [from, until] = [changeAt - DAY, changeAt + DAY]
    for (let round = 0; round < SCHEDULES_EACH; round++) {
      const { schedule, sort, matches } = aSchedule(pick, tz)
      const expected = runsWithin(minutes, sort, matches)
      const within = expected.filter((at) => at > from && at < until)
      expect(firstDifference(forward(schedule, from, until), within), schedule.expression).toBeNull()
      const back = backward(schedule, until, from)
      expect(firstDifference(back, within.toReversed()), schedule.expression).toBeNull()

      const startAt = changeAt - 3 * HOUR + pick((6 * HOUR) / 1000) * 1000 + pick(1000)
      const next = nextDue(schedule, startAt)
      if (next !== null && next < until) {
        expect(next, `${schedule.expression} from ${startAt}`).toBe(expected.find((at) => at > startAt))
      }
    }
  })
})

function firstDifference(found: number[], expected: number[]): { found: string; expected: string } | null {
  const length = Math.max(found.length, expected.length)
  for (let index = 0; index < length; index++) {
    if (found[index] !== expected[index]) return { found: iso(found[index]), expected: iso(expected[index]) }
  }
  return null
}

function iso(at: number | undefined): string {
  return at === undefined ? 'nothing' : new Date(at).toISOString()
}

function forward(schedule: ExpressionSchedule, from: number, until: number): number[] {
  const found: number[] = []
  for (let at = nextDue(schedule, from); at !== null && at < until; at = nextDue(schedule, at)) found.push(at)
  return found
}

function backward(schedule: ExpressionSchedule, from: number, until: number): number[] {
  const found: number[] = []
  for (let at = previousDue(schedule, from); at !== null && at > until; at = previousDue(schedule, at)) {
    found.push(at)
  }
  return found
}
