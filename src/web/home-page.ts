import type { Channel } from '../core/channel'
import { ROLE_WORDS } from '../core/role'
import { compareNames, count } from '../core/words'
import type { Reached } from '../store/projects'
import type { Overview, Snapshot } from './board'
import { problemOf } from './channel-looks'
import { faviconName } from './favicon'
import { BY_CONCERN, documentTitle, faviconOf, headerSums, PARAMETER, worstOf } from './frame'
import type { HomePage, ProjectCard, Sum } from './home-models'
import type { Paths } from './paths'
import type { Polled } from './polls'
import { mark } from './show'
import { unreadText } from './unread'
import type { Counts } from './views'

export interface HomeSource {
  reached: readonly Reached[]
  /** As this person sees it. */
  overview: Overview
  channels: readonly Channel[]
  lastProjectId: number | null
  /** Words that are looked for in names. */
  search: string
  paths: Paths
}

/** Cards of projects: those with checks that are down first, then by name. */
export function projectCards(source: HomeSource): ProjectCard[] {
  const { reached, overview, channels, search, paths } = source
  const words = search.toLowerCase().split(/\s+/)
  const channelsOf = Map.groupBy(channels, ({ projectId }) => projectId)
  const unreadIn = new Map<number, number>()
  for (const { check, unread } of overview.all) {
    if (unread > 0) unreadIn.set(check.projectId, (unreadIn.get(check.projectId) ?? 0) + unread)
  }
  return reached
    .filter(({ project }) => words.every((word) => project.name.toLowerCase().includes(word)))
    .map(({ project, role, ownerEmail }) => {
      const { counts, all } = overview.byProject.get(project.id) ?? NOTHING
      const card: ProjectCard = {
        code: project.code,
        name: project.name || ownerEmail,
        url: paths.checks(project.code),
        worst: mark(worstOf(counts) ?? 'new', counts.running > 0),
        sums: sumsOf(counts, null),
        checks: count(all.length, 'check'),
        role: ROLE_WORDS[role],
        owner: role === 'owner' ? '' : ownerEmail,
        unread: unreadText(unreadIn.get(project.id) ?? 0),
        ailing: ailmentOf(channelsOf.get(project.id) ?? []),
        isLast: project.id === source.lastProjectId,
      }
      return { card, down: Number(counts.down > 0) }
    })
    .sort((one, other) => other.down - one.down || compareNames(one.card.name, other.card.name))
    .map(({ card }) => card)
}

/** How things are in all of them together. */
export function totalsOf({ all, counts, byProject }: Overview, paths: Paths): HomePage['totals'] {
  if (all.length === 0) return null
  return {
    text: `${count(all.length, 'check')} in ${count(byProject.size, 'project')}`,
    sums: sumsOf(counts, paths.allChecks),
  }
}

/** What the script of the page is told: web-ui.md §2.5. */
export function liveHome(source: HomeSource, siteName: string): Polled {
  const cards = projectCards(source)
  const { counts, unread } = source.overview
  return {
    about: {
      order: orderOf(cards),
      totals: totalsOf(source.overview, source.paths),
      summary: {
        ...counts,
        unread,
        title: documentTitle({ title: HOME_TITLE, counts }, siteName),
        fav: faviconName(faviconOf(counts), counts.down),
        sums: headerSums(counts, source.paths.allChecks),
      },
    },
    rows: new Map(cards.map((card) => [card.code, JSON.stringify(liveCard(card))])),
  }
}

export const HOME_TITLE = 'Projects'

/** Tells whether two pages have the same projects in the same order. */
export function orderOf(cards: readonly ProjectCard[]): string {
  return cards.map(({ code }) => code.slice(0, 8)).join('.')
}

function liveCard({ code, worst, sums, checks, unread, ailing }: ProjectCard): object {
  return {
    id: code,
    s: worst.shape,
    word: worst.word,
    r: worst.running ? 1 : 0,
    sums: sums.map(({ status, text }) => [status, text]),
    checks,
    u: unread,
    ailing,
  }
}

/** `url`: of the list that each sum leads into; null: nowhere. */
function sumsOf(counts: Counts, url: string | null): Sum[] {
  return [...BY_CONCERN, 'running' as const]
    .filter((status) => counts[status] > 0)
    .map((status) => ({
      status,
      text: `${counts[status]} ${status}`,
      url: url === null ? '' : `${url}?status=${PARAMETER[status]}`,
    }))
}

/** As the mark beside the integrations in the header. */
function ailmentOf(channels: readonly Channel[]): string {
  if (channels.length === 0) return 'No integrations'
  return channels.some((channel) => problemOf(channel) !== null) ? 'Integrations have problems' : ''
}

const NOTHING: Pick<Snapshot, 'counts' | 'all'> = {
  counts: { new: 0, up: 0, late: 0, down: 0, paused: 0, running: 0 },
  all: [],
}
