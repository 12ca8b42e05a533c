import { schedule } from 'node-cron'
import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'

/** Something the appliance does by itself. Safe to run twice, on two instances at once, and after a crash. */
export interface Task {
  name: string
  /** How long to pause when there is nothing to do. */
  everyMs: number
  /** How long to pause this time, if something will be due sooner. */
  pauseMs?(): number
  /** Does what is due; true if there may be more to do right away. */
  run(): Promise<boolean>
}

/** Something the appliance does at certain times of the day. */
export interface TimedTask {
  name: string
  /** Five fields, in UTC. */
  at: string
  run(): Promise<void>
}

export interface RunningTask {
  name: string
  everyMs: number
  startedAt: Instant
  /** When a turn last ended well; null before the first. */
  lastTurnAt(): Instant | null
  /** How long ago a turn ended well, or the task was started. A clock that is set does not matter. */
  sinceTurnMs(): number
  /** The same for turns that failed as well: what grows here hangs. */
  sinceTryMs(): number
  /** By how much the latest turn of this day (UTC) was late: what it took, and what kept it waiting. */
  longestLagMs(): number
  /** Looks at once instead of at the end of the pause. */
  wake(): void
  /** Resolves when the turn under way has ended. */
  stop(): Promise<void>
}

/** Runs a task again and again: at once while there is work, with pauses otherwise. */
export function runTask(
  task: Task,
  { clock, log, elapsed = stopwatch }: { clock: Clock; log: Log; elapsed?: () => number },
): RunningTask {
  const startedAt = clock()
  let stopped = false
  let woken = false
  let endPause: (() => void) | null = null
  let lastTurnAt: Instant | null = null
  let turnEndedMs = elapsed()
  let tryEndedMs = turnEndedMs
  let lastFailure = ''
  let longest = { day: dayOf(startedAt), lagMs: 0 }

  /** How late the next turn is by now. */
  const lagMs = (): number => Math.max(0, elapsed() - turnEndedMs - task.everyMs)

  function longestToday(): number {
    const day = dayOf(clock())
    if (day !== longest.day) longest = { day, lagMs: 0 }
    longest.lagMs = Math.max(longest.lagMs, lagMs())
    return longest.lagMs
  }

  async function turn(): Promise<boolean> {
    try {
      const more = await task.run()
      if (lastFailure !== '') log.info(`${task.name} works again`)
      lastFailure = ''
      longestToday()
      lastTurnAt = clock()
      turnEndedMs = elapsed()
      return more
    } catch (cause) {
      // The database may be away for hours: it is said when that begins, not at every turn.
      if (String(cause) !== lastFailure) log.error(`${task.name} failed; it will be tried again`, { cause })
      lastFailure = String(cause)
      return false
    } finally {
      tryEndedMs = elapsed()
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const pauseMs = Math.min(task.everyMs, task.pauseMs?.() ?? task.everyMs)
      const timer = setTimeout(resolve, Math.max(0, pauseMs))
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      woken = false
      const more = await turn()
      // Even with work left, requests get their turn of the event loop in between.
      if (more || woken) await new Promise((resolve) => setImmediate(resolve))
      else if (!stopped) await pause()
      endPause = null
    }
  }

  const done = loop()
  return {
    name: task.name,
    everyMs: task.everyMs,
    startedAt,
    lastTurnAt: () => lastTurnAt,
    sinceTurnMs: () => elapsed() - turnEndedMs,
    sinceTryMs: () => elapsed() - tryEndedMs,
    longestLagMs: longestToday,
    wake() {
      woken = true
      endPause?.()
    },
    stop() {
      stopped = true
      endPause?.()
      return done
    },
  }
}

const dayOf = (at: Instant): number => Math.floor(at / DAY)

/** Runs a task whenever the clock on the wall says so. Returns what stops it. */
export function runTimed(task: TimedTask, { log }: { log: Log }): () => Promise<void> {
  const job = schedule(
    task.at,
    () =>
      task.run().catch((cause: unknown) => {
        log.error(`${task.name} failed; it will be tried at its next time`, { cause })
      }),
    { timezone: 'UTC', noOverlap: true, name: task.name },
  )
  return async () => {
    await job.destroy()
  }
}
