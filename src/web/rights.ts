import type { Project } from '../core/project'
import { reaches } from '../core/role'
import type { Reached } from '../store/projects'

/** A project, and whether whoever looks may change its checks. */
export interface Right {
  project: Project
  canEdit: boolean
}

/** Somebody's projects as lists of checks need them, always in the same order: who reads the same gets the same. */
export function rightsOf(reached: readonly Reached[]): Right[] {
  return reached
    .map(({ project, role }) => ({ project, canEdit: reaches(role, 'member') }))
    .sort((one, other) => one.project.id - other.project.id)
}
