import type { Instant } from '../../src/core/time'
import type { Sql, Work } from '../../src/store/sql'

/** The two clocks of a simulation: the one on the wall can be set, the other only ever grows. */
export interface Clocks {
  wallAt: Instant
  elapsedMs: number
}

/** Whoever passes the gate; what a dead one waits for never comes. */
export interface Passer {
  name: string
  isDead: boolean
  frozenUntilMs: number
  /** What the next commit is about, for those who watch. */
  takeTag(): Tag | null
  /** Its last commit changed something that is watched. */
  didWrite: boolean
  /** Its last commit said that pings can reach somebody. */
  didBeat: boolean
}

/** What a commit does, in the words of its cause. `at` is filled in by who decides, under lock. */
export type Tag =
  | { kind: 'pings'; arrivals: readonly { code: string; ping: PingTold }[] }
  | { kind: 'watch'; nowAt: Instant; limit: number }
  | { kind: 'pause' | 'resume'; checkId: number; at: Instant }
  | { kind: 'edit'; checkId: number; at: Instant; periodMs: number; graceMs: number }
  | { kind: 'remove'; checkId: number }

/** Of a ping, what changes a check. */
export interface PingTold {
  at: Instant
  signal: 'success' | 'start' | 'fail' | 'log'
  runId: string | null
}

export interface Waiting {
  who: Passer
  what: 'commit' | 'read' | 'arrival' | 'answer' | 'pause'
  label: string
  tag: Tag | null
  /** Not before that much has elapsed. */
  fromMs: number
  /** `cutAfter`: the process dies in the middle, after so many steps of the transaction. */
  run(cutAfter: number | null): Promise<unknown>
  resolve(value: unknown): void
  reject(cause: unknown): void
}

/**
 * Where everything waits that takes time: each statement of a store, each request, each pause. Who passes next
 * is for the scheduler to say, and whether they live to see the result.
 */
export class Gate {
  readonly waiting: Waiting[] = []

  pass<T>(
    about: Pick<Waiting, 'who' | 'what' | 'label' | 'fromMs'> & { tag?: Tag | null },
    run: (cutAfter: number | null) => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (about.who.isDead) return
      // What `run` gives is what is waited for: only the list does not know of which type that is.
      const give = (value: unknown): void => resolve(value as T)
      this.waiting.push({ tag: null, ...about, run, resolve: give, reject })
    })
  }

  take(one: Waiting): void {
    this.waiting.splice(this.waiting.indexOf(one), 1)
  }
}

/** The same database, as a process sees it whose every step goes through the gate. */
export function gated(driver: Sql, gate: Gate, who: Passer): Sql {
  return {
    ...driver,
    transaction: (work, options) =>
      gate.pass({ who, what: 'commit', label: 'commit', fromMs: 0, tag: who.takeTag() }, (cutAfter) =>
        driver.transaction(() => noting(who, cutAfter === null ? work() : cut(work(), cutAfter)), options),
      ),
    read: (work) => gate.pass({ who, what: 'read', label: 'read', fromMs: 0 }, () => driver.read(work)),
    close: () => Promise.resolve(),
  }
}

/** Passes the steps on, and notes whether any of them writes. */
function* noting<T>(who: Passer, work: Work<T>): Work<T> {
  who.didWrite = false
  who.didBeat = false
  let next = work.next()
  while (!next.done) {
    const step = next.value
    if (step.kind === 'query') who.didWrite ||= !/^\s*SELECT/i.test(step.text)
    else if (step.table === 'facts') who.didBeat ||= step.rows.some(([name]) => name === 'last alive')
    else who.didWrite ||= step.rows.length > 0
    next = work.next(yield step)
  }
  return next.value
}

/** Thrown where a process dies inside of a transaction. */
export class Death extends Error {}

/** The steps of a transaction up to where its process dies. */
export function* cut<T>(work: Work<T>, afterSteps: number): Work<T> {
  let next = work.next()
  for (let i = 0; !next.done && i < afterSteps; i++) next = work.next(yield next.value)
  throw new Death('The process died')
}
