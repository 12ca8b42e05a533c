import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Project } from '../core/project'
import type { Check } from '../core/check'
import { HOUR } from '../core/time'
import type { User } from '../core/user'
import type { BudgetStore } from '../store/budgets'
import type { FactStore } from '../store/facts'
import type { Begun, UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Passwords } from '../world/passwords'
import type { Random } from '../world/random'
import { digest, sameSecret } from '../world/secrets'
import { beginningOf } from './beginning'
import type { ChannelKind } from './channels'
import { budgetKey, networkOf, spend } from './limits'

export interface SetupInput {
  code: string
  email: string
  password: string
  /** IANA zone. */
  tz: string
}

/** How the first account comes to be: spec/operations.md [O11], §3; spec/web-ui.md A01. */
export interface SetupActions {
  /** Whether there is no account yet. */
  isOpen(): Promise<boolean>
  /** A fresh one-time set-up code, of which only the digest is stored; null when there is an account. */
  issueCode(): Promise<string | null>
  begin(input: SetupInput, address: string | null): Promise<Result<Started>>
  /** Of whoever began it: their first check, as long as they are not done with the rest of the set-up. */
  goesOn(user: Pick<User, 'id'>): Promise<string | null>
  /** The same, and it is over. */
  finish(user: Pick<User, 'id'>): Promise<string | null>
  /** Without a code, for the operator; also when there are accounts already. */
  createAdministrator(input: { email: string; password: string }): Promise<Result<User>>
}

export interface Started {
  user: User
  project: Project
  check: Check
}

export interface SetupDeps {
  users: Pick<UserStore, 'count' | 'addFirst' | 'add'>
  facts: Pick<FactStore, 'get' | 'set' | 'remove'>
  budgets: Pick<BudgetStore, 'take' | 'clear'>
  email: Pick<ChannelKind, 'parse'>
  passwords: Passwords
  random: Pick<Random, 'uuid' | 'text'>
  clock: Clock
  settings: { siteName: string; defaultCheckLimit: number; defaultPingLogLimit: number }
}

const CODE_FACT = 'setup_code'

/** Who is in the middle of it, and the code of their first check. */
const GOES_ON_FACT = 'set-up goes on'

/** Without look-alikes: people type it from a log. */
const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const CODE_LENGTH = 16

export function setupActions(deps: SetupDeps): SetupActions {
  const { users, facts, budgets, random, clock } = deps
  let closed = false

  async function isOpen(): Promise<boolean> {
    // Accounts can go, but the first page never comes back while we run.
    if (!closed) closed = (await users.count()) > 0
    return !closed
  }

  async function goesOn({ id }: Pick<User, 'id'>): Promise<string | null> {
    const [userId, check] = ((await facts.get(GOES_ON_FACT)) ?? '').split(' ')
    return check !== undefined && userId === String(id) ? check : null
  }

  /** Guesses are limited; knowing the code fills the bucket again, so that typing errors are free. */
  async function checkCode(code: string, address: string | null): Promise<Result<null>> {
    const mine = { what: 'setup', who: networkOf(address), limit: 10, periodMs: HOUR }
    const everybody = { what: 'setup', who: 'everybody', limit: 50, periodMs: HOUR }
    const allowed = await spend(budgets, [mine, everybody], clock())
    if (!allowed.ok) return allowed
    const kept = await facts.get(CODE_FACT)
    if (kept === null || !sameSecret(digest(bare(code)), kept)) {
      const message = 'That set-up code is not valid. It is printed in the server log at start-up.'
      return fail('invalid', message, { fields: { code: message } })
    }
    await budgets.clear(budgetKey(mine))
    await budgets.clear(budgetKey(everybody))
    return ok(null)
  }

  return {
    isOpen,

    async issueCode() {
      if (!(await isOpen())) return null
      const code = random.text(CODE_LENGTH, CODE_ALPHABET)
      await facts.set(CODE_FACT, digest(code))
      return code.replace(/(.{4})(?=.)/g, '$1-')
    },

    async begin({ code, ...input }, address) {
      if (!(await isOpen())) return takenAlready()
      const known = await checkCode(code, address)
      if (!known.ok) return known
      const first = await beginningOf({ ...input, isAdmin: true }, deps, clock())
      if (!first.ok) return first
      const begun = await users.addFirst(first.value)
      if (begun === null) return takenAlready()
      closed = true
      await facts.remove(CODE_FACT)
      await facts.set(GOES_ON_FACT, `${begun.user.id} ${begun.check.code}`)
      return ok(started(begun))
    },

    goesOn,

    async finish(user) {
      const check = await goesOn(user)
      if (check !== null) await facts.remove(GOES_ON_FACT)
      return check
    },

    async createAdministrator({ email, password }) {
      const first = await beginningOf({ email, password, tz: 'UTC', isAdmin: true }, deps, clock())
      if (!first.ok) return first
      const begun = await users.add(first.value)
      if (begun === null) return fail('conflict', `There is an account with the address ${email} already.`)
      closed = true
      await facts.remove(CODE_FACT)
      return ok(begun.user)
    },
  }
}

function started({ user, project, check }: Begun): Started {
  return { user, project, check }
}

function takenAlready(): Result<never> {
  return fail('conflict', 'Set-up was finished by someone else.')
}

/** As it was typed: any case, with or without the hyphens. */
function bare(code: string): string {
  return code.toUpperCase().replace(/[^A-Z0-9]/g, '')
}
