import type { App } from '../../../app'
import { apiTime } from '../../../core/check-document'
import type { Result } from '../../../core/problem'
import type { Member } from '../../../store/members'
import { json } from '../route'
import type { ApiAnswer } from '../route'
import { accountRoute, explained, taking } from './route'
import type { AccountRoute, ProjectCall } from './route'
import { member, memberChange, memberToBe } from './schemas'

/** Who works in a project besides its owner: web-ui.md P06. */
export function memberRoutes({ store, actions }: Pick<App, 'store' | 'actions'>): AccountRoute[] {
  const { members } = actions
  return [
    accountRoute('projects/{project}/members/', {
      GET: {
        role: 'read-only',
        summary: 'Lists who works in a project besides its owner.',
        answers: { schema: { members: [member] } },
        answer: async ({ project }) =>
          json({ members: (await store.members.ofProject(project.id)).toSorted(byEmail).map(present) }),
      },
      POST: {
        role: 'manager',
        summary: 'Makes somebody who has an account a member.',
        answers: { status: 201, schema: member },
        ...taking(memberToBe, async ({ project }: ProjectCall, { email, role }) =>
          shown(await members.add(project, email, role), 201),
        ),
      },
    }),
    accountRoute('projects/{project}/members/{email}', {
      POST: {
        role: 'manager',
        summary: 'Gives a member another role.',
        answers: { schema: member },
        ...taking(memberChange, async ({ project, caller, parts }: ProjectCall, { role }) =>
          shown(await members.setRole(project, parts[0] ?? '', role, caller.user)),
        ),
      },
      DELETE: {
        role: 'manager',
        summary: 'Takes somebody out of a project. What they made stays.',
        answers: { schema: member },
        answer: async ({ project, caller, parts }) =>
          shown(await members.remove(project, parts[0] ?? '', caller.user)),
      },
    }),
  ]
}

function shown(saved: Result<Member>, status = 200): ApiAnswer {
  return saved.ok ? json(present(saved.value), status) : explained(saved.problem)
}

function present({ email, role, createdAt }: Member) {
  return { email, role, since: apiTime(createdAt) }
}

function byEmail(one: Member, other: Member): number {
  return one.email < other.email ? -1 : 1
}
