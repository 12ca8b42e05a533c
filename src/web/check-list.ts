import type { Channel } from '../core/channel'
import type { Check, ShownStatus } from '../core/check'
import type { Project } from '../core/project'
import type { Instant } from '../core/time'
import { count, periodInWords } from '../core/words'
import { withBack } from './back'
import { bulkChoices } from './bulk-actions'
import type { Listed, Snapshot } from './board'
import { titleOf } from './channel-names'
import { iconOf, problemOf } from './channel-looks'
import { PARAMETER } from './frame'
import { isFiltered, PAGE_SIZES, queryOf, UNREAD } from './list-filter'
import type { ListFilter, ListPage, Sort, SortKey } from './list-filter'
import type { ChannelSwitch, CheckRow, ChecksPage } from './list-models'
import { dueOf, scheduleText, sinceWhen } from './list-words'
import type { Paths } from './paths'
import { mark, moment, pingUrlOf, took } from './show'
import { strip } from './strip'
import { listQueryOf } from './neighbours'
import { unreadText } from './unread'
import type { Pager, PingUrl } from './view-parts'

export interface ListSource {
  project: Project
  snapshot: Snapshot
  page: ListPage
  filter: ListFilter
  channels: Channel[]
  /** Of the checks on the page: the ids of the channels that each is on for. */
  switches: ReadonlyMap<number, ReadonlySet<number>>
  /** Of the checks on the page: when each got the status that it has. */
  flippedAt: ReadonlyMap<number, Instant>
  canEdit: boolean
  /** How many checks there are in all projects of the owner, and how many there may be. */
  used: number
  most: number
  /** Code of a check that was just made, or ''. */
  fresh: string
  poll: { version: string; order: string }
  tz: string
  pingEndpoint: string
  paths: Paths
}

/** Channels that a row has room for; of more it only says how many are on. */
const MOST_SWITCHES = 8

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

/** The list of a project's checks: web-ui.md §6. */
export function checksPage(source: ListSource): ChecksPage {
  const { snapshot, filter, page, project, paths, used, most } = source
  const url = paths.checks(project.code)
  const total = snapshot.all.length
  const { sort, isSortSaid, perPage } = filter
  const kept = { sort, isSortSaid, perPage }
  const here = queryOf({ ...filter, page: page.page })
  const shared = rowSource(source)
  return {
    projectName: project.name,
    addUrl: withBack(paths.addCheck(project.code) + queryOf({ tags: filter.tags }), url + here),
    url,
    markReadUrl: paths.markRead(project.code),
    back: url + here,
    canEdit: source.canEdit,
    poll: {
      url: paths.listStatus(project.code) + queryOf({ ...filter, page: page.page, isSortSaid: true }),
      ...source.poll,
    },
    filter: {
      search: filter.search,
      active: Number(filter.search !== '') + filter.statuses.length + filter.tags.length,
      statuses: statusChoices(snapshot, filter),
      tags: tagChoices(snapshot, filter),
      kept: Object.entries(keptOf(kept)).map(([name, value]) => ({ name, value })),
      clearUrl: url + queryOf(kept),
    },
    columns: COLUMNS.map(({ key, label }) => ({
      key,
      label,
      url: url + queryOf({ ...filter, page: 1, sort: turned(sort, key), isSortSaid: true }),
      sorted: sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : '',
    })),
    rows: page.rows.map((each) => checkRow(each, shared)),
    total,
    found: page.found,
    shownText: isFiltered(filter) ? `${page.found} of ${count(total, 'check')}` : count(total, 'check'),
    tz: source.tz,
    noChannels: source.channels.length > 0 ? null : { addUrl: paths.addChannel(project.code) },
    limit: used >= most ? `Limit of ${most} checks reached.` : null,
    overLimit: used > most ? `${used} of ${most} checks are in use: none can be added.` : null,
    addressStyle: styleSwitch(source),
    bulk: {
      url: paths.bulk(project.code),
      matching:
        page.found > page.rows.length
          ? { found: page.found, query: queryOf({ ...filter, page: 1 }).slice(1) }
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

/** What rows need, worked out once for all of them. */
interface RowSource extends Omit<ListSource, 'channels'> {
  tagUrl: (tag: string) => string
  /** What addresses of checks say about this list, so that one can go on from there; '' when it is the usual one. */
  listQuery: string
  channels: Omit<ChannelSwitch, 'on' | 'url'>[]
  channelIds: number[]
  /** Slugs that several checks have. */
  sharedSlugs: ReadonlySet<string>
}

function rowSource(source: ListSource): RowSource {
  const { project, filter, paths, snapshot } = source
  const url = paths.checks(project.code)
  const { sort, isSortSaid, perPage } = filter
  const kept = queryOf({ sort, isSortSaid, perPage })
  return {
    ...source,
    tagUrl: (tag) => `${url}${kept}${kept === '' ? '?' : '&'}tag=${encodeURIComponent(tag)}`,
    listQuery: listQueryOf(filter),
    channels: source.channels.map((channel) => ({
      code: channel.code,
      name: titleOf(channel),
      icon: iconOf(channel.kind),
      problem: problemOf(channel) ?? '',
    })),
    channelIds: source.channels.map(({ id }) => id),
    sharedSlugs: project.addressStyle === 'slug' ? slugsOfSeveral(snapshot) : new Set(),
  }
}

function slugsOfSeveral({ all }: Snapshot): Set<string> {
  const once = new Set<string>()
  const several = new Set<string>()
  for (const { check } of all) {
    if (once.has(check.slug)) several.add(check.slug)
    once.add(check.slug)
  }
  return several
}

function checkRow(listed: Listed, source: RowSource): CheckRow {
  const { check, status, tags } = listed
  const { tz, paths } = source
  const { code } = check
  const channels = switchesOf(check, source)
  const on = channels.filter((each) => each.on).length
  return {
    code,
    name: check.name,
    status: mark(status, check.openRun !== null),
    since: sinceWhen(listed, source.flippedAt.get(check.id), tz),
    url: paths.check(code) + source.listQuery,
    unread: unreadText(listed.unread),
    tags: tags.map((text) => ({ text, url: source.tagUrl(text) })),
    asksToConfirm: check.hasConfirmationLink,
    strip: strip(check.results),
    ...addressOf(check, source),
    channels: channels.length > MOST_SWITCHES ? [] : channels,
    channelsText: channels.length > MOST_SWITCHES ? `${on} of ${channels.length} on` : '',
    channelsUrl: paths.checkPart(code, 'channels'),
    schedule: scheduleText(check.schedule),
    grace: periodInWords(check.graceMs),
    scheduleUrl: paths.checkPart(code, 'timeout'),
    due: dueOf(listed, source.snapshot.at, tz),
    noDue: check.status === 'up' || check.status === 'down' ? 'never again' : '—',
    lastPing: check.lastPingAt === null ? null : moment(check.lastPingAt, tz),
    lastDuration: check.lastDurationMs === null ? null : took(check.lastDurationMs),
    lastPingUrl: paths.ping(code, check.pingCount),
    isPaused: check.status === 'paused',
    pauseUrl: paths.checkPart(code, 'pause'),
    resumeUrl: paths.checkPart(code, 'resume'),
    isFresh: code === source.fresh,
  }
}

function switchesOf(check: Check, { channels, channelIds, switches, paths }: RowSource): ChannelSwitch[] {
  const on = switches.get(check.id)
  return channels.map((channel, i) => ({
    ...channel,
    on: on?.has(channelIds[i] ?? -1) ?? false,
    url: paths.switchChannel(check.code, channel.code),
  }))
}

/** The address that the project's pages show, or why there is none: web-ui.md §6.3. */
function addressOf(check: Check, source: RowSource): Pick<CheckRow, 'pingUrl' | 'noPingUrl'> {
  const { project, canEdit, paths, pingEndpoint } = source
  // The ping key is not for guests to see.
  if (project.addressStyle === 'uuid' || !canEdit) {
    return { pingUrl: pingUrlOf(check, pingEndpoint), noPingUrl: null }
  }
  if (check.slug === '') {
    const url = paths.checkPart(check.code, 'name')
    return { pingUrl: null, noPingUrl: { text: 'set a slug first', url } }
  }
  if (project.pingKey === null) {
    return { pingUrl: null, noPingUrl: { text: 'no ping key yet', url: paths.keys(project.code) } }
  }
  if (source.sharedSlugs.has(check.slug)) {
    return { pingUrl: null, noPingUrl: { text: 'slug is not unique', url: null } }
  }
  const rest = `${project.pingKey}/${check.slug}`
  const pingUrl: PingUrl = { endpoint: pingEndpoint, rest, whole: pingEndpoint + rest }
  return { pingUrl, noPingUrl: null }
}

function styleSwitch({ project, paths }: ListSource): ChecksPage['addressStyle'] {
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
    on: tags.includes(tag),
    down,
    total,
    mark: worst === 'down' || worst === 'late' ? worst : '',
  }))
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
