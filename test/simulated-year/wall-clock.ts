/** What a clock on a wall shows, minute by minute through a year. */

export const MINUTE = 60_000
const QUARTER = 15 * MINUTE

/** Wall time that began with the minute: as if it were UTC, in minutes since 1970. */
export interface WallClock {
  /** Instant of the first minute. */
  from: number
  /** One wall minute for each minute. */
  shows: Int32Array
}

/**
 * Asks Intl once for every quarter of an hour: since 1972 clocks are changed at whole quarters of an hour (UTC),
 * and go by the minute in between.
 */
export function wallClock(tz: string, from: number, until: number): WallClock {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short', timeStyle: 'medium' })
  const shows = new Int32Array((until - from) / MINUTE)
  for (let at = from; at < until; at += QUARTER) {
    const wall = Date.parse(`${format.format(at).replace(' ', 'T')}Z`) / MINUTE
    for (let i = 0; i < 15; i += 1) shows[(at - from) / MINUTE + i] = wall + i
  }
  return { from, shows }
}
