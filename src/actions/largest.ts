import { MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import type { Stored, UpkeepStore } from '../store/upkeep'
import type { Clock } from '../world/clock'
import { withPatience } from '../world/patience'

/** Checks whose logs take most room: spec/web-ui.md X06. */
export interface Largest {
  /** Null: nothing was measured so far. */
  measuredAt: Instant | null
  checks: (Stored & { code: string; name: string; project: string })[]
  /** How many checks the measurement under way has behind it, and of how many; null: none is under way. */
  progress: { done: number; of: number } | null
}

/** What was measured so long ago is measured again when somebody looks. */
const FRESH_MS = 10 * MINUTE

const SHOWN = 20

/** Pings read in one go, so that those that come in wait for some milliseconds at most. */
const PINGS_AT_ONCE = 5000
const CHECKS_AT_ONCE = 500

/**
 * Nobody keeps account of what each log takes, because each ping would have to. It is measured while somebody
 * looks, a few checks at a time, and remembered for some minutes.
 */
export function largestChecks({
  upkeep,
  clock,
}: {
  upkeep: Pick<UpkeepStore, 'rows' | 'checksAfter' | 'storedOf' | 'namesOf'>
  clock: Clock
}): { look(waitMs: number): Promise<Largest> } {
  let known: Pick<Largest, 'measuredAt' | 'checks'> = { measuredAt: null, checks: [] }
  let progress: Largest['progress'] = null
  let measuring: Promise<void> | null = null

  async function measure(): Promise<void> {
    progress = { done: 0, of: (await upkeep.rows()).checks }
    let largest: Stored[] = []
    for (let afterId = 0; ;) {
      const page = await upkeep.checksAfter(afterId, CHECKS_AT_ONCE)
      for (const some of inPortions(page)) {
        largest = [...largest, ...(await upkeep.storedOf(some))]
          .toSorted((one, other) => other.bytes - one.bytes || one.checkId - other.checkId)
          .slice(0, SHOWN)
        progress = { ...progress, done: progress.done + some.length }
        await new Promise((resolve) => setImmediate(resolve))
      }
      const last = page.at(-1)
      if (last === undefined || page.length < CHECKS_AT_ONCE) break
      afterId = last.id
    }
    const names = await upkeep.namesOf(largest.map(({ checkId }) => checkId))
    const checks = largest.flatMap((one) => {
      const about = names.get(one.checkId)
      return about === undefined ? [] : [{ ...one, ...about }]
    })
    known = { measuredAt: clock(), checks }
  }

  return {
    async look(waitMs) {
      const isFresh = known.measuredAt !== null && clock() - known.measuredAt < FRESH_MS
      if (!isFresh && measuring === null) {
        measuring = measure()
          .catch(() => undefined)
          .finally(() => {
            measuring = null
            progress = null
          })
      }
      if (measuring !== null) await withPatience(measuring, waitMs)
      return { ...known, progress }
    },
  }
}

/** Ids, in portions of checks that have some thousand pings together. */
function inPortions(page: readonly { id: number; kept: number }[]): number[][] {
  const portions: number[][] = []
  let room = 0
  for (const { id, kept } of page) {
    if (kept > room || portions.length === 0) {
      portions.push([])
      room = PINGS_AT_ONCE
    }
    portions.at(-1)!.push(id)
    room -= kept
  }
  return portions
}
