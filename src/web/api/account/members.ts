import type { App } from '../../../app'
import type { Actor } from '../../../actions/audit'
import { apiTime } from '../../../core/check-document'
import type { Result } from '../../../core/problem'
import { reaches, ROLE_WORDS } from '../../../core/role'
import type { MemberRole } from '../../../core/role'
import type { Invitation } from '../../../store/invitations'
import { json } from '../route'
import type { ApiAnswer } from '../route'
import { accountRoute, error, explained, taking } from './route'
import type { AccountRoute, ProjectCall } from './route'
import { member, memberChange, members, memberToBe, newMember } from './schemas'

/** Who works in a project besides its owner, and who was asked to: web-ui.md P06. */
export function memberRoutes({
  store,
  actions,
  clock,
}: Pick<App, 'store' | 'actions' | 'clock'>): AccountRoute[] {
  async function list({ project, role }: ProjectCall): Promise<ApiAnswer> {
    const people = (await store.members.ofProject(project.id)).map(present)
    const asked = reaches(role, 'manager') ? await store.invitations.ofProject(project.id, clock()) : []
    return json({ members: [...people, ...asked.map(invited)].toSorted(byEmail) })
  }

  /** People are asked; the operator may decide for those who have an account. */
  async function add(
    { project, caller }: ProjectCall,
    wish: { email: string; role: MemberRole },
  ): Promise<ApiAnswer> {
    if (caller.user === null) {
      const added = await actions.members.add(project, wish.email, wish.role)
      return shown(added, 201)
    }
    const sent = await actions.invitations.invite(project, actorOf(caller.user), wish)
    if (!sent.ok) return explained(sent.problem)
    const { invitation, link } = sent.value
    return json({ ...invited(invitation), ...(link === null ? {} : { link }) }, 201)
  }

  async function setRole(
    { project, caller, parts }: ProjectCall,
    { role }: { role: MemberRole },
  ): Promise<ApiAnswer> {
    const email = parts[0] ?? ''
    if (await invitationFor(project.id, email)) {
      return error(409, `${email} was invited with another role: remove the invitation, and invite again.`)
    }
    const changed = await actions.members.setRole(project, email, role, caller.user)
    if (changed.ok && caller.user) {
      const what = `${changed.value.email} is ${ROLE_WORDS[role]}`
      await actions.trail(actorOf(caller.user), 'role-changed', project.name, what)
    }
    return shown(changed)
  }

  async function remove({ project, caller, parts, actor }: ProjectCall): Promise<ApiAnswer> {
    const email = parts[0] ?? ''
    const asked = await invitationFor(project.id, email)
    if (asked) {
      const revoked = await actions.invitations.revoke(project, actorOf(actor), asked.code)
      return revoked.ok ? json(invited(asked)) : explained(revoked.problem)
    }
    const removed = await actions.members.remove(project, email, caller.user)
    if (removed.ok && caller.user) {
      await actions.trail(actorOf(caller.user), 'member-removed', project.name, removed.value.email)
    }
    return shown(removed)
  }

  async function invitationFor(projectId: number, email: string): Promise<Invitation | null> {
    const open = await store.invitations.ofProject(projectId, clock())
    return open.find((each) => each.email === email.trim().toLowerCase()) ?? null
  }

  return [
    accountRoute('projects/{project}/members/', {
      GET: {
        role: 'read-only',
        summary: 'Lists who works in a project besides its owner; managers also see who is invited.',
        answers: { schema: members },
        answer: list,
      },
      POST: {
        role: 'manager',
        summary: 'Invites somebody into a project.',
        answers: { status: 201, schema: newMember },
        ...taking(memberToBe, add),
      },
    }),
    accountRoute('projects/{project}/members/{email}', {
      POST: {
        role: 'manager',
        summary: 'Gives a member another role.',
        answers: { schema: member },
        ...taking(memberChange, setRole),
      },
      DELETE: {
        role: 'manager',
        summary: 'Takes somebody out of a project, or an invitation back. What they made stays.',
        answers: { schema: member },
        answer: remove,
      },
    }),
  ]
}

interface Somebody {
  email: string
  role: MemberRole
  createdAt: number
}

function shown(saved: Result<Somebody>, status = 200): ApiAnswer {
  return saved.ok ? json(present(saved.value), status) : explained(saved.problem)
}

function present({ email, role, createdAt }: Somebody) {
  return { email, role, since: apiTime(createdAt) }
}

function invited({ email, role }: Invitation) {
  return { email, role, since: null }
}

function actorOf(user: Actor['user']): Actor {
  return { user, address: null }
}

function byEmail(one: { email: string }, other: { email: string }): number {
  return one.email < other.email ? -1 : 1
}
