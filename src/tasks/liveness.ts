import { MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { FactStore } from '../store/facts'
import type { Clock } from '../world/clock'
import type { RunningTask, Task } from './task'

/** A loop that has not finished a turn for this long counts as stalled: spec/alerting.md §15. */
const STALLED_MS = MINUTE

/** What other instances did is known through the database, and by another clock: spec/web-ui.md §2.2. */
const STALLED_ELSEWHERE_MS = 2 * MINUTE

/** Without the one nothing goes down, without the other nobody is told. */
const ALERT_LOOPS: readonly string[] = ['watch', 'deliver']

/** How the loops that alerts depend on are doing in this process. */
export interface Liveness {
  /** When the one that is furthest behind last finished a turn, if that is too long ago; null: all is well. */
  stalledSince(): Instant | null
  /**
   * Whether one does not even come to the end of a turn that fails: then only a restart helps, which it does
   * not when the database is away.
   */
  hanging(): boolean
  loops(): { name: string; lastTurnAt: Instant | null; longestLagMs: number }[]
}

export function livenessOf(running: readonly RunningTask[]): Liveness {
  const own = () => running.filter(({ name }) => ALERT_LOOPS.includes(name))
  return {
    stalledSince() {
      if (!own().some((task) => task.sinceTurnMs() > STALLED_MS)) return null
      return Math.min(...own().map((task) => task.lastTurnAt() ?? task.startedAt))
    },
    hanging: () => own().some((task) => task.sinceTryMs() > STALLED_MS),
    loops: () =>
      own().map((task) => ({
        name: task.name,
        lastTurnAt: task.lastTurnAt(),
        longestLagMs: task.longestLagMs(),
      })),
  }
}

const FACT = 'alert loops last ran'

const EVERY_MS = 10 * SECOND

/** Where several instances share the work, lets those without these loops know of them. */
export function noteLoops({
  facts,
  liveness,
  clock,
}: {
  facts: Pick<FactStore, 'set'>
  liveness: Pick<Liveness, 'stalledSince'>
  clock: Clock
}): Task {
  return {
    name: 'note loops',
    everyMs: EVERY_MS,
    async run() {
      if (liveness.stalledSince() === null) await facts.set(FACT, String(clock()))
      return false
    },
  }
}

export interface FollowTask extends Task {
  /** When any instance last had its loops turning, if that is too long ago; null: all is well. */
  stalledSince(): Instant | null
}

/** The other side of it: for an instance that shows pages and leaves alerts to others. */
export function followLoops({ facts, clock }: { facts: Pick<FactStore, 'get'>; clock: Clock }): FollowTask {
  // Whoever starts first must not complain of the other.
  let lastRanAt = clock()
  return {
    name: 'follow loops',
    everyMs: EVERY_MS,
    async run() {
      lastRanAt = Math.max(lastRanAt, Number((await facts.get(FACT)) ?? 0))
      return false
    },
    stalledSince: () => (clock() - lastRanAt > STALLED_ELSEWHERE_MS ? lastRanAt : null),
  }
}
