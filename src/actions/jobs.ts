import { MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { FactStore } from '../store/facts'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'

/** What somebody asked for that takes longer than a request may. */
export type JobName = 'vacuum' | 'integrity check' | 'prune' | 'sweep'

/** The latest of its kind, by whichever instance. */
export interface Job {
  startedAt: Instant
  /** Null: it goes on, or was cut off. */
  endedAt: Instant | null
  /** E-mail address of whoever asked for it. */
  by: string
  /** Null until it has ended. */
  ok: boolean | null
  /** What it came to, or where it is. */
  text: string
  /** It did not end, and nobody works at it any more. */
  isCutOff: boolean
  /** What it found besides, for whoever builds on it. */
  found: number
}

/** How a job ended. */
export interface JobEnd {
  ok: boolean
  text: string
  found?: number
}

export interface Jobs {
  /** Begins in the background. False: one of this name is under way. */
  start(name: JobName, by: string, work: Work): Promise<boolean>
  last(name: JobName): Promise<Job | null>
  /** Ends what can be ended, and waits for it. */
  stop(): Promise<void>
}

/** `say` where it is; `signal`: the program ends. */
export type Work = (say: (text: string) => void, signal: AbortSignal) => Promise<JobEnd>

/** Where it is, is written down so often; who has not for `CUT_OFF_MS` is not there any more. */
const SAID_MS = 5 * SECOND
const CUT_OFF_MS = 10 * MINUTE

type Kept = Omit<Job, 'isCutOff'> & { saidAt: Instant }

export function openJobs({
  facts,
  clock,
  log,
}: {
  facts: Pick<FactStore, 'get' | 'set'>
  clock: Clock
  log: Log
}): Jobs {
  const running = new Map<JobName, Promise<void>>()
  const stopping = new AbortController()
  const keep = (name: JobName, job: Kept) => facts.set(factOf(name), JSON.stringify(job))

  async function last(name: JobName): Promise<Job | null> {
    const text = await facts.get(factOf(name))
    if (text === null) return null
    const { saidAt, ...job } = JSON.parse(text) as Kept
    const isAlive = running.has(name) || clock() - saidAt < CUT_OFF_MS
    return { ...job, isCutOff: job.endedAt === null && !isAlive }
  }

  async function carryOut(name: JobName, begun: Kept, work: Work): Promise<void> {
    let job = begun
    const say = (text: string): void => {
      const isDue = clock() - job.saidAt >= SAID_MS
      job = { ...job, text, ...(isDue ? { saidAt: clock() } : {}) }
      // That it is not written down must not end the work.
      if (isDue) keep(name, job).catch(() => undefined)
    }
    const ended = await work(say, stopping.signal).catch((cause: unknown) => {
      log.error('a job of an administrator failed', { job: name, cause })
      return { ok: false, text: 'It failed; the log of the server tells why.' }
    })
    const end: JobEnd = ended
    await keep(name, {
      ...job,
      ok: end.ok,
      text: end.text,
      found: end.found ?? 0,
      endedAt: clock(),
      saidAt: clock(),
    }).catch((cause: unknown) =>
      log.error('the end of a job could not be written down', { job: name, cause }),
    )
  }

  return {
    last,

    async start(name, by, work) {
      if (running.has(name)) return false
      const nowAt = clock()
      const before = await last(name)
      if (before?.endedAt === null && !before.isCutOff) return false
      const job: Kept = { startedAt: nowAt, endedAt: null, by, ok: null, text: '', found: 0, saidAt: nowAt }
      await keep(name, job)
      // Whoever pressed twice was faster than the database.
      if (running.has(name)) return false
      running.set(
        name,
        carryOut(name, job, work).finally(() => running.delete(name)),
      )
      return true
    },

    async stop() {
      stopping.abort()
      await Promise.all(running.values())
    },
  }
}

const factOf = (name: JobName): string => `job ${name}`
