import type { Check } from '../core/check'
import { Recent } from '../core/recent'
import { isTimed, runDaysOf } from '../core/run-stats'
import type { RunDay } from '../core/run-stats'
import { LONGEST_RUN_MS } from '../core/run-times'
import type { Run } from '../core/runs'
import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import type { Store } from '../store'

/** Pings of a long log whose runs are summed up by the day together. */
const STEP = 1000

/** So many pings at the end of a log are always read. */
const TAIL = 3 * STEP

/** Sums of steps that are remembered, at most twice as many. */
const STEPS_KNOWN = 1000

/** How long the runs in a log took, by the day: what was long ago is summed up once only, and remembered. */
export class RunHistory {
  readonly #known = new Recent<RunDay[]>(STEPS_KNOWN)
  readonly #store: Pick<Store, 'runs' | 'pings'>

  constructor(store: Pick<Store, 'runs' | 'pings'>) {
    this.#store = store
  }

  /** `runs`: of the end of the log, newest first. `days`: of the runs before those, in no order, and several of a day. */
  async since(
    { id, pingCount }: Pick<Check, 'id' | 'pingCount'>,
    { afterN, sinceAt, nowAt }: { afterN: number; sinceAt: Instant; nowAt: Instant },
  ): Promise<{ runs: Run[]; days: RunDay[] }> {
    const oldest = await this.#store.pings.oldest(id, afterN)
    if (oldest === null) return { runs: [], days: [] }
    const beforeN = oldest.n - 1
    const tailN = Math.max(beforeN, Math.floor((pingCount - TAIL) / STEP) * STEP)
    const runs = await this.#store.runs.begun(id, { afterN: tailN, upToN: pingCount })
    const days: RunDay[] = []
    for (let upToN = tailN; upToN > beforeN; upToN -= STEP) {
      const step = await this.#daysOf(id, { afterN: Math.max(upToN - STEP, beforeN), upToN }, nowAt)
      const within = step.filter(({ startAt }) => startAt + DAY > sinceAt)
      days.push(...within)
      if (step.length > 0 && within.length === 0) break
    }
    return { runs, days }
  }

  async #daysOf(id: number, range: { afterN: number; upToN: number }, nowAt: Instant): Promise<RunDay[]> {
    const key = `${id} ${range.afterN} ${range.upToN}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const runs = await this.#store.runs.begun(id, range)
    const days = runDaysOf(runs.filter(isTimed))
    // What may still end is another sum tomorrow, and what is cut off by the end of the log soon.
    const isWhole = range.upToN - range.afterN === STEP
    const isOver = runs.every(
      ({ outcome, startedAt }) => outcome !== 'open' || nowAt - startedAt > LONGEST_RUN_MS,
    )
    if (isWhole && isOver) this.#known.set(key, days)
    return days
  }
}
