import { ring } from '../core/check'
import { holdMs, jumpMs, LONG_OUTAGE_MS, LONGEST_HOLD_MS, STOPPED_MS } from '../core/outage'
import type { Look } from '../core/outage'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { CheckStore } from '../store/checks'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Reached } from './heartbeat'
import type { Task } from './task'

/** Alarms judged in one transaction, at most: a storm of them must not hold back pings ([A9]). */
const MOST_AT_ONCE = 100

/** Alarms that ring closer together than this are judged together. */
const LEAST_PAUSE_MS = 20

/** How long pings go first, at most: where they come all the time, deadlines have their turn as well. */
const MOST_WAIT_MS = 5

export interface WatchOptions {
  checks: Pick<CheckStore, 'changeDue'>
  /** Alarms judged in one transaction; without it as many as may ever be. */
  rowsAtOnce?: number
  /** Lets pings that are on their way end, for so long at most: a portion would hold up each of their steps. */
  pingsFirst?: (mostMs: number) => Promise<void>
  /** Until when nothing goes down: pings that were missed during an outage get their retry first. */
  holdUntilAt: Instant
  /** Earlier than this it cannot be: a clock that says so has not been set yet ([A36]). */
  notBeforeAt?: Instant
  /** Until when pings could reach somebody; without it, we take them ourselves. */
  reached?: () => Promise<Reached>
  /** Nothing goes down for so long at least when pings reach somebody again. */
  atLeastMs?: number
  /** Told when that becomes later, so that a restart does not forget it, and how long we were away. */
  onHold?: (untilAt: Instant, awayMs: number) => void
  /** Told when the first look after an outage is over. */
  onJudged?: () => Promise<void>
  /** Told when there are flips, so that delivery need not wait for its next look. */
  onFlips: () => void
  clock: Clock
  /** Milliseconds that only ever grow. */
  elapsed?: () => number
  log: Log
}

/** Notices the checks whose ping did not come, and turns each into a flip with its notifications. */
export function watch(options: WatchOptions): Task {
  const { checks, onFlips, clock, elapsed = stopwatch, log } = options
  const reached = options.reached ?? (() => Promise.resolve({ untilAt: clock(), awayMs: 0 }))
  const atOnce = Math.min(options.rowsAtOnce ?? MOST_AT_ONCE, MOST_AT_ONCE)
  const hold = holding(options, elapsed)
  let nextAt: Instant | null = null

  return {
    name: 'watch',
    everyMs: SECOND,
    pauseMs: () => (nextAt === null ? SECOND : Math.max(LEAST_PAUSE_MS, nextAt - clock())),
    async run() {
      const look = { at: clock(), elapsedMs: elapsed() }
      nextAt = null
      hold.begin(look)
      const { untilAt: nowAt, awayMs } = await reached()
      const limit = hold.mayJudge(look, awayMs) ? atOnce : 0
      // With a limit of none it only finds out that the database is there.
      await options.pingsFirst?.(MOST_WAIT_MS)
      const looked = await checks.changeDue(nowAt, limit, (check) => ring(check, nowAt))
      const { found, flips, unusable, isAfterOutage } = looked
      // One that has rung already waits for something else than its time.
      if (looked.nextAt !== null && looked.nextAt > look.at) nextAt = looked.nextAt
      hold.endedWell()
      for (const { code, cause } of unusable) {
        log.error('a check cannot be judged and is put off by an hour; correct its schedule', {
          check: code.slice(0, 8),
          cause,
        })
      }
      if (flips > 0) onFlips()
      if (isAfterOutage && found < atOnce) {
        await options.onJudged?.()
        onFlips()
      }
      return found === atOnce
    },
  }
}

/**
 * Decides from one look to the next whether we may judge. Where we were stopped, or could not reach the
 * database, the pings of that time had nowhere to go: that is an outage of ours like any other ([A34], [A36]).
 */
function holding(options: WatchOptions, elapsed: () => number) {
  const { holdUntilAt, notBeforeAt = 0, atLeastMs = 0, onHold, clock, log } = options
  let untilMs = elapsed() + holdUntilAt - clock()
  let lastBegan: Look | null = null
  let lastEndedMs = elapsed()
  let isFailing = false
  let complained = false
  /** Since when we have held back without a break. */
  let sinceMs: number | null = null

  /** How long nobody could reach us before this look. */
  function awayBefore(look: Look): number {
    const jumpedMs = lastBegan === null ? 0 : jumpMs(lastBegan, look)
    const pausedMs = look.elapsedMs - lastEndedMs
    return Math.max(jumpedMs, isFailing || pausedMs >= STOPPED_MS ? pausedMs : 0)
  }

  function extend(forMs: number, awayMs: number, { at, elapsedMs }: Look): void {
    // Whoever is stopped again and again has to judge at some time; a long stop is one of its own.
    if (awayMs >= LONG_OUTAGE_MS) sinceMs = null
    const latestMs = (sinceMs ?? elapsedMs) + 2 * LONGEST_HOLD_MS
    const wantedMs = Math.min(elapsedMs + forMs, latestMs)
    if (wantedMs <= untilMs) return
    untilMs = wantedMs
    onHold?.(at + untilMs - elapsedMs, awayMs)
  }

  function say(why: string, awayMs: number): void {
    log.warn(`${why}: nothing goes down for a while`, { seconds: Math.round(awayMs / SECOND) })
  }

  return {
    begin(look: Look): void {
      const awayMs = awayBefore(look)
      const before = untilMs
      if (awayMs > 0) extend(holdMs(awayMs), awayMs, look)
      // That the database is away is said by the loop around us.
      if (untilMs > before && !isFailing) say('the clock ran ahead, or we were stopped', awayMs)
      lastBegan = look
      // Until it ends well.
      isFailing = true
    },

    mayJudge(look: Look, unreachedMs: number): boolean {
      if (unreachedMs > 0) {
        extend(holdMs(unreachedMs, atLeastMs), unreachedMs, look)
        say('pings reach us again', unreachedMs)
      }
      const isClockBehind = look.at < notBeforeAt
      if (isClockBehind && !complained)
        log.warn(
          'the clock is behind the newest ping, or from before this program was made: nothing goes down until it is set; if it is right, restart',
        )
      complained ||= isClockBehind
      const mayJudge = !isClockBehind && look.elapsedMs >= untilMs
      sinceMs = mayJudge ? null : (sinceMs ?? look.elapsedMs)
      return mayJudge
    },

    endedWell(): void {
      lastEndedMs = elapsed()
      isFailing = false
    },
  }
}
