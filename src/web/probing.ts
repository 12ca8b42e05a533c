import { HOUR } from '../core/time'
import type { Instant } from '../core/time'

/** Asking for what is not there, by the hour: spec/web-ui.md §16.8, §18.7. */
const TOLD_AT = 100
const MOST = 1000

/** People of whom it is counted at the same time; the ones who began first are forgotten. */
const MOST_PEOPLE = 10_000

const MOST_SAMPLES = 5

/** What to do about somebody who asked once more; `samples`: some of what they asked for. */
export type Suspicion =
  { kind: 'none' } | { kind: 'tell'; samples: string[] } | { kind: 'too many'; retryAfterMs: number }

/** Counts for each person, in this process, how often what they asked for was not there or not theirs. */
export interface Probing {
  note(userId: number, path: string, nowAt: Instant): Suspicion
}

export function probing(): Probing {
  const people = new Map<number, { sinceAt: Instant; count: number; samples: string[] }>()
  return {
    note(userId, path, nowAt) {
      const known = people.get(userId)
      const mine = known && nowAt - known.sinceAt < HOUR ? known : { sinceAt: nowAt, count: 0, samples: [] }
      mine.count++
      if (mine.samples.length < MOST_SAMPLES) mine.samples.push(shortened(path))
      if (known !== mine) {
        people.delete(userId)
        people.set(userId, mine)
        const [first] = people.keys()
        if (people.size > MOST_PEOPLE && first !== undefined) people.delete(first)
      }
      if (mine.count === TOLD_AT) return { kind: 'tell', samples: mine.samples }
      if (mine.count <= MOST) return { kind: 'none' }
      return { kind: 'too many', retryAfterMs: mine.sinceAt + HOUR - nowAt }
    },
  }
}

/** The codes of checks are secrets, wherever they are written. */
function shortened(path: string): string {
  return path.replaceAll(/([0-9a-f]{8})-[0-9a-f-]{20,}/gi, '$1…').slice(0, 80)
}
