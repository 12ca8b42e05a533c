import type { ShownStatus } from '../core/check'
import type { Project } from '../core/project'
import { compareNames, count } from '../core/words'
import { withBack } from './back'
import type { Snapshot } from './board'
import { bulkChoices } from './bulk-actions'
import { PARAMETER } from './frame'
import { countFilters, PAGE_SIZES, queryOf, UNREAD } from './list-filter'
import type { ListFilter, ListPage, Sort, SortKey } from './list-filter'
import type { ChecksPage, Chosen } from './list-models'
import { checkRow, rowSource } from './list-rows'
import { listPlace } from './list-source'
import type { ListSource } from './list-source'
import type { Paths } from './paths'
import { mark } from './show'
import type { Pager } from './view-parts'

const CHOICES: { shape: ShownStatus | 'running'; label: string }[] = [
  { shape: 'down', label: 'Down' },
  { shape: 'late', label: 'Late' },
  { shape: 'up', label: 'Up' },
  { shape: 'running', label: 'Running' },
  { shape: 'new', label: 'New' },
  { shape: 'paused', label: 'Paused' },
]

const COLUMNS: { key: SortKey; label: string }[] = [
  { key: 'status', label: 'Status' },
  { key: 'name', label: 'Check' },
  { key: 'next', label: 'Next due' },
  { key: 'last_ping', label: 'Last ping' },
]

const LEGEND: ShownStatus[] = ['up', 'late', 'down', 'new', 'paused']

/** The list of a project's checks, or of all that somebody can see: web-ui.md §6, P03. */
export function checksPage(source: ListSource): ChecksPage {
  const { snapshot, filter, page, project, listings, limit, changeable, paths } = source
  const { heading, url, statusUrl, bulkUrl, markReadUrl } = listPlace(project, paths)
  const total = snapshot.all.length
  const { sort, isSortSaid, perPage, urls } = filter
  const kept = { sort, isSortSaid, perPage, urls }
  const here = queryOf({ ...filter, page: page.page })
  const shared = rowSource(source)
  const active = countFilters(filter)
  const rows = page.rows.map((each) => checkRow(each, shared))
  const changeableHere = rows.filter(({ canEdit }) => canEdit).length
  const own = project && listings.get(project.id)
  return {
    heading,
    isOfAll: project === null,
    addUrl: project
      ? withBack(paths.addCheck(project.code) + queryOf({ tags: filter.tags }), url + here)
      : '',
    url,
    markReadUrl,
    exportUrl: withExport(url + queryOf({ ...filter, page: 1 })),
    back: url + here,
    canEdit: own ? own.canEdit : [...listings.values()].some(({ canEdit }) => canEdit),
    poll: {
      url: statusUrl + queryOf({ ...filter, page: page.page, isSortSaid: true }),
      ...source.poll,
    },
    filter: {
      search: filter.search,
      active,
      statuses: statusChoices(snapshot, filter),
      tags: tagChoices(snapshot, filter),
      projects: project === null ? projectChoices(source) : [],
      kept: Object.entries(keptOf(kept)).map(([name, value]) => ({ name, value })),
      clearUrl: url + queryOf(kept),
    },
    columns: COLUMNS.map(({ key, label }) => ({
      key,
      label,
      url: url + queryOf({ ...filter, page: 1, sort: turned(sort, key), isSortSaid: true }),
      sorted: sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : '',
    })),
    rows,
    total,
    found: page.found,
    shownText: active > 0 ? `${page.found} of ${count(total, 'check')}` : count(total, 'check'),
    tz: source.tz,
    noChannels: own && own.channels.length === 0 ? { addUrl: paths.addChannel(own.project.code) } : null,
    limit: limit && limit.used >= limit.most ? `Limit of ${limit.most} checks reached.` : null,
    overLimit:
      limit && limit.used > limit.most
        ? `${limit.used} of ${limit.most} checks are in use: none can be added.`
        : null,
    addressStyle: project && styleSwitch(project, paths),
    jobUrl: source.bulkJob === null ? '' : paths.bulkJob(source.bulkJob),
    bulk: {
      url: bulkUrl,
      matching:
        changeable > changeableHere
          ? { found: changeable, query: queryOf({ ...filter, page: 1 }).slice(1) }
          : null,
      actions: bulkChoices,
    },
    pager: page.pages === 1 ? null : pager(url, filter, page),
    pageSizes: PAGE_SIZES.map((size) => ({
      size,
      url: url + queryOf({ ...filter, page: 1, perPage: size }),
      current: size === filter.perPage,
    })),
    legend: LEGEND.map((shape) => mark(shape)),
  }
}

function styleSwitch(project: Project, paths: Paths): ChecksPage['addressStyle'] {
  const url = paths.addressStyle(project.code)
  return project.addressStyle === 'uuid'
    ? { url, other: 'slug', label: 'Show slugs', text: 'Ping addresses by UUID' }
    : { url, other: 'uuid', label: 'Show UUIDs', text: 'Ping addresses by slug' }
}

function statusChoices(
  { counts, unread }: Snapshot,
  { statuses }: ListFilter,
): ChecksPage['filter']['statuses'] {
  const choices: ChecksPage['filter']['statuses'] = CHOICES.map(({ shape, label }) => {
    const value = PARAMETER[shape]
    return { value, label, shape, count: counts[shape], on: statuses.includes(value) }
  })
  const isUnread = statuses.includes(UNREAD)
  choices.push({ value: UNREAD, label: 'Unread', shape: 'unread', count: unread, on: isUnread })
  return choices.filter(({ count: found, on }) => found > 0 || on)
}

function tagChoices(snapshot: Snapshot, { tags }: ListFilter): ChecksPage['filter']['tags'] {
  return snapshot.tags.map(({ tag, worst, total, down }) => ({
    value: tag,
    label: tag,
    on: tags.includes(tag),
    down,
    total,
    mark: worst === 'down' || worst === 'late' ? worst : '',
  }))
}

/** The projects that have checks, by name. */
function projectChoices({ listings, snapshot, filter }: ListSource): Chosen[] {
  const all = Map.groupBy(snapshot.all, ({ check }) => check.projectId)
  return [...listings.values()]
    .toSorted((one, other) => compareNames(one.project.name, other.project.name))
    .flatMap(({ project }) => {
      const statuses = (all.get(project.id) ?? []).map(({ status }) => status)
      const down = statuses.filter((status) => status === 'down').length
      const on = filter.projects.includes(project.code)
      const worst = down > 0 ? 'down' : statuses.includes('late') ? 'late' : ''
      const choice: Chosen = {
        value: project.code,
        label: project.name || 'unnamed',
        on,
        down,
        total: statuses.length,
        mark: worst,
      }
      return statuses.length > 0 || on ? [choice] : []
    })
}

function withExport(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}export=csv`
}

/** The parameters that a form keeps besides its own. */
function keptOf(kept: Partial<ListFilter>): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(queryOf(kept)))
}

/** The same heading once more turns the order round. */
function turned(sort: Sort, key: SortKey): Sort {
  return sort === key ? `-${key}` : key
}

function pager(url: string, filter: ListFilter, { page, pages }: ListPage): Pager {
  const to = (target: number): string => url + queryOf({ ...filter, page: target })
  return {
    previousUrl: page > 1 ? to(page - 1) : null,
    nextUrl: page < pages ? to(page + 1) : null,
    text: `Page ${page} of ${pages}`,
  }
}
