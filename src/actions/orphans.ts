import { checkCodeOf } from '../core/object-key'
import { DAY } from '../core/time'
import type { BodyStore } from '../store/bodies'
import type { Clock } from '../world/clock'
import type { Objects, ObjectsFailure } from '../world/objects'
import { removeObjects } from '../world/remove-objects'

/** Most checks whose bodies one sweep removes; the rest is left to the next. */
const MOST_ORPHANS = 100_000

/** Bodies that are younger may belong to a check that is just being restored or imported. */
export const MIN_AGE_MS = DAY

/** Bodies in the bucket that belong to no check. */
export interface OrphanActions {
  /** Removes them, and tells as it goes: spec/operations.md [O43]. Null: there is no bucket. */
  sweep(options: SweepOptions): Promise<SweepResult | null>
}

export interface SweepOptions {
  dryRun: boolean
  /** Nothing is removed of a check whose newest body is younger. */
  minAgeMs: number
  /** Goes on even when there is no check at all, which else means that this is the wrong database. */
  force: boolean
  say: (line: string) => void
}

export type SweepResult =
  | { kind: 'done'; checks: number; objects: number; refused: { key: string; reason: string }[] }
  | { kind: 'no checks' }
  | { kind: 'failed'; failure: ObjectsFailure }

export interface OrphanDeps {
  bodies: Pick<BodyStore, 'codesInUse' | 'anyCheck'>
  objects: Pick<Objects, 'list' | 'remove'> | null
  clock: Clock
}

export function orphanActions({ bodies, objects, clock }: OrphanDeps): OrphanActions {
  return {
    async sweep(options) {
      if (objects === null) return null
      if (!options.force && !(await bodies.anyCheck())) return { kind: 'no checks' }
      const found = await orphans(objects, options.minAgeMs)
      if (!found.ok) return { kind: 'failed', failure: found.failure }
      options.say(`Staged for deletion: ${found.value.length}`)
      if (options.dryRun) return { kind: 'done', checks: found.value.length, objects: 0, refused: [] }
      return await removeAll(objects, found.value, options.say)
    },
  }

  /** What the keys of checks begin with that do not exist. */
  async function orphans(storage: Pick<Objects, 'list'>, minAgeMs: number) {
    const value: string[] = []
    for (let page: string | null = null; ;) {
      const listed = await storage.list({ prefix: '', delimiter: '/', page })
      if (!listed.ok) return listed
      for (const prefix of await ownerless(listed.value.prefixes)) {
        const old = await isOld(storage, prefix, minAgeMs)
        if (!old.ok) return old
        if (old.value) value.push(prefix)
      }
      page = listed.value.next
      if (page === null || value.length >= MOST_ORPHANS) return { ok: true as const, value }
    }
  }

  /** Asked after the listing, so that a check that was made in between keeps its bodies. */
  async function ownerless(prefixes: readonly string[]): Promise<string[]> {
    const codes = new Map(
      prefixes.flatMap((prefix) => {
        const code = checkCodeOf(prefix)
        return code === null ? [] : [[code, prefix] as const]
      }),
    )
    for (const code of await bodies.codesInUse([...codes.keys()])) codes.delete(code)
    return [...codes.values()]
  }

  async function isOld(storage: Pick<Objects, 'list'>, prefix: string, minAgeMs: number) {
    for (let page: string | null = null; ;) {
      const listed = await storage.list({ prefix, page })
      if (!listed.ok) return listed
      const isYoung = listed.value.objects.some(({ modifiedAt }) => clock() - modifiedAt < minAgeMs)
      page = listed.value.next
      if (isYoung || page === null) return { ok: true as const, value: !isYoung }
    }
  }

  async function removeAll(
    storage: Pick<Objects, 'list' | 'remove'>,
    prefixes: readonly string[],
    say: (line: string) => void,
  ): Promise<SweepResult> {
    let removed = 0
    const refused: { key: string; reason: string }[] = []
    for (const prefix of prefixes) {
      say(`Deleting ${prefix}`)
      const one = await removeObjects(storage, { prefix })
      if (one.failure !== null) return { kind: 'failed', failure: one.failure }
      removed += one.removed
      refused.push(...one.refused)
    }
    return { kind: 'done', checks: prefixes.length, objects: removed, refused }
  }
}

/** The sweep that nobody asked for, and how it went in a sentence. */
export async function sweepMonthly({ sweep }: OrphanActions): Promise<{ ok: boolean; sentence: string }> {
  const result = await sweep({ dryRun: false, minAgeMs: MIN_AGE_MS, force: false, say: () => undefined })
  switch (result?.kind) {
    case undefined:
    case 'no checks':
      return { ok: true, sentence: 'No bodies were swept: there is no bucket, or there are no checks' }
    case 'failed':
      return { ok: false, sentence: `The sweep for bodies of no check ended early: ${result.failure.reason}` }
    case 'done': {
      const { checks, objects, refused } = result
      const left = refused.length === 0 ? '' : `, ${refused.length} could not be removed`
      const sentence = `Swept ${objects} bodies of ${checks} checks that do not exist${left}`
      return { ok: refused.length === 0, sentence }
    }
  }
}
