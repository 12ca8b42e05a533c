import { SECOND } from '../core/time'
import { count } from '../core/words'
import type { FactStore } from '../store/facts'
import type { UpkeepStore } from '../store/upkeep'
import type { Clock } from '../world/clock'
import type { DiskSpace } from '../world/disk'
import type { Objects } from '../world/objects'
import type { Random } from '../world/random'
import type { Actor, AuditTrail } from './audit'
import type { JobEnd, JobName, Jobs } from './jobs'
import { MIN_AGE_MS } from './orphans'
import type { OrphanActions } from './orphans'
import { tryObjects } from './try-objects'
import type { Step } from './try-objects'

/** What a vacuum would take and give. */
export interface VacuumPlan {
  /** What it gives back to the disk. */
  freeBytes: number
  /** What it writes. */
  liveBytes: number
  /** For how long nothing can be saved meanwhile. */
  estimateMs: number
  /** By what was measured the last time, and not guessed. */
  isMeasured: boolean
  /** Pings are refused meanwhile, because they do not wait for so long. */
  refusesPings: boolean
  /** What it needs on the disk until it is done, and whether that is there. */
  needsBytes: number
  hasRoom: boolean
}

/** What keeps the database and object storage well: spec/web-ui.md X06. All of it is written down. */
export interface UpkeepActions {
  /** Where the database is; null where the system does not say. */
  diskSpace(): Promise<DiskSpace | null>
  analyze(by: Actor): Promise<void>
  /** False: somebody reads just now. Null: this database has no log to move. */
  checkpoint(by: Actor): Promise<boolean | null>
  /** Null where the database looks after itself. */
  vacuumPlan(): Promise<VacuumPlan | null>
  /** `isSure`: that pings are refused meanwhile. */
  vacuum(by: Actor, isSure: boolean): Promise<'begun' | 'running' | 'not sure' | 'no room' | 'not here'>
  /** False: it is under way, or the database looks after itself. */
  checkIntegrity(by: Actor): Promise<boolean>
  /** What the daily round removes, now. False: it is under way. */
  prune(by: Actor): Promise<boolean>
  /** Looks for bodies of checks that do not exist, and removes them unless it is `dryRun`. False: it is under way. */
  sweep(by: Actor, dryRun: boolean): Promise<boolean>
  /** Null: there is no object storage. */
  tryObjects(by: Actor): Promise<Step[] | null>
}

export interface UpkeepDeps {
  upkeep: Pick<UpkeepStore, 'sizes' | 'analyze' | 'checkpoint'>
  facts: Pick<FactStore, 'get' | 'set'>
  jobs: Jobs
  orphans: Pick<OrphanActions, 'sweep'>
  objects: Objects | null
  /** Looks after the file in a process of its own; null: there is no file. */
  care: ((what: 'check' | 'vacuum', signal: AbortSignal) => Promise<JobEnd>) | null
  pruneNow: () => Promise<void>
  diskSpace: () => Promise<DiskSpace | null>
  trail: AuditTrail
  random: Pick<Random, 'uuid'>
  clock: Clock
  /** Milliseconds that only ever grow. */
  elapsed: () => number
}

/** Bytes that a vacuum writes in a millisecond, until one was measured: that of a slow disk. */
const GUESSED_PACE = 15_000
const PACE_FACT = 'vacuum pace'

/** Shorter ones say nothing about longer ones. */
const WORTH_MEASURING_MS = SECOND / 2

/** A ping waits for the database for five seconds; an estimate may be wrong. */
const PINGS_WAIT_MS = 3 * SECOND

/** The new file, and the log through which it comes, both as large as what is in use; and something to spare. */
const ROOM_NEEDED = 2.2

export function upkeepActions(deps: UpkeepDeps): UpkeepActions {
  const { upkeep, facts, jobs, orphans, objects, care, trail, elapsed } = deps

  async function begin(
    by: Actor,
    name: JobName,
    what: string,
    work: Parameters<Jobs['start']>[2],
  ): Promise<boolean> {
    const begun = await jobs.start(name, by.user.email, work)
    if (begun) await trail(by, name === 'sweep' ? 'storage-swept' : 'database-cared-for', what)
    return begun
  }

  async function vacuumPlan(): Promise<VacuumPlan | null> {
    if (care === null) return null
    const [{ bytes, freeBytes }, pace, disk] = await Promise.all([
      upkeep.sizes(),
      facts.get(PACE_FACT),
      deps.diskSpace(),
    ])
    const liveBytes = bytes - (freeBytes ?? 0)
    const estimateMs = liveBytes / Number(pace ?? GUESSED_PACE)
    const needsBytes = Math.round(ROOM_NEEDED * liveBytes)
    return {
      freeBytes: freeBytes ?? 0,
      liveBytes,
      estimateMs,
      isMeasured: pace !== null,
      refusesPings: estimateMs > PINGS_WAIT_MS,
      needsBytes,
      hasRoom: disk === null || disk.freeBytes > needsBytes,
    }
  }

  return {
    async analyze(by) {
      await upkeep.analyze()
      await trail(by, 'database-cared-for', 'statistics')
    },

    async checkpoint(by) {
      const done = await upkeep.checkpoint()
      if (done) await trail(by, 'database-cared-for', 'write-ahead log moved into the file')
      return done
    },

    diskSpace: deps.diskSpace,
    vacuumPlan,

    async vacuum(by, isSure) {
      const plan = await vacuumPlan()
      if (care === null || plan === null) return 'not here'
      if (!plan.hasRoom) return 'no room'
      if (plan.refusesPings && !isSure) return 'not sure'
      const begun = await jobs.start('vacuum', by.user.email, async (_say, signal) => {
        // Before it: for as long as it lasts nothing can be written down.
        await trail(by, 'database-cared-for', 'vacuum begun')
        const began = elapsed()
        const ended = await care('vacuum', signal)
        const tookMs = elapsed() - began
        if (!ended.ok) return ended
        if (tookMs >= WORTH_MEASURING_MS) await facts.set(PACE_FACT, String(plan.liveBytes / tookMs))
        return { ok: true, text: `It took ${(tookMs / SECOND).toFixed(1)} s.` }
      })
      return begun ? 'begun' : 'running'
    },

    async checkIntegrity(by) {
      if (care === null) return false
      return await begin(by, 'integrity check', 'integrity check', (_say, signal) => care('check', signal))
    },

    prune: (by) =>
      begin(by, 'prune', 'pruned', async () => {
        await deps.pruneNow()
        return { ok: true, text: 'What has expired, and pings beyond the limits, are gone.' }
      }),

    async sweep(by, dryRun) {
      if (objects === null) return false
      const options = { dryRun, minAgeMs: MIN_AGE_MS, force: false }
      const work = async (say: (text: string) => void): Promise<JobEnd> => {
        const swept = await orphans.sweep({ ...options, say })
        switch (swept?.kind) {
          case undefined:
            return { ok: false, text: 'There is no object storage.' }
          case 'failed':
            return { ok: false, text: `It ended early: ${swept.failure.reason}` }
          case 'no checks':
            return { ok: false, text: 'There is no check at all: nothing was touched.' }
          case 'done':
            return dryRun
              ? {
                  ok: true,
                  text: `Bodies of ${count(swept.checks, 'check')} that do not exist.`,
                  found: swept.checks,
                }
              : {
                  ok: swept.refused.length === 0,
                  text: `${count(swept.objects, 'object')} of ${count(swept.checks, 'check')} removed${
                    swept.refused.length === 0
                      ? ''
                      : `, ${swept.refused.length} refused: ${swept.refused[0]?.reason}`
                  }.`,
                }
        }
      }
      return await begin(
        by,
        'sweep',
        dryRun ? 'looked for bodies of no check' : 'bodies of no check removed',
        work,
      )
    },

    async tryObjects(by) {
      if (objects === null) return null
      const steps = await tryObjects(objects, deps.random)
      const failed = steps.find(({ ok }) => ok === false)
      await trail(
        by,
        'storage-tried',
        'object storage',
        failed ? `${failed.name}: ${failed.text}` : 'all well',
      )
      return steps
    },
  }
}
