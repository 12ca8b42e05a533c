import type { Request } from 'express'
import type { AddressStyle } from '../core/project'
import { BY_CONCERN } from './board'
import type { Listed, Snapshot } from './board'
import { PARAMETER } from './frame'
import { numberOf, valueOf, valuesOf } from './query'

/** What the address of a list asks for: web-ui.md §6.2. */
export interface ListFilter {
  /** Words of which each is to be found. */
  search: string
  /** Parameter values, of which one has to be true: new, paused, started, up, grace, down, unread. */
  statuses: string[]
  /** All of them have to be there. */
  tags: string[]
  /** Codes of projects, of which one has to be its own; in a list of one project that says nothing. */
  projects: string[]
  sort: Sort
  /** The address says how to sort; else it is as the person last wanted it. */
  isSortSaid: boolean
  page: number
  perPage: number
  /** Which ping addresses are shown, this once; '': as the project says. */
  urls: AddressStyle | ''
}

export const SORTS = ['name', 'last_ping', 'created', 'status', 'next', 'duration'] as const

export type SortKey = (typeof SORTS)[number]

/** With a minus: the other way round. */
export type Sort = SortKey | `-${SortKey}`

export const PAGE_SIZES = [50, 100, 200, 500]
export const USUAL_PAGE_SIZE = 200

const STYLES: readonly AddressStyle[] = ['uuid', 'slug']

const MAX_PAGE = 10_000
const MAX_SEARCH = 200

/** Not a status, but chosen among them. */
export const UNREAD = 'unread'

const STATUS_VALUES = new Set([...Object.values(PARAMETER), UNREAD])

/** What is not known is ignored. `usualSort`: as the person last wanted it. */
export function readFilter(request: Request, usualSort: string): ListFilter {
  const perPage = numberOf(request, 'per_page', 1, MAX_PAGE)
  const said = sortOf(valueOf(request, 'sort'))
  return {
    search: valueOf(request, 'search').slice(0, MAX_SEARCH).trim(),
    statuses: valuesOf(request, 'status').filter((value) => STATUS_VALUES.has(value)),
    tags: valuesOf(request, 'tag'),
    projects: valuesOf(request, 'project'),
    sort: said ?? sortOf(usualSort) ?? 'name',
    isSortSaid: said !== null,
    page: numberOf(request, 'page', 1, MAX_PAGE),
    perPage: PAGE_SIZES.includes(perPage) ? perPage : USUAL_PAGE_SIZE,
    urls: STYLES.find((style) => style === valueOf(request, 'urls')) ?? '',
  }
}

/** What `matching` needs of a filter as an address has it, without the question mark; 'all' finds all. */
export function readFilterText(text: string): Pick<ListFilter, 'search' | 'statuses' | 'tags' | 'projects'> {
  const query = new URLSearchParams(text === 'all' ? '' : text)
  return {
    search: (query.get('search') ?? '').slice(0, MAX_SEARCH).trim(),
    statuses: query.getAll('status').filter((value) => STATUS_VALUES.has(value)),
    tags: query.getAll('tag'),
    projects: query.getAll('project'),
  }
}

/** All that says which checks a list has and in which order, as an address has it. */
export function readListText(text: string, usualSort: string): ListFilter {
  const said = sortOf(new URLSearchParams(text).get('sort') ?? '')
  return {
    ...readFilterText(text),
    sort: said ?? sortOf(usualSort) ?? 'name',
    isSortSaid: said !== null,
    page: 1,
    perPage: USUAL_PAGE_SIZE,
    urls: '',
  }
}

/** A way to sort, or null when a text is none. */
export function sortOf(text: string): Sort | null {
  const key = text.replace(/^-/, '')
  return SORTS.some((each) => each === key) ? (text as Sort) : null
}

/** How much of a list a filter leaves out: 0 for all of it. */
export function countFilters({ search, statuses, tags, projects }: ListFilter): number {
  return Number(search !== '') + statuses.length + tags.length + projects.length
}

/** The filter as an address has it: '?tag=db&page=2', or '' when it asks for nothing. */
export function queryOf(filter: Partial<ListFilter>): string {
  const query = new URLSearchParams()
  if (filter.page !== undefined && filter.page > 1) query.set('page', String(filter.page))
  if (filter.search) query.set('search', filter.search)
  for (const status of filter.statuses ?? []) query.append('status', status)
  for (const tag of filter.tags ?? []) query.append('tag', tag)
  for (const project of filter.projects ?? []) query.append('project', project)
  if (filter.isSortSaid && filter.sort !== undefined) query.set('sort', filter.sort)
  if (filter.perPage !== undefined && filter.perPage !== USUAL_PAGE_SIZE) {
    query.set('per_page', String(filter.perPage))
  }
  if (filter.urls) query.set('urls', filter.urls)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** One page of what a filter finds. */
export interface ListPage {
  /** How many it finds in all. */
  found: number
  page: number
  pages: number
  rows: Listed[]
}

/** `downFirst`: what is down comes before the rest, in whatever order. A page beyond the end is the last one. */
export function pageOf(
  snapshot: Snapshot,
  filter: ListFilter,
  { downFirst }: { downFirst: boolean },
): ListPage {
  const ordered = inOrder(matching(snapshot, filter), filter.sort, downFirst)
  const pages = Math.max(1, Math.ceil(ordered.length / filter.perPage))
  const page = Math.min(filter.page, pages)
  const rows = pages === 1 ? ordered : ordered.slice((page - 1) * filter.perPage, page * filter.perPage)
  return { found: ordered.length, page, pages, rows }
}

/** The checks before and after one in a list, which it need not match any more; null where there is none. */
export function neighbours(
  snapshot: Snapshot,
  filter: ListFilter,
  { downFirst }: { downFirst: boolean },
  checkId: number,
): { previous: Listed | null; next: Listed | null } {
  const found = new Set(matching(snapshot, filter))
  const some = snapshot.all.filter((each) => found.has(each) || each.check.id === checkId)
  const ordered = inOrder(some, filter.sort, downFirst)
  const at = ordered.findIndex(({ check }) => check.id === checkId)
  return { previous: ordered[at - 1] ?? null, next: at === -1 ? null : (ordered[at + 1] ?? null) }
}

function inOrder(found: Listed[], sort: Sort, downFirst: boolean): Listed[] {
  sortBy(found, sort)
  return downFirst ? putDownFirst(found) : found
}

/** All that a filter finds, by name. */
export function matching(
  { all, codes }: Pick<Snapshot, 'all' | 'codes'>,
  { search, statuses, tags, projects }: Pick<ListFilter, 'search' | 'statuses' | 'tags' | 'projects'>,
): Listed[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return all.filter(
    (each) =>
      words.every((word) => each.text.includes(word)) &&
      tags.every((tag) => each.tags.includes(tag)) &&
      (statuses.length === 0 || hasStatus(each, statuses)) &&
      (projects.length === 0 ||
        codes === undefined ||
        projects.includes(codes.get(each.check.projectId) ?? '')),
  )
}

function hasStatus({ check, status, unread }: Listed, statuses: string[]): boolean {
  if (unread > 0 && statuses.includes(UNREAD)) return true
  if (check.openRun !== null && statuses.includes(PARAMETER.running)) return true
  return statuses.includes(PARAMETER[status])
}

/** They come by name, and what is equal stays so. What has no value is last, whichever way round. */
function sortBy(rows: Listed[], sort: Sort): void {
  const isReversed = sort.startsWith('-')
  const key = sort.replace(/^-/, '') as SortKey
  if (key === 'name') {
    if (isReversed) rows.reverse()
    return
  }
  const valueOf = VALUES[key]
  rows.sort((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return isReversed ? other - one : one - other
  })
}

const VALUES: Record<Exclude<SortKey, 'name'>, (row: Listed) => number | null> = {
  last_ping: ({ check }) => check.lastPingAt,
  created: ({ check }) => check.createdAt,
  status: ({ status }) => BY_CONCERN.indexOf(status),
  next: ({ check, dueAt }) => (check.status === 'new' || check.status === 'paused' ? null : dueAt),
  duration: ({ check }) => check.lastDurationMs,
}

function putDownFirst(rows: Listed[]): Listed[] {
  const down = rows.filter(({ status }) => status === 'down')
  return down.length === 0 ? rows : [...down, ...rows.filter(({ status }) => status !== 'down')]
}
