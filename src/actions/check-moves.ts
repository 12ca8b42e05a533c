import { copyNames } from '../core/check-copy'
import type { Check } from '../core/check'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Project } from '../core/project'
import type { CheckMoves } from '../store/check-moves'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'

/** What people do with whole checks. */
export interface CheckMoveActions {
  /** Another check of the same kind, without what was heard of the first. */
  copy(check: Check, project: Project): Promise<Result<Check>>
  /** Gives a check to another project. Whether the person may do that in both is not asked here. */
  transfer(check: Check, to: Project): Promise<Result<Check>>
  /** Forgets all that was heard of a check. */
  clear(check: Check): Promise<Result<Check>>
}

export interface CheckMoveDeps {
  checkMoves: CheckMoves
  users: Pick<UserStore, 'find'>
  /** Told that the bodies of a check's pings up to this number are not needed any more. */
  onCleared: (checkCode: string, upTo: number) => void
  clock: Clock
}

export function checkMoveActions({ checkMoves, users, onCleared, clock }: CheckMoveDeps): CheckMoveActions {
  return {
    async copy(check, project) {
      const { schedule, spare, graceMs, manualResume, postOnly, filters, tags, description } = check
      const copied = await checkMoves.copy(check.id, {
        projectId: project.id,
        ...copyNames(check),
        tags,
        description,
        schedule,
        spare,
        graceMs,
        manualResume,
        postOnly,
        filters,
        createdAt: clock(),
      })
      if (copied !== 'full') return ok(copied)
      const owner = await users.find(project.ownerId)
      return fail('forbidden', `Limit of ${owner?.checkLimit ?? 0} checks reached.`)
    },

    async transfer(check, to) {
      const moved = await checkMoves.transfer(check.id, to.id, clock())
      if (moved === 'full') return fail('invalid', `${to.name} is full.`)
      return moved === null ? gone() : ok(moved)
    },

    async clear(check) {
      const now = await checkMoves.clear(check.id, clock())
      if (now === null) return gone()
      // Whatever comes in from here on has a higher number, and stays.
      while (await checkMoves.clearSome(now.id, now.pingCount));
      onCleared(now.code, now.pingCount)
      return ok(now)
    },
  }
}

function gone(): Result<never> {
  return fail('not_found', 'There is no such check any more.')
}
