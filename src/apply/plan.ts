import { planChannels } from './plan-channels'
import { planChecks } from './plan-checks'
import { planKeys, planMembers, planPingKey } from './plan-people'
import type { Site, Step } from './step'
import { ask } from './site'
import type { ProjectDocument, ProjectState } from './site'
import type { ProjectWish } from './wish'
import type { Mistake } from './yaml'

/** What has to be done for a project to be as the file says. */
export interface ProjectPlan {
  name: string
  owner: string
  steps: Step[]
}

export interface PlanOptions {
  /** Removes what is not in the file instead of leaving it. */
  prune: boolean
  nowAt: number
}

/**
 * From what is and what is wished. `mistakes` are added to when the file cannot be applied as it is.
 * Steps come in the order in which they have to be done.
 */
export function planProject(
  wish: ProjectWish,
  state: ProjectState | null,
  options: PlanOptions,
  mistakes: Mistake[],
): ProjectPlan {
  const now: ProjectState = state ?? { project: NEW, channels: [], keys: [], members: [], checks: [] }
  const context = { ...options, mistakes, isNew: state === null }
  const channels = planChannels(wish, now, context)
  const checks = planChecks(wish, now, { ...context, channels })
  const keys = planKeys(wish, now, context)
  const members = planMembers(wish, now, context)
  const all = [channels, keys, members, checks]
  return {
    name: wish.name,
    owner: wish.owner ?? now.project.owner,
    steps: [
      planWhole(wish, state),
      ...planPingKey(wish, now),
      ...all.flatMap(({ steps }) => steps),
      ...all.toReversed().flatMap(({ leftovers }) => leftovers),
    ],
  }
}

const NEW: ProjectDocument = { id: '', name: '', owner: '', ping_key: null }

function planWhole(wish: ProjectWish, state: ProjectState | null): Step {
  const what = `project ${wish.name}`
  if (state === null) {
    const owner = wish.owner === null ? {} : { owner: wish.owner }
    return {
      act: 'create',
      what,
      changes: [],
      run: async (site: Site) => {
        const made = await ask<ProjectDocument>(site.api, 'POST', 'projects/', { name: wish.name, ...owner })
        site.path = `projects/${made.id}/`
      },
    }
  }
  if (state.project.name === wish.name) return { act: 'same', what, changes: [] }
  return {
    act: 'change',
    what,
    changes: [{ field: 'name', from: state.project.name, to: wish.name }],
    run: async ({ api, path }) => {
      await ask(api, 'POST', path.slice(0, -1), { name: wish.name })
    },
  }
}
