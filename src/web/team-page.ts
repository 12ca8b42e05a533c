import { count } from '../core/words'
import type { Problem } from '../core/problem'
import type { Project } from '../core/project'
import { reaches, ROLE_WORDS } from '../core/role'
import type { MemberRole, Role } from '../core/role'
import type { Invitation } from '../store/invitations'
import type { TeamMember } from '../store/team'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { Paths } from './paths'
import { projectTabs } from './project-tabs'
import { fixedMoment, inZone, moment } from './show'
import type { TeamPage } from './team-models'

export interface TeamSource {
  project: Project
  people: TeamMember[]
  invitations: Invitation[]
  /** Addresses of people that the visitor may want to invite. */
  suggestions: string[]
  visitor: { id: number; tz: string }
  role: Role
  asAdministrator: boolean
  canMail: boolean
  form: Form
  problem: Problem | null
  fresh: TeamPage['fresh']
  paths: Paths
}

const ROLE_TEXTS: Record<MemberRole, string> = {
  'read-only': 'looks at checks, logs and integrations, and changes nothing; never sees keys',
  member: 'makes, edits and removes checks, integrations and keys',
  manager: 'does the same, and invites, removes and re-roles others',
}

const MEMBER_ROLES = Object.keys(ROLE_TEXTS) as MemberRole[]

/** Who works in a project: P06 of web-ui.md. */
export function teamPage(source: TeamSource): TeamPage {
  const { project, people, invitations, visitor, role, asAdministrator, form, problem, paths } = source
  const manages = reaches(role, 'manager')
  const seesSecondSteps = role === 'owner' || asAdministrator
  return {
    tabs: projectTabs(project, role, 'team', paths),
    projectName: project.name,
    tz: visitor.tz,
    people: people.map((person) => {
      const isYou = person.userId === visitor.id
      const isFixed = person.role === 'owner' || isYou || !manages
      return {
        email: person.email,
        role: ROLE_WORDS[person.role],
        isYou,
        since: moment(person.createdAt, visitor.tz),
        active: manages ? activityOf(person, visitor.tz) : null,
        secondStep: seesSecondSteps ? (person.hasSecondStep ? 'on' : 'off') : null,
        change: isFixed
          ? null
          : {
              action: paths.teamMember(project.code, person.userId, 'role'),
              roles: MEMBER_ROLES.map((value) => ({
                value,
                label: ROLE_WORDS[value],
                chosen: value === person.role,
              })),
            },
        removeUrl: isFixed ? null : paths.teamMember(project.code, person.userId, 'remove'),
      }
    }),
    showsActivity: manages,
    showsSecondStep: seesSecondSteps,
    showsActions: manages,
    invite: manages ? inviteForm(source, form, problem) : null,
    invitations: manages ? invitations.map((each) => invitationRow(each, source)) : [],
    fresh: source.fresh,
    leaveUrl: role === 'owner' || asAdministrator ? null : paths.project(project.code, 'leave'),
  }
}

function inviteForm(
  { project, suggestions, canMail, paths }: TeamSource,
  form: Form,
  problem: Problem | null,
): TeamPage['invite'] {
  const team = paths.team(project.code)
  const role = MEMBER_ROLES.find((each) => each === form['role']) ?? 'member'
  return {
    action: team,
    errors: summaryOf(problem),
    email: field({
      name: 'email',
      label: 'E-mail',
      type: 'email',
      value: form['email'] ?? '',
      error: problem?.fields?.['email'] ?? '',
      required: true,
      maxLength: 254,
    }),
    roles: MEMBER_ROLES.map((value) => ({
      value,
      label: ROLE_WORDS[value],
      text: ROLE_TEXTS[value],
      chosen: value === role,
    })),
    roleError: problem?.fields?.['role'] ?? '',
    suggestions: suggestions.map((email) => ({
      email,
      url: `${team}?email=${encodeURIComponent(email)}#invite`,
    })),
    how: canMail
      ? 'They get a link by mail, good for seven days. Nothing changes until they accept.'
      : 'This instance cannot send mails: you get a link to send yourself, good for seven days.',
  }
}

function invitationRow(
  { code, email, role, invitedBy, expiresAt }: Invitation,
  { project, visitor, canMail, paths }: TeamSource,
): TeamPage['invitations'][number] {
  return {
    email,
    role: ROLE_WORDS[role],
    invitedBy,
    expires: fixedMoment(expiresAt, visitor.tz),
    resendUrl: canMail ? paths.invitation(project.code, code, 'resend') : null,
    linkUrl: paths.invitation(project.code, code, 'link'),
    revokeUrl: paths.invitation(project.code, code, 'revoke'),
  }
}

/** A day is enough to see who is still around. */
function activityOf({ seenAt }: TeamMember, tz: string): string {
  return seenAt === null ? 'not signed in' : inZone(seenAt, tz).slice(0, 10)
}

/** '3 checks, 1 integration': what else goes with something. */
export function listed(parts: readonly (readonly [number, string])[]): string {
  const named = parts.filter(([n]) => n > 0).map(([n, noun]) => count(n, noun))
  return named.length === 0 ? 'nothing' : named.join(', ')
}
