import { pause, rearm, reschedule, resume, signed } from '../core/check'
import type { Check } from '../core/check'
import { matchOf, UNDECIDED, withFields } from '../core/check-edit'
import type { CheckFields } from '../core/check-fields'
import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import type { Schedule } from '../core/schedule'
import type { CheckSaves, Order, Saved } from '../store/check-saves'
import type { CheckStore } from '../store/checks'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import { spareOf, validDescription, validTiming } from './check-input'
import type { Description, Timing } from './check-input'
import { validRules } from './filter-input'
import type { PingRules } from './filter-input'

export interface CheckInput extends Description, Timing {
  /** Where the same wish comes again, the same code: what was made of it then is the answer. */
  code?: string | null
}

/** What people and scripts do with checks. */
export interface CheckActions {
  add(project: Project, input: CheckInput): Promise<Result<Check>>
  /**
   * Adds a check as a script describes it, or changes the one that is `unique` in what it says.
   * `derivesSlug`: as `withFields` takes it.
   */
  upsert(project: Project, fields: CheckFields, options: { derivesSlug: boolean }): Promise<Result<Saved>>
  /** Changes what a script says, and nothing else. Never flips: spec/alerting.md T12. */
  edit(check: Check, fields: CheckFields, options: { derivesSlug: boolean }): Promise<Result<Saved>>
  /** Changes what a check is called and says about itself. */
  describe(check: Check, input: Description): Promise<Result<Check>>
  /** `by`: who does it, here and below, for the log. `wentDown`: it is overdue by the new schedule, so it is down now and nobody is told. */
  reschedule(
    check: Check,
    schedule: Schedule,
    graceMs: number,
    by?: string,
  ): Promise<Result<{ check: Check; wentDown: boolean }>>
  /** Changes which pings count, and as what. Nothing is judged anew. */
  filter(check: Check, rules: PingRules): Promise<Result<Check>>
  /** Pausing a paused check changes nothing. */
  pause(check: Check, by?: string): Promise<Result<Check>>
  /** A conflict when it is not paused. */
  resume(check: Check, by?: string): Promise<Result<Check>>
  remove(check: Check): Promise<Result<Check>>
  /** All or none, as one change. How many were still there. */
  removeMany(checks: readonly Check[]): Promise<number>
}

export interface CheckDeps {
  checks: Pick<CheckStore, 'add' | 'findByCode' | 'change' | 'remove' | 'removeMany' | 'countOfOwner'>
  checkSaves: CheckSaves
  users: Pick<UserStore, 'find'>
  /** Told of the code of a check that is gone. */
  onRemoved: (checkCode: string) => void
  clock: Clock
}

export function checkActions({ checks, checkSaves, users, onRemoved, clock }: CheckDeps): CheckActions {
  return {
    async add(project, { code = null, ...input }) {
      const made = code === null ? null : await checks.findByCode(code)
      if (made?.projectId === project.id) return ok(made)
      const described = validDescription(input)
      const timed = validTiming(input)
      if (!described.ok || !timed.ok) return bothProblems(described, timed)
      const owner = await users.find(project.ownerId)
      if (owner === null) return gone()
      if ((await checks.countOfOwner(owner.id)) >= owner.checkLimit) {
        return fail('forbidden', `Limit of ${owner.checkLimit} checks reached.`)
      }
      const { schedule, graceMs } = timed.value
      const projectId = project.id
      const fresh = { projectId, ...described.value, schedule, graceMs, createdAt: clock() }
      return ok(await checks.add(code === null ? fresh : { ...fresh, code }))
    },

    upsert(project, fields, options) {
      const createdAt = clock()
      return checkSaves.upsert({
        projectId: project.id,
        match: matchOf(fields),
        fresh: { ...withFields(UNDECIDED, fields, options), createdAt },
        ...orderOf(fields, options),
      })
    },

    edit: (check, fields, options) => checkSaves.edit(check.id, orderOf(fields, options)),

    async describe(check, input) {
      const described = validDescription(input)
      if (!described.ok) return described
      const changed = await checks.change(check.id, (now) => ({
        check: { ...now, ...described.value },
        flip: null,
      }))
      return changed ? ok(changed) : gone()
    },

    async reschedule(check, schedule, graceMs, by = '') {
      const timed = validTiming({ schedule, graceMs })
      if (!timed.ok) return timed
      let wentDown = false
      const changed = await checks.change(check.id, (now) => {
        const { value } = timed
        const before = { ...now, spare: spareOf(now) }
        const outcome = signed(reschedule(before, value.schedule, value.graceMs, clock()), by)
        wentDown = outcome.flip?.to === 'down'
        return outcome
      })
      return changed ? ok({ check: changed, wentDown }) : gone()
    },

    async filter(check, rules) {
      const valid = validRules(rules)
      if (!valid.ok) return valid
      const { postOnly, manualResume, filters } = valid.value
      const changed = await checks.change(check.id, (now) => ({
        check: { ...now, postOnly, manualResume, filters },
        flip: null,
      }))
      return changed ? ok(changed) : gone()
    },

    async pause(check, by = '') {
      const paused = await checks.change(check.id, (now) =>
        now.status === 'paused' ? { check: now, flip: null } : signed(pause(now, clock()), by),
      )
      return paused ? ok(paused) : gone()
    },

    async resume(check, by = '') {
      let wasPaused = true
      const resumed = await checks.change(check.id, (now) => {
        wasPaused = now.status === 'paused'
        return wasPaused ? signed(resume(now, clock()), by) : { check: now, flip: null }
      })
      if (!resumed) return gone()
      return wasPaused ? ok(resumed) : fail('conflict', 'This check is not paused.')
    },

    async remove(check) {
      if (!(await checks.remove(check.id))) return gone()
      onRemoved(check.code)
      return ok(check)
    },

    async removeMany(some) {
      const gone = await checks.removeMany(some.map(({ id }) => id))
      for (const code of gone) onRemoved(code)
      return gone.length
    },
  }

  function orderOf(fields: CheckFields, options: { derivesSlug: boolean }): Order {
    return {
      channels: fields.channels ?? null,
      edit: (now) => rearm(withFields(now, fields, options), clock()),
    }
  }
}

function gone(): { ok: false; problem: Problem } {
  return fail('not_found', 'There is no such check any more.')
}

/** Told together, so that nobody has to send a form twice to learn of two mistakes. */
function bothProblems(...results: Result<unknown>[]): Result<never> {
  const problems = results.flatMap((result) => (result.ok ? [] : [result.problem]))
  const fields = Object.assign({}, ...problems.map((problem) => problem.fields)) as Record<string, string>
  return fail('invalid', problems.map(({ message }) => message).join(' '), { fields })
}
