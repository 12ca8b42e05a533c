import { reaches } from '../core/role'
import { DAY, SECOND } from '../core/time'
import type { BulkJob, BulkJobStore } from '../store/bulk-jobs'
import type { ChannelStore } from '../store/channels'
import type { CheckStore } from '../store/checks'
import type { ProjectStore } from '../store/projects'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Random } from '../world/random'
import { AT_ONCE } from './bulk'
import type { BulkActions, BulkOrder, BulkResult } from './bulk'

/** Whoever works on a job is given up after so long without having come any further. */
const HELD_MS = 30 * SECOND

/** Jobs that nobody looked at any more. */
const FORGOTTEN_MS = DAY

/**
 * What is done with more checks than one request can wait for. It is kept before it begins, and so is every step: when
 * the process ends in the middle, it goes on as soon as somebody looks at its page, at the hundred at which it was;
 * what was done to those already is found to be so.
 */
export interface BulkJobActions {
  /** Begins it. The code of the job. */
  start(by: { userId: number; back: string }, checkIds: readonly number[], order: BulkOrder): Promise<string>
  /** How far it is; goes on with it where nobody does. Null: this person has no such job. */
  look(code: string, userId: number): Promise<BulkJob | null>
  /** It is done, and was looked at. */
  finish(code: string): Promise<void>
}

export interface BulkJobDeps {
  bulkJobs: BulkJobStore
  bulk: Pick<BulkActions, 'run'>
  checks: Pick<CheckStore, 'findAll'>
  channels: Pick<ChannelStore, 'find'>
  projects: Pick<ProjectStore, 'findByCode' | 'withRoles'>
  random: Random
  clock: Clock
  log: Log
}

export function bulkJobActions(deps: BulkJobDeps): BulkJobActions {
  const { bulkJobs, bulk, checks, projects, random, clock, log } = deps
  const working = new Set<string>()

  /** One hundred after the other, with room for others in between. */
  async function work(code: string): Promise<void> {
    if (working.has(code)) return
    working.add(code)
    try {
      while (await step(code)) await new Promise((resolve) => setImmediate(resolve))
    } catch (error) {
      log.warn('a change of many checks stopped; it goes on when its page is opened', {
        cause: String(error),
      })
    } finally {
      working.delete(code)
    }
  }

  /** False: there is no more to do, or somebody else does it. */
  async function step(code: string): Promise<boolean> {
    const nowAt = clock()
    const claimed = await bulkJobs.claim(code, { nowAt, untilAt: nowAt + HELD_MS, most: AT_ONCE })
    if (claimed === null) return false
    const { job, checkIds } = claimed
    const order = await orderOf(job.wanted)
    const result = order === null ? NOTHING : await carryOut(job, checkIds, order)
    const rest = checkIds.length - result.done - result.already
    await bulkJobs.advance(code, { count: checkIds.length, ...result, failed: rest })
    return true
  }

  /** Whoever has lost a role meanwhile changes nothing any more. */
  async function carryOut(job: BulkJob, checkIds: number[], order: BulkOrder): Promise<BulkResult> {
    const reached = await projects.withRoles(job.userId)
    const open = new Set(
      reached.filter(({ role }) => reaches(role, 'member')).map(({ project }) => project.id),
    )
    if (order.do === 'transfer' && !open.has(order.to.id)) return NOTHING
    const found = await checks.findAll(checkIds)
    return await bulk.run(
      found.filter(({ projectId }) => open.has(projectId)),
      order,
    )
  }

  async function orderOf(wanted: string): Promise<BulkOrder | null> {
    const kept = JSON.parse(wanted) as KeptOrder
    switch (kept.do) {
      case 'channel': {
        const channel = await deps.channels.find(kept.channel)
        return channel && { do: 'channel', channel, on: kept.on }
      }
      case 'transfer': {
        const to = await projects.findByCode(kept.to)
        return to && { do: 'transfer', to }
      }
      case 'pause':
      case 'resume':
      case 'remove':
      case 'add_tag':
      case 'remove_tag':
      case 'grace':
        return kept
    }
  }

  return {
    async start({ userId, back }, checkIds, order) {
      const code = random.uuid()
      const createdAt = clock()
      const wanted = JSON.stringify(keptOrder(order))
      await bulkJobs.add({ code, userId, wanted, back, checkIds, createdAt }, createdAt - FORGOTTEN_MS)
      void work(code)
      return code
    },

    async look(code, userId) {
      const job = await bulkJobs.find(code)
      if (job === null || job.userId !== userId) return null
      if (job.position < job.total) void work(code)
      return job
    },

    finish: (code) => bulkJobs.remove(code),
  }
}

const NOTHING: BulkResult = { done: 0, already: 0, failed: 0 }

/** An order without what may have changed until it is carried out. */
type KeptOrder =
  | Exclude<BulkOrder, { do: 'channel' | 'transfer' }>
  | { do: 'channel'; channel: string; on: boolean }
  | { do: 'transfer'; to: string }

function keptOrder(order: BulkOrder): KeptOrder {
  switch (order.do) {
    case 'channel':
      return { ...order, channel: order.channel.code }
    case 'transfer':
      return { ...order, to: order.to.code }
    case 'pause':
    case 'resume':
    case 'remove':
    case 'add_tag':
    case 'remove_tag':
    case 'grace':
      return order
  }
}

/** What is being done, for those who only say so. */
export function doneBy({ wanted }: Pick<BulkJob, 'wanted'>): BulkOrder['do'] {
  return (JSON.parse(wanted) as KeptOrder).do
}
