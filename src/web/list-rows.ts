import type { Check } from '../core/check'
import type { AddressStyle } from '../core/project'
import { periodInWords } from '../core/words'
import type { Listed, Snapshot } from './board'
import { titleOf } from './channel-names'
import { iconOf, problemOf } from './channel-looks'
import { queryOf } from './list-filter'
import type { ChannelSwitch, CheckRow } from './list-models'
import { listPlace } from './list-source'
import type { Listing, ListSource } from './list-source'
import { dueOf, scheduleText, sinceWhen } from './list-words'
import { listQueryOf } from './neighbours'
import { mark, moment, pingUrlOf, took } from './show'
import { strip } from './strip'
import { unreadText } from './unread'
import type { PingUrl } from './view-parts'

/** Rows of the list of checks: web-ui.md §6.3. */

/** Channels that a row has room for; of more it only says how many are on. */
const MOST_SWITCHES = 8

/** What rows need, worked out once for all of them. */
export interface RowSource extends ListSource {
  tagUrl: (tag: string) => string
  /** What addresses of checks say about this list, so that one can go on from there; '' when it is the usual one. */
  listQuery: string
  parts: ReadonlyMap<number, RowPart>
}

/** The same of one project. */
interface RowPart extends Listing {
  style: AddressStyle
  switches: Omit<ChannelSwitch, 'on' | 'url'>[]
  channelIds: number[]
  /** Slugs that several of its checks have. */
  sharedSlugs: ReadonlySet<string>
}

export function rowSource(source: ListSource): RowSource {
  const { project, listings, filter, paths, snapshot } = source
  const { url } = listPlace(project, paths)
  const { sort, isSortSaid, perPage, urls } = filter
  const kept = queryOf({ sort, isSortSaid, perPage, urls })
  const parts = [...listings].map(([id, listing]): [number, RowPart] => {
    const style = filter.urls || listing.project.addressStyle
    const part = {
      ...listing,
      style,
      switches: listing.channels.map((channel) => ({
        code: channel.code,
        name: titleOf(channel),
        icon: iconOf(channel.kind),
        problem: problemOf(channel) ?? '',
      })),
      channelIds: listing.channels.map((channel) => channel.id),
      sharedSlugs: style === 'slug' ? slugsOfSeveral(snapshot, id) : new Set<string>(),
    }
    return [id, part]
  })
  return {
    ...source,
    tagUrl: (tag) => `${url}${kept}${kept === '' ? '?' : '&'}tag=${encodeURIComponent(tag)}`,
    // From a check one goes on to the next of its own project.
    listQuery: project === null ? '' : listQueryOf(filter),
    parts: new Map(parts),
  }
}

function slugsOfSeveral({ all }: Snapshot, projectId: number): Set<string> {
  const once = new Set<string>()
  const several = new Set<string>()
  for (const { check } of all) {
    if (check.projectId !== projectId) continue
    if (once.has(check.slug)) several.add(check.slug)
    once.add(check.slug)
  }
  return several
}

export function checkRow(listed: Listed, source: RowSource): CheckRow {
  const { check, status, tags } = listed
  const { tz, paths } = source
  const { code } = check
  const part = source.parts.get(check.projectId)
  if (part === undefined) throw new Error('A check is listed whose project is not')
  const channels = switchesOf(check, part, source)
  const on = channels.filter((each) => each.on).length
  return {
    code,
    name: check.name,
    project:
      source.project === null
        ? { text: part.project.name || 'unnamed', url: paths.checks(part.project.code) }
        : null,
    canEdit: part.canEdit,
    status: mark(status, check.openRun !== null),
    since: sinceWhen(listed, source.flippedAt.get(check.id), tz),
    url: paths.check(code) + source.listQuery,
    unread: unreadText(listed.unread),
    tags: tags.map((text) => ({ text, url: source.tagUrl(text) })),
    asksToConfirm: check.hasConfirmationLink,
    strip: strip(check.results),
    ...addressOf(check, part, source),
    channels: channels.length > MOST_SWITCHES ? [] : channels,
    channelsText: channels.length > MOST_SWITCHES ? `${on} of ${channels.length} on` : '',
    channelsUrl: paths.checkPart(code, 'channels'),
    addChannelUrl: part.canEdit && channels.length === 0 ? paths.addChannel(part.project.code) : '',
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

function switchesOf(check: Check, part: RowPart, { switches, paths }: RowSource): ChannelSwitch[] {
  const on = switches.get(check.id)
  return part.switches.map((channel, i) => ({
    ...channel,
    on: on?.has(part.channelIds[i] ?? -1) ?? false,
    url: paths.switchChannel(check.code, channel.code),
  }))
}

/** The address that the project's pages show, or why there is none: web-ui.md §6.3. */
function addressOf(
  check: Check,
  { project, canEdit, style, sharedSlugs }: RowPart,
  { paths, pingEndpoint }: RowSource,
): Pick<CheckRow, 'pingUrl' | 'noPingUrl'> {
  // The ping key is not for guests to see.
  if (style === 'uuid' || !canEdit) {
    return { pingUrl: pingUrlOf(check, pingEndpoint), noPingUrl: null }
  }
  if (check.slug === '') {
    const url = paths.checkPart(check.code, 'name')
    return { pingUrl: null, noPingUrl: { text: 'set a slug first', url } }
  }
  if (project.pingKey === null) {
    return { pingUrl: null, noPingUrl: { text: 'no ping key yet', url: paths.keys(project.code) } }
  }
  if (sharedSlugs.has(check.slug)) {
    return { pingUrl: null, noPingUrl: { text: 'slug is not unique', url: null } }
  }
  const rest = `${project.pingKey}/${check.slug}`
  const pingUrl: PingUrl = { endpoint: pingEndpoint, rest, whole: pingEndpoint + rest }
  return { pingUrl, noPingUrl: null }
}
