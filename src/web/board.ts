import { expectedAt, shownStatus } from '../core/check'
import type { Check, ShownStatus } from '../core/check'
import { Recent } from '../core/recent'
import type { Schedule } from '../core/schedule'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { naturalKey } from '../core/words'
import type { Store } from '../store'
import type { CheckStore } from '../store/checks'
import type { Clock } from '../world/clock'
import { evaluated, tagsOf } from './show'
import type { Counts } from './views'

/** However many people look at a project, it is read for them once in this time: web-ui.md §2.5. */
const READ_EVERY_MS = SECOND

/** Projects that are looked at, at most twice as many; of others the last reading is forgotten. */
const PROJECTS = 50

/** A check as lists need it, with what costs time to work out. */
export interface Listed {
  check: Check
  status: ShownStatus
  /** When the next success is expected, or null. */
  dueAt: Instant | null
  tags: string[]
  /** What a search looks into, in lower case. */
  text: string
  /** How much of what happened to it one person has not seen; 0 while nobody in particular looks. */
  unread: number
  /** Sorts as names do. */
  nameKey: string
}

/** How many checks have a tag, and how many of those are down; which of their statuses is the worst. */
export interface TagSum {
  tag: string
  worst: ShownStatus
  total: number
  down: number
}

/** All checks of a project at one moment, by name. */
export interface Snapshot {
  at: Instant
  all: Listed[]
  counts: Counts
  /** How many have something that the person who looks has not seen. */
  unread: number
  /** By name. */
  tags: TagSum[]
  /** Codes of projects by their ids, where checks of several are together. */
  codes?: ReadonlyMap<number, string>
}

/** Several projects put together, and each alone by its id. */
export interface Overview extends Snapshot {
  byProject: ReadonlyMap<number, Snapshot>
}

/** What the checks of projects are doing, for lists and for the scripts that ask again and again. */
export interface Board {
  /** As it is now: for a page, which shows what was just done. */
  now(projectId: number): Promise<Snapshot>
  /** As it was at most a second ago. */
  lately(projectId: number): Promise<Snapshot>
  /** The same of several projects. */
  nowOf(projectIds: readonly number[]): Promise<Overview>
  latelyOf(projectIds: readonly number[]): Promise<Overview>
}

export interface BoardDeps {
  checks: Pick<CheckStore, 'ofProject' | 'ofProjects'>
  clock: Clock
}

const boards = new WeakMap<Store, Board>()

/** The one that all pages share. */
export function boardOf({ store, clock }: { store: Store; clock: Clock }): Board {
  let known = boards.get(store)
  if (known === undefined) boards.set(store, (known = board({ ...store, clock })))
  return known
}

export function board({ checks, clock }: BoardDeps): Board {
  const last = new Recent<Snapshot>(PROJECTS)
  const together = new Recent<Overview>(PROJECTS)
  const reading = new Map<string, Promise<unknown>>()

  function keep(projectId: number, found: Check[], nowAt: Instant): Snapshot {
    const snapshot = snapshotOf(found, nowAt, last.get(String(projectId)))
    last.set(String(projectId), snapshot)
    return snapshot
  }

  function recent(projectId: number): Snapshot | undefined {
    const known = last.get(String(projectId))
    return known !== undefined && Math.abs(clock() - known.at) < READ_EVERY_MS ? known : undefined
  }

  /** Whoever asks while it is being read waits for the same reading. */
  async function once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const begun = reading.get(key)
    if (begun !== undefined) return (await begun) as T
    const begins = read().finally(() => reading.delete(key))
    reading.set(key, begins)
    return await begins
  }

  /** As it was before, if none of its parts is another: what hangs on it need not be worked out again. */
  function overview(byProject: ReadonlyMap<number, Snapshot>): Overview {
    const key = [...byProject.keys()].join()
    const before = together.get(key)
    const isSame = before && [...byProject].every(([id, part]) => before.byProject.get(id) === part)
    if (isSame) return before
    const whole = overviewOf(byProject, clock())
    together.set(key, whole)
    return whole
  }

  async function read(projectIds: readonly number[]): Promise<Map<number, Snapshot>> {
    if (projectIds.length === 0) return new Map()
    const found = Map.groupBy(await checks.ofProjects(projectIds), ({ projectId }) => projectId)
    const nowAt = clock()
    return new Map(projectIds.map((id) => [id, keep(id, found.get(id) ?? [], nowAt)]))
  }

  async function now(projectId: number): Promise<Snapshot> {
    return keep(projectId, await checks.ofProject(projectId), clock())
  }

  return {
    now,

    lately: async (projectId) => recent(projectId) ?? (await once(String(projectId), () => now(projectId))),

    nowOf: async (projectIds) => overview(await read(projectIds)),

    async latelyOf(projectIds) {
      const parts = projectIds.map((id) => [id, recent(id)] as const)
      const old = parts.flatMap(([id, part]) => (part === undefined ? [id] : []))
      const fresh = await once(`of ${old.join()}`, () => read(old))
      return overview(
        new Map(
          parts.flatMap(([id, known]) => {
            const part = known ?? fresh.get(id)
            return part === undefined ? [] : [[id, part]]
          }),
        ),
      )
    },
  }
}

/** All of them by name, with the sums of all. */
function overviewOf(byProject: ReadonlyMap<number, Snapshot>, nowAt: Instant): Overview {
  const parts = [...byProject.values()]
  // Each is in order already, which sorting them together makes use of.
  const all = parts.flatMap((part) => part.all).sort(byNameKey)
  const at = parts.reduce((earliest, part) => Math.min(earliest, part.at), nowAt)
  return { at, all, unread: 0, ...sumsOf(all), byProject }
}

/** `before`: an earlier one, of which what is still true need not be worked out again. */
export function snapshotOf(checks: Check[], nowAt: Instant, before?: Snapshot): Snapshot {
  const known = new Map(before?.all.map((each, i) => [each.check.id, { each, i }]))
  // In the order of before: sorting what is sorted already takes one look at each.
  const placed = checks.toSorted((a, b) => (known.get(a.id)?.i ?? 0) - (known.get(b.id)?.i ?? 0))
  const all = placed.map((check) => listed(check, nowAt, known.get(check.id)?.each)).sort(byNameKey)
  return { at: nowAt, all, unread: 0, ...sumsOf(all) }
}

function byNameKey(a: Listed, b: Listed): number {
  return a.nameKey < b.nameKey ? -1 : a.nameKey > b.nameKey ? 1 : a.check.id - b.check.id
}

/** The same as one person sees it: `unread` has how much they have not seen, by id of the check. */
export function seenBy<T extends Snapshot>(unread: ReadonlyMap<number, number>, snapshot: T): T {
  if (unread.size === 0) return snapshot
  const all = snapshot.all.map((each) => {
    const news = unread.get(each.check.id)
    return news === undefined ? each : { ...each, unread: news }
  })
  return { ...snapshot, all, unread: all.filter((each) => each.unread > 0).length }
}

function listed(check: Check, nowAt: Instant, before: Listed | undefined): Listed {
  const isSameTime =
    before !== undefined &&
    before.check.lastPingAt === check.lastPingAt &&
    sameSchedule(before.check.schedule, check.schedule)
  const dueAt = isSameTime ? before.dueAt : evaluated(() => expectedAt(check))
  const status = evaluated(() => shownStatus(check, nowAt, dueAt)) ?? check.status
  const isSameText =
    before !== undefined &&
    before.check.name === check.name &&
    before.check.tags === check.tags &&
    before.check.slug === check.slug
  if (isSameText) {
    const { tags, text, nameKey } = before
    return { check, status, dueAt, tags, text, nameKey, unread: 0 }
  }
  const tags = tagsOf(check)
  const text = [check.name, check.slug, check.code, check.tags].join('\n').toLowerCase()
  return { check, status, dueAt, tags, text, nameKey: naturalKey(check.name), unread: 0 }
}

function sameSchedule(a: Schedule, b: Schedule): boolean {
  if (a.kind === 'period' || b.kind === 'period') {
    return a.kind === 'period' && b.kind === 'period' && a.periodMs === b.periodMs
  }
  return a.kind === b.kind && a.expression === b.expression && a.tz === b.tz
}

/** The worst first. */
export const BY_CONCERN: readonly ShownStatus[] = ['down', 'late', 'up', 'new', 'paused']

function sumsOf(all: readonly Listed[]): Pick<Snapshot, 'counts' | 'tags'> {
  const counts: Counts = { new: 0, up: 0, late: 0, down: 0, paused: 0, running: 0 }
  const sums = new Map<string, TagSum>()
  for (const { check, status, tags } of all) {
    counts[status]++
    if (check.openRun !== null) counts.running++
    for (const tag of tags) {
      const sum = sums.get(tag) ?? { tag, worst: 'paused', total: 0, down: 0 }
      sum.total++
      if (status === 'down') sum.down++
      if (BY_CONCERN.indexOf(status) < BY_CONCERN.indexOf(sum.worst)) sum.worst = status
      sums.set(tag, sum)
    }
  }
  const keyed = [...sums.values()].map((sum) => ({ sum, key: naturalKey(sum.tag) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return { counts, tags: keyed.map(({ sum }) => sum) }
}
