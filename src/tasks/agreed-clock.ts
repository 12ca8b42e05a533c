import { SKEW_MS } from '../core/outage'
import type { Look } from '../core/outage'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Task } from './task'

/** How long the clocks of two machines are taken to run alike. */
const AGAIN_AFTER_MS = 10 * SECOND

/** By how much they may differ without one giving way: less than that is how long answers take. */
const TOLERATED_MS = SECOND / 4

/** An answer that took longer says little: we may have been stopped meanwhile, before it or after it. */
const SOON_MS = SECOND

/** How often is asked anew for that; somewhere a database may always be slow. */
const MOST_ASKED = 3

/** What time it is for all instances that share a database: that of the database, [A37]. */
export interface AgreedClock {
  now: Clock
  /** Asks the database what time it is, unless that is known. */
  agree(): Promise<void>
  /** What goes wrong by a clock that is wrong: it agrees before each turn. */
  before(task: Task): Task
}

export interface AgreedClockOptions {
  /** Null where the database has our clock. */
  databaseNowAt: () => Promise<Instant | null>
  /** Ours. */
  clock: Clock
  /** Milliseconds that only ever grow. */
  elapsed?: () => number
  log: Log
}

/**
 * Our clock, put right by how far it is off. When it was set, or the machine slept, it is compared anew before
 * anybody is judged by it. A difference that is worth a word is said once as long as it lasts.
 */
export function agreedClock({
  databaseNowAt,
  clock,
  elapsed = stopwatch,
  log,
}: AgreedClockOptions): AgreedClock {
  const look = (): Look => ({ at: clock(), elapsedMs: elapsed() })
  let offsetMs = 0
  let compared: Look | null = null
  let isOurs = false
  let said = false

  function follow(theirsAt: Instant, before: Look, after: Look): void {
    // They said it at some moment in between.
    const [least, most] = [theirsAt - after.at, theirsAt - before.at]
    if (offsetMs >= least - TOLERATED_MS && offsetMs <= most + TOLERATED_MS) return
    offsetMs = least - TOLERATED_MS <= 0 && most + TOLERATED_MS >= 0 ? 0 : Math.round((least + most) / 2)
    const isFarOff = Math.abs(offsetMs) > SKEW_MS
    if (isFarOff && !said)
      log.warn(
        'our clock differs from that of the database, which is used; set both by the same time servers',
        { seconds: Math.round(offsetMs / SECOND) },
      )
    said = isFarOff
  }

  async function agree(): Promise<void> {
    const before = look()
    const sinceMs = compared === null ? Infinity : before.elapsedMs - compared.elapsedMs
    const wasSet = compared === null || Math.abs(before.at - compared.at - sinceMs) > TOLERATED_MS
    if (isOurs || (!wasSet && sinceMs < AGAIN_AFTER_MS)) return
    try {
      for (let asked = 1; !(await compare()) && asked < MOST_ASKED; asked++);
    } catch (cause) {
      // What was right ten seconds ago will do for the moment.
      if (wasSet) throw cause
    }
  }

  /** Whether the answer came soon. */
  async function compare(): Promise<boolean> {
    const before = look()
    const theirsAt = await databaseNowAt()
    const after = look()
    isOurs = theirsAt === null
    if (theirsAt !== null) follow(theirsAt, before, after)
    // Was it set just now, the next comparison finds out.
    compared = before
    const tookMs = Math.max(after.elapsedMs - before.elapsedMs, Math.abs(after.at - before.at))
    return isOurs || tookMs <= SOON_MS
  }

  return {
    now: () => clock() + offsetMs,
    agree,
    before: (task) => ({
      ...task,
      async run() {
        await agree()
        return task.run()
      },
    }),
  }
}

/** Keeps to it where nothing else asks. */
export function followClock({ agree }: Pick<AgreedClock, 'agree'>): Task {
  return {
    name: 'clocks',
    everyMs: SECOND,
    async run() {
      await agree()
      return false
    },
  }
}
