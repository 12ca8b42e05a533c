import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import type { MemberRole } from '../core/role'
import type { User } from '../core/user'
import type { Member, MemberStore } from '../store/members'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'

/** Who works in a project besides its owner: spec/web-ui.md §1.1, P06. */
export interface MemberActions {
  /** Makes somebody who has an account a member at once, without asking them. */
  add(project: Project, email: string, role: MemberRole): Promise<Result<Member>>
  /** `by` null: the operator. Nobody changes or removes themselves: they leave. */
  setRole(project: Project, email: string, role: MemberRole, by: User | null): Promise<Result<Member>>
  remove(project: Project, email: string, by: User | null): Promise<Result<Member>>
  /** Somebody takes themselves out. */
  leave(project: Project, user: Pick<User, 'id' | 'email'>): Promise<Result<null>>
}

export interface MemberDeps {
  members: Pick<MemberStore, 'ofProject' | 'put' | 'remove'>
  users: Pick<UserStore, 'find' | 'findByEmail'>
  clock: Clock
}

export function memberActions({ members, users, clock }: MemberDeps): MemberActions {
  async function memberOf(project: Project, email: string, by: User | null): Promise<Result<Member>> {
    const wanted = email.trim().toLowerCase()
    const found = (await members.ofProject(project.id)).find((each) => each.email === wanted)
    if (found?.userId === by?.id && found !== undefined) {
      return fail('invalid', 'Use Leave on your account page.')
    }
    if (found) return ok(found)
    const owner = await users.find(project.ownerId)
    if (owner?.email === wanted) return fail('forbidden', `${wanted} owns this project, and stays its owner.`)
    return gone(wanted)
  }

  return {
    async add(project, email, role) {
      const wanted = email.trim().toLowerCase()
      const user = await users.findByEmail(wanted)
      if (user === null) {
        const message = `There is no account ${wanted}. It has to be made first.`
        return fail('invalid', message, { fields: { email: message } })
      }
      const others = await members.ofProject(project.id)
      if (user.id === project.ownerId || others.some(({ userId }) => userId === user.id)) {
        return fail('conflict', `${wanted} is already in this project.`)
      }
      const createdAt = clock()
      await members.put(project.id, user.id, role, createdAt)
      return ok({ userId: user.id, email: wanted, role, createdAt })
    },

    async setRole(project, email, role, by) {
      const found = await memberOf(project, email, by)
      if (!found.ok) return found
      await members.put(project.id, found.value.userId, role, clock())
      return ok({ ...found.value, role })
    },

    async remove(project, email, by) {
      const found = await memberOf(project, email, by)
      if (!found.ok) return found
      const { userId } = found.value
      return (await members.remove(project.id, userId)) ? found : gone(found.value.email)
    },

    async leave(project, user) {
      if (user.id === project.ownerId) {
        return fail('forbidden', 'You own this project: transfer it to somebody else, or remove it.')
      }
      return (await members.remove(project.id, user.id)) ? ok(null) : gone(user.email)
    },
  }
}

function gone(email: string): { ok: false; problem: Problem } {
  return fail('not_found', `${email} is not in this project.`)
}
