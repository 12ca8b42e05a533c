import { planProject } from './plan'
import type { PlanOptions, ProjectPlan } from './plan'
import { projectsOf, Refused, stateOf } from './site'
import type { Api, ProjectDocument } from './site'
import type { Site, Step } from './step'
import type { ProjectWish, Wish } from './wish'
import type { Mistake } from './yaml'

export interface Plan {
  projects: { plan: ProjectPlan; id: string | null }[]
  /** Projects of ours that the file does not name. They are never removed. */
  strangers: string[]
}

/** What has to be done for a site to be as a file says, or why it cannot be. Throws `Refused`. */
export async function makePlan(
  api: Api,
  wish: Wish,
  options: PlanOptions & { /** There is nobody whose project a new one could be. */ needsOwner: boolean },
): Promise<{ ok: true; plan: Plan } | { ok: false; mistakes: Mistake[] }> {
  const mistakes: Mistake[] = []
  const own = await projectsOf(api, null)
  const matched = new Set<string>()
  const projects: Plan['projects'] = []
  for (const each of wish.projects) {
    const known = each.owner === null ? own : await projectsOf(api, each.owner)
    const found = projectFor(each, known, mistakes)
    if (found !== null) matched.add(found.id)
    else if (options.needsOwner && each.owner === null) {
      mistakes.push({ line: each.line, message: `Say whose project ${each.name} will be: owner is missing.` })
    }
    const state = found === null ? null : await stateOf(api, found)
    projects.push({ plan: planProject(each, state, options, mistakes), id: found?.id ?? null })
  }
  if (mistakes.length > 0) {
    return { ok: false, mistakes: mistakes.toSorted((one, other) => one.line - other.line) }
  }
  const strangers = own.filter(({ id }) => !matched.has(id)).map(({ name, owner }) => `${name} (${owner})`)
  return { ok: true, plan: { projects, strangers } }
}

function projectFor(
  { id, name, owner, line }: ProjectWish,
  known: ProjectDocument[],
  mistakes: Mistake[],
): ProjectDocument | null {
  const byId = known.find((each) => each.id === id)
  if (byId) return byId
  const found = known.filter((each) => each.name === name && (owner === null || each.owner === owner))
  if (found.length > 1) {
    const message = `Several projects are called ${name}: tell which one is meant by its owner or its id.`
    mistakes.push({ line, message })
  }
  return found[0] ?? null
}

/** How far it came. */
export type Outcome =
  { ok: true; told: string[] } | { ok: false; told: string[]; at: Step; project: string; reason: string }

/** Does what a plan says, until something is refused. `told` has to be shown to whoever asked. */
export async function carryOut(api: Api, { projects }: Plan): Promise<Outcome> {
  const told: string[] = []
  for (const { plan, id } of projects) {
    const site: Site = { api, path: `projects/${id ?? ''}/`, channelIds: new Map(), hasNewChannels: false }
    for (const step of plan.steps) {
      try {
        const said = await step.run?.(site)
        if (typeof said === 'string') told.push(said)
      } catch (cause) {
        if (!(cause instanceof Refused)) throw cause
        return { ok: false, told, at: step, project: plan.name, reason: cause.message }
      }
    }
  }
  return { ok: true, told }
}

/** Whether there is anything to do. */
export function isDue({ projects }: Plan): boolean {
  const acts = projects.flatMap(({ plan }) => plan.steps.map(({ act }) => act))
  return acts.some((act) => act === 'create' || act === 'change' || act === 'remove')
}
