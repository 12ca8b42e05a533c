import { timeTicks } from '../core/chart-scale'
import { DAY, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import type { PingMinutes } from './health-source'
import { inZone } from './show'

/** Drawn by `parts/ping-chart`. Across in percent, down in pixels. */
export interface PingChart {
  height: number
  /** All of it in words. */
  summary: string
  tz: string
  yTicks: { y: number; label: string }[]
  xTicks: { x: number; label: string; isSpare: boolean; anchor: string }[]
  bars: { x: number; width: number; y: number; height: number; text: string }[]
  /** The same in words and figures, the newest first; by the hour. */
  rows: { time: string; pings: string }[]
}

const HEIGHT = 140
const TOP = 8
const BOTTOM = HEIGHT - 2
const SLOT_MS = 15 * MINUTE
const SLOTS = DAY / SLOT_MS

/** The pings of the last 24 hours, in quarters of an hour: web-ui.md X01. */
export function pingChart(minutes: PingMinutes, nowAt: Instant, tz: string): PingChart {
  const lastAt = Math.floor(nowAt / SLOT_MS) * SLOT_MS
  const fromAt = lastAt - (SLOTS - 1) * SLOT_MS
  const slots = Array.from({ length: SLOTS }, (_, i) => ({ at: fromAt + i * SLOT_MS, count: 0 }))
  for (const { at, count } of minutes) {
    const slot = slots[Math.floor((at - fromAt) / SLOT_MS)]
    if (slot) slot.count += count
  }
  const busiest = slots.reduce((most, slot) => (slot.count > most.count ? slot : most))
  const top = niceTop(busiest.count)
  const width = 100 / SLOTS
  const bars = slots.flatMap(({ at, count }, i) => {
    if (count === 0) return []
    // A lone ping is still to be seen.
    const height = Math.max(1.5, rounded((count / top) * (BOTTOM - TOP)))
    const text = `${timeOf(at, tz)}: ${grouped(count)} ${count === 1 ? 'ping' : 'pings'}`
    return [
      { x: rounded(i * width), width: rounded(width * 0.84), y: rounded(BOTTOM - height), height, text },
    ]
  })
  const all = slots.reduce((sum, { count }) => sum + count, 0)
  return {
    height: HEIGHT,
    tz,
    summary:
      all === 0
        ? 'No ping came in the last 24 hours.'
        : `${grouped(all)} ${all === 1 ? 'ping' : 'pings'} in the last 24 hours, at most ${grouped(busiest.count)} in a quarter of an hour (from ${timeOf(busiest.at, tz)}).`,
    yTicks: [0, top / 2, top]
      .filter((value) => Number.isInteger(value))
      .map((value) => ({ y: rounded(BOTTOM - (value / top) * (BOTTOM - TOP)), label: grouped(value) })),
    xTicks: timeTicks(fromAt, lastAt + SLOT_MS, tz).map(({ share, label }, i) => {
      const x = rounded(share * 100)
      return { x, label, isSpare: i % 2 === 1, anchor: x < 5 ? 'start' : x > 95 ? 'end' : 'middle' }
    }),
    bars,
    rows: hourly(slots, tz),
  }
}

function hourly(slots: readonly { at: Instant; count: number }[], tz: string): PingChart['rows'] {
  const hours = Map.groupBy(slots, ({ at }) => `${inZone(at, tz).slice(0, 13)}:00`)
  return [...hours]
    .map(([time, of]) => ({ time, pings: grouped(of.reduce((sum, { count }) => sum + count, 0)) }))
    .toReversed()
}

/** The next number that people read easily: 1, 2, 4, 10, 20, 40, 100 … */
function niceTop(most: number): number {
  for (let step = 1; ; step *= 10) {
    for (const times of [1, 2, 4]) if (step * times >= most) return step * times
  }
}

const timeOf = (at: Instant, tz: string): string => inZone(at, tz).slice(11, 16)

const rounded = (value: number): number => Math.round(value * 100) / 100

const grouped = (n: number): string => n.toLocaleString('en')
