import { pause, reschedule, resume } from '../core/check'
import type { Check, Outcome } from '../core/check'
import type { Channel } from '../core/channel'
import type { Project } from '../core/project'
import type { CheckStore } from '../store/checks'
import type { SwitchStore } from '../store/switches'
import type { Clock } from '../world/clock'
import type { CheckMoveActions } from './check-moves'
import type { CheckActions } from './checks'
import { MAX_TAGS, spareOf } from './check-input'

/** Checks that are changed in one transaction: bounds how long pings wait behind it. */
export const AT_ONCE = 100

/** What is done with many checks at once: spec/web-ui.md §6.4. */
export type BulkOrder =
  | { do: 'pause' | 'resume' }
  | { do: 'remove' }
  | { do: 'add_tag' | 'remove_tag'; tag: string }
  | { do: 'channel'; channel: Channel; on: boolean }
  | { do: 'grace'; graceMs: number }
  | { do: 'transfer'; to: Project }

/** How many were changed, how many were so already, and how many could not be: gone meanwhile, or no room. */
export interface BulkResult {
  done: number
  already: number
  failed: number
}

export interface BulkActions {
  /** The checks are of one project. Each hundred wholly or not at all. */
  run(checks: readonly Check[], order: BulkOrder): Promise<BulkResult>
}

export interface BulkDeps {
  checks: Pick<CheckStore, 'changeMany'>
  switches: Pick<SwitchStore, 'setMany'>
  others: Pick<CheckActions, 'removeMany'> & Pick<CheckMoveActions, 'transfer'>
  clock: Clock
}

export function bulkActions({ checks, switches, others, clock }: BulkDeps): BulkActions {
  return {
    async run(chosen, order) {
      const sum: BulkResult = { done: 0, already: 0, failed: 0 }
      for (let from = 0; from < chosen.length; from += AT_ONCE) {
        const some = await part(chosen.slice(from, from + AT_ONCE), order)
        sum.done += some.done
        sum.already += some.already
        sum.failed += some.failed
      }
      return sum
    },
  }

  async function part(some: readonly Check[], order: BulkOrder): Promise<BulkResult> {
    switch (order.do) {
      case 'remove': {
        const done = await others.removeMany(some)
        return { done, already: 0, failed: some.length - done }
      }
      case 'transfer': {
        const moving = some.filter(({ projectId }) => projectId !== order.to.id)
        let done = 0
        for (const check of moving) if ((await others.transfer(check, order.to)).ok) done++
        return { done, already: some.length - moving.length, failed: moving.length - done }
      }
      case 'channel': {
        const ids = some.map(({ id }) => id)
        const done = await switches.setMany(ids, order.channel.id, order.on)
        return { done, already: some.length - done, failed: 0 }
      }
      case 'pause':
      case 'resume':
      case 'add_tag':
      case 'remove_tag':
      case 'grace':
        return await change(some, order)
    }
  }

  async function change(some: readonly Check[], order: CheckOrder): Promise<BulkResult> {
    const nowAt = clock()
    let done = 0
    let failed = 0
    const ids = some.map(({ id }) => id)
    const found = await checks.changeMany(ids, (check) => {
      const outcome = decide(check, order, nowAt)
      if (outcome === 'no room') failed++
      else if (outcome !== null) done++
      return typeof outcome === 'object' && outcome !== null ? outcome : { check, flip: null }
    })
    return {
      done,
      already: found.length - done - failed,
      failed: failed + some.length - found.length,
    }
  }
}

type CheckOrder = Extract<BulkOrder, { do: 'pause' | 'resume' | 'add_tag' | 'remove_tag' | 'grace' }>

/** What becomes of one check; null: it is so already. */
export function decide(check: Check, order: CheckOrder, nowAt: number): Outcome | 'no room' | null {
  const tags = check.tags.split(' ').filter((tag) => tag !== '')
  switch (order.do) {
    case 'pause':
      return check.status === 'paused' ? null : pause(check, nowAt)
    case 'resume':
      return check.status === 'paused' ? resume(check, nowAt) : null
    case 'add_tag': {
      if (tags.includes(order.tag)) return null
      const longer = [...tags, order.tag].join(' ')
      return longer.length > MAX_TAGS ? 'no room' : { check: { ...check, tags: longer }, flip: null }
    }
    case 'remove_tag': {
      if (!tags.includes(order.tag)) return null
      const fewer = tags.filter((tag) => tag !== order.tag).join(' ')
      return { check: { ...check, tags: fewer }, flip: null }
    }
    case 'grace':
      if (check.graceMs === order.graceMs) return null
      return reschedule({ ...check, spare: spareOf(check) }, check.schedule, order.graceMs, nowAt)
  }
}
