/** What a person may do in a project, least first: spec/web-ui.md §1.1. The owner is kept with the project. */
export const ROLES = ['read-only', 'member', 'manager', 'owner'] as const

export type Role = (typeof ROLES)[number]

/** A role that is given to somebody who does not own the project. */
export type MemberRole = Exclude<Role, 'owner'>

/** Whether a role includes another: each may do all that the ones before it may. */
export function reaches(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** As pages call them. */
export const ROLE_WORDS: Record<Role, string> = {
  'read-only': 'Read-only',
  member: 'Member',
  manager: 'Manager',
  owner: 'Owner',
}
