import { MINUTE, SECOND } from '../core/time'
import type { FactStore } from '../store/facts'
import type { TallyStore } from '../store/tallies'
import type { Clock } from '../world/clock'
import type { Task } from './task'

/** Minutes of one name that are kept while the database is away; what is older is forgotten. */
const MOST_WAITING = 2000

/**
 * Counts what happens by the minute, and remembers when something last did. Whoever counts only adds to a number
 * in memory; what came together is written every few seconds, so a crash loses a few seconds of it.
 */
export interface TallyTask extends Task {
  count(name: string, times?: number): void
  /** Kept as a fact; only the last of a name is. */
  note(name: string, value: string): void
}

export function tally({
  tallies,
  facts,
  clock,
}: {
  tallies: Pick<TallyStore, 'add'>
  facts: Pick<FactStore, 'set'>
  clock: Clock
}): TallyTask {
  /** By name, and then by the minute that they are of. */
  const counted = new Map<string, Map<number, number>>()
  const notes = new Map<string, string>()

  function add(name: string, at: number, times: number): void {
    let minutes = counted.get(name)
    if (!minutes) counted.set(name, (minutes = new Map<number, number>()))
    minutes.set(at, (minutes.get(at) ?? 0) + times)
    if (minutes.size > MOST_WAITING) minutes.delete(Math.min(...minutes.keys()))
  }

  return {
    name: 'tally',
    everyMs: 10 * SECOND,

    count: (name, times = 1) => add(name, Math.floor(clock() / MINUTE) * MINUTE, times),
    note: (name, value) => void notes.set(name, value),

    async run() {
      const rows = [...counted].flatMap(([name, minutes]) =>
        [...minutes].map(([at, count]) => ({ name, at, count })),
      )
      counted.clear()
      try {
        if (rows.length > 0) await tallies.add(rows)
      } catch (cause) {
        for (const { name, at, count } of rows) add(name, at, count)
        throw cause
      }
      for (const [name, value] of notes) {
        await facts.set(name, value)
        if (notes.get(name) === value) notes.delete(name)
      }
      return false
    },
  }
}
