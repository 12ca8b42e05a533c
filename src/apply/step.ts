import type { Api } from './site'
import type { ChannelWish } from './wish'
import type { Mistake } from './yaml'

/** One thing of a project: what becomes of it. */
export interface Step {
  /** 'leave': it is not in the file, and stays. */
  act: 'create' | 'change' | 'remove' | 'leave' | 'same'
  /** 'check Nightly backup' */
  what: string
  changes: Change[]
  /** Said besides. */
  note?: string
  /** Absent: nothing has to be done. Returns what has to be told to whoever applies, if anything. */
  run?: (site: Site) => Promise<string | void>
}

/** As it is shown: values that are secret are not in it. Null: there is none. */
export interface Change {
  field: string
  from: string | null
  to: string | null
}

/** A project while its plan is carried out. */
export interface Site {
  api: Api
  /** Of the project, with a slash at its end. */
  path: string
  /** Codes of the channels of the file. */
  channelIds: Map<ChannelWish, string>
  /** A new channel is switched on for all checks at once, wherever the file says otherwise. */
  hasNewChannels: boolean
}

export interface PlanContext {
  prune: boolean
  nowAt: number
  /** The project is not there yet. */
  isNew: boolean
  mistakes: Mistake[]
}

export interface Part {
  steps: Step[]
  /** About what is not in the file. */
  leftovers: Step[]
}

export const SECRET = '(secret)'

/** Pairs of what is wished and what is, by the first rule that fits; each is used once. */
export function pair<W, C>(
  wishes: readonly W[],
  current: readonly C[],
  rules: readonly ((wish: W, current: C) => boolean)[],
): { pairs: Map<W, C>; rest: C[] } {
  const pairs = new Map<W, C>()
  const free = new Set(current)
  for (const fits of rules) {
    for (const wish of wishes) {
      if (pairs.has(wish)) continue
      for (const candidate of free) {
        if (!fits(wish, candidate)) continue
        pairs.set(wish, candidate)
        free.delete(candidate)
        break
      }
    }
  }
  return { pairs, rest: [...free] }
}

/** What is not in the file: removed, or left and mentioned. */
export function leftover(prune: boolean, what: string, remove: (site: Site) => Promise<unknown>): Step {
  if (!prune) return { act: 'leave', what, changes: [] }
  return {
    act: 'remove',
    what,
    changes: [],
    run: async (site) => {
      await remove(site)
    },
  }
}
