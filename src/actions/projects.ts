import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import type { User } from '../core/user'
import type { ProjectStore } from '../store/projects'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'

/** What people and scripts do with projects as a whole. */
export interface ProjectActions {
  /** A project with nothing in it. */
  add(owner: Pick<User, 'id'>, name: string): Promise<Result<Project>>
  rename(project: Project, name: string): Promise<Result<Project>>
  /** How many pings are kept for each of its checks. */
  setLogLimit(project: Project, limit: number): Promise<Result<null>>
  /** With everything in it; what is in object storage goes soon after. */
  remove(project: Project): Promise<Result<Project>>
}

export interface ProjectDeps {
  projects: Pick<ProjectStore, 'add' | 'rename' | 'remove' | 'setPingLogLimit'>
  /** Told of the code of a check that is gone. */
  onCheckRemoved: (checkCode: string) => void
  random: Pick<Random, 'uuid' | 'text'>
  clock: Clock
}

/** spec/web-ui.md P02, P04. */
const MOST_NAME = 60

const LEAST_LOG = 100
const MOST_LOG = 100_000

const BADGE_KEY_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const BADGE_KEY_LENGTH = 22

export function projectActions({ projects, onCheckRemoved, random, clock }: ProjectDeps): ProjectActions {
  return {
    async add(owner, name) {
      const valid = validName(name)
      if (!valid.ok) return valid
      const project = await projects.add({
        code: random.uuid(),
        name: valid.value,
        ownerId: owner.id,
        badgeKey: random.text(BADGE_KEY_LENGTH, BADGE_KEY_ALPHABET),
        createdAt: clock(),
      })
      return ok(project)
    },

    async rename(project, name) {
      const valid = validName(name)
      if (!valid.ok) return valid
      const renamed = await projects.rename(project.id, valid.value)
      return renamed ? ok(renamed) : gone()
    },

    async setLogLimit(project, limit) {
      if (!(limit >= LEAST_LOG && limit <= MOST_LOG)) {
        const message = `Between ${LEAST_LOG} and ${MOST_LOG} pings.`
        return fail('invalid', message, { fields: { limit: message } })
      }
      await projects.setPingLogLimit(project.id, limit)
      return ok(null)
    },

    async remove(project) {
      const removed = await projects.remove(project.id)
      if (removed === null) return gone()
      for (const code of removed.checkCodes) onCheckRemoved(code)
      return ok(project)
    },
  }
}

function validName(input: string): Result<string> {
  const name = input.trim()
  const message = nameProblem(name)
  return message === null ? ok(name) : fail('invalid', message, { fields: { name: message } })
}

/** What is wrong with a name that is trimmed; null when nothing is. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'Give the project a name.'
  if (Array.from(name).length > MOST_NAME) return `Name: at most ${MOST_NAME} characters.`
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  return /[\u0000-\u001f\u007f]/.test(name) ? 'Remove the control characters.' : null
}

function gone(): { ok: false; problem: Problem } {
  return fail('not_found', 'There is no such project any more.')
}
