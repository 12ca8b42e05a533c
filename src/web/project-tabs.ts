import type { Project } from '../core/project'
import { reaches } from '../core/role'
import type { Role } from '../core/role'
import type { Paths } from './paths'
import type { Tab } from './team-models'

/** The parts of a project's settings that a role may see: web-ui.md §2.1. */
export function projectTabs(
  project: Pick<Project, 'code'>,
  role: Role,
  current: 'general' | 'keys' | 'team' | null,
  paths: Paths,
): Tab[] {
  const tabs = [
    { key: 'general', text: 'General', url: paths.project(project.code, 'settings') },
    { key: 'keys', text: 'Keys', url: paths.keys(project.code) },
    { key: 'team', text: 'Team', url: paths.team(project.code) },
  ]
  return tabs
    .filter(({ key }) => key !== 'keys' || reaches(role, 'member'))
    .map(({ key, text, url }) => ({ text, url, current: key === current }))
}
