import type { Item } from './field'
import { isEvery, itemsInWords, listed, ordinal, singleValues } from './item-words'
import type { CronExpression } from './parse'

/** The most times of day that are listed one by one: [S62]. */
const MOST_TIMES = 4

/** The part of a sentence that tells the time of day. */
export interface TimeWords {
  words: string
  /** Whether 'every day' can follow, as it can after 'at 04:00'. */
  allowsEveryDay: boolean
}

export interface DateItems {
  day: readonly Item[]
  /** When set, used for the day of month instead of `day`. */
  dayWords?: string | undefined
  month: readonly Item[]
  weekday: readonly Item[]
  /** Day of month and day of week must both match. */
  bothDays: boolean
}

/** What an expression means, in a sentence without its full stop: spec/schedules.md §8. */
export function cronInWords({ minute, hour, ...date }: CronExpression): string {
  const time = timeInWords(hour, minute)
  return asSentence([time.words, dateInWords(date, time)])
}

export function asSentence(parts: readonly string[]): string {
  const words = parts.filter((part) => part !== '').join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** [S62]; the first rule that applies. */
export function timeInWords(hour: readonly Item[], minute: readonly Item[]): TimeWords {
  const minuteWords = withAt('minute', minute)
  const [hours, minutes] = [singleValues(hour), singleValues(minute)]
  if (isEvery(hour)) {
    if (isEvery(minute)) return { words: 'every minute', allowsEveryDay: false }
    const isStart = minutes?.length === 1 && minutes[0] === 0
    return {
      words: isStart ? 'at the start of every hour' : `${minuteWords} of every hour`,
      allowsEveryDay: false,
    }
  }
  if (hours && minutes && hours.length * minutes.length <= MOST_TIMES) {
    const times = hours.flatMap((h) => minutes.map((m) => h * 60 + m)).toSorted((a, b) => a - b)
    const words = times.map((time) => clockTime(Math.floor(time / 60), time % 60))
    return { words: `at ${listed(words)}`, allowsEveryDay: true }
  }
  return {
    words: spanOfTime(hour, minute) ?? `${minuteWords} past ${itemsInWords('hour', hour)}`,
    allowsEveryDay: false,
  }
}

/** 'every fifth minute from 09:00 through 17:59', where there is just one hour or span of hours, and of minutes. */
function spanOfTime(hour: readonly Item[], minute: readonly Item[]): string | null {
  const [onlyHour] = hour
  const [onlyMinute] = minute
  if (hour.length !== 1 || minute.length !== 1 || !onlyHour || !onlyMinute) return null
  const [from, to] =
    onlyHour.kind === 'single'
      ? [onlyHour.value, onlyHour.value]
      : onlyHour.kind === 'span' && onlyHour.step === 1
        ? [onlyHour.from, onlyHour.to]
        : [null, null]
  if (from === null || to === null) return null
  if (onlyMinute.kind === 'every') {
    return `${itemsInWords('minute', minute)} from ${clockTime(from, 0)} through ${clockTime(to, 59)}`
  }
  if (onlyHour.kind === 'single' && onlyMinute.kind === 'span' && onlyMinute.step === 1) {
    return `every minute from ${clockTime(from, onlyMinute.from)} through ${clockTime(from, onlyMinute.to)}`
  }
  return null
}

/** [S63]; the first rule that applies. */
export function dateInWords({ day, dayWords, month, weekday, bothDays }: DateItems, time: TimeWords): string {
  const months = isEvery(month) ? 'every month' : itemsInWords('month', month)
  const isAnyDay = dayWords === undefined && isEvery(day)
  if (isEvery(weekday)) {
    const onlyDay = dayWords === undefined ? oneDay(day, month, months) : null
    if (onlyDay !== null) return onlyDay
    if (time.allowsEveryDay && isAnyDay && !isEvery(month) && singleValues(month))
      return `every day in ${months}`
  }
  const parts: string[] = []
  if (!isAnyDay) parts.push(`on ${dayWords ?? itemsInWords('day of month', day)}`)
  if (!isEvery(weekday)) {
    const link = isAnyDay ? 'on' : bothDays ? "if it's on" : 'and on'
    parts.push(`${link} ${itemsInWords('day of week', weekday)}`)
  }
  if (!isEvery(month)) parts.push(`in ${months}`)
  if (parts.length === 0 && time.allowsEveryDay) return 'every day'
  return parts.join(' ')
}

function oneDay(day: readonly Item[], month: readonly Item[], months: string): string | null {
  const [only, ...more] = day
  if (!only || more.length > 0) return null
  if (only.kind === 'last') return `on the last day of ${months}`
  if (only.kind === 'last-workday') return `on the last weekday of ${months}`
  if (only.kind !== 'single') return null
  if (singleValues(month)?.length === 1) return `on ${months} ${only.value}`
  return `on the ${ordinal(only.value)} day of ${months}`
}

/** 'at ' stands before minutes and seconds if any of them is a single one. */
export function withAt(unit: 'minute' | 'second', items: readonly Item[]): string {
  const words = itemsInWords(unit, items)
  return items.some(({ kind }) => kind === 'single') ? `at ${words}` : words
}

/** '09:05'. */
export function clockTime(hour: number, minute: number): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
}
