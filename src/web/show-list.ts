import type { Request, Response } from 'express'
import type { App } from '../app'
import type { Project } from '../core/project'
import type { Channel } from '../core/channel'
import type { ListSettings } from '../store/list-settings'
import { exportLimit, spend } from '../actions/limits'
import { retryAfter } from './answer'
import { visitorOf } from './auth'
import { seenBy } from './board'
import type { Overview, Snapshot } from './board'
import { checksPage } from './check-list'
import { listPlace } from './list-source'
import type { ListSource } from './list-source'
import { showError } from './errors'
import { sendList } from './list-export'
import { matching, pageOf, readFilter } from './list-filter'
import type { ListFilter, ListPage } from './list-filter'
import { liveList, orderOf } from './live-list'
import { pathsBelow } from './paths'
import { answerPoll, Versions } from './polls'
import type { Polled } from './polls'
import { valueOf } from './query'
import { render } from './render'
import type { Right } from './rights'
import { rootPath } from './show'
import { say } from './strings'
import { ifKept } from './unread'

/** Different questions about one reading that are remembered: with other filters, mostly. */
const MOST_READY = 50

/** What a list is of: the checks of a project, or of all that somebody can see. */
export interface ListOf {
  /** Null: all of them. */
  project: Project | null
  rights: readonly Right[]
  /** As nobody in particular sees it. */
  current: Snapshot
}

/** The list of checks, as a page and as what its script asks for: C01 and P03 of web-ui.md. */
export interface Lists {
  show(
    request: Request,
    response: Response,
    list: ListOf & {
      channels: readonly Channel[]
      unread: ReadonlyMap<number, number>
      settings: ListSettings
      limit: ListSource['limit']
    },
  ): Promise<void>
  poll(
    request: Request,
    response: Response,
    list: ListOf & { unread: () => Promise<ReadonlyMap<number, number>> },
  ): Promise<void>
}

export function lists({ store, config, clock }: App): Lists {
  const versions = new Versions()
  /** What polls are answered while nobody has looked at the checks anew: many people ask the same. */
  const ready = new WeakMap<Snapshot, Map<string, Polled>>()
  const paths = pathsBelow(rootPath(config.siteRoot))

  return {
    async show(request, response, list) {
      const { project, rights, channels, settings, limit } = list
      const { user } = visitorOf(request)
      const snapshot = seen(list, list.unread)
      const filter = filterOf(request, settings.sort, project)
      if (filter.isSortSaid && filter.sort !== settings.sort) {
        await ifKept(store.listSettings.setSort(user.id, filter.sort))
      }
      if (valueOf(request, 'export') === 'csv')
        return await take(request, response, { list, snapshot, filter })
      const page = pageOf(snapshot, filter, user.appearance)
      const shownIds = page.rows.map(({ check }) => check.id)
      const [switches, flippedAt] = await Promise.all([
        store.switches.ofChecks(shownIds),
        store.flips.lastOf(shownIds),
      ])
      const listings = new Map(
        rights.map((right) => [
          right.project.id,
          { ...right, channels: channels.filter(({ projectId }) => projectId === right.project.id) },
        ]),
      )
      const model = checksPage({
        project,
        listings,
        snapshot,
        page,
        filter,
        switches,
        flippedAt,
        limit,
        changeable: matching(snapshot, filter).filter(({ check }) => listings.get(check.projectId)?.canEdit)
          .length,
        bulkJob: settings.bulkJob,
        fresh: valueOf(request, 'fresh'),
        poll: {
          version: versions.of(scopeOf(request, project), polled(list, snapshot, page)),
          order: orderOf(page),
          can: canOf(rights),
        },
        tz: user.tz,
        pingEndpoint: config.pingEndpoint,
        paths,
      })
      await render(request, response, 'checks', model, {
        title: model.heading,
        ...(project && { project, section: 'checks', channels }),
        counts: snapshot.counts,
        scripts: ['list'],
        canRefresh: true,
      })
    },

    async poll(request, response, list) {
      const { project, current, rights } = list
      const known = ready.get(current) ?? new Map<string, Polled>()
      ready.set(current, known)
      const { user } = visitorOf(request)
      const key = `${user.id} ${request.originalUrl} ${canOf(rights)} ${user.appearance.downFirst}`
      let asked = known.get(key)
      if (asked === undefined) {
        const snapshot = seen(list, await list.unread())
        const filter = filterOf(request, 'name', project)
        asked = polled(list, snapshot, pageOf(snapshot, filter, user.appearance))
        if (known.size < MOST_READY) known.set(key, asked)
      }
      const scope = scopeOf(request, project)
      await answerPoll(request, response, { versions, scope, polled: asked, nowAt: current.at })
    },
  }

  /** All that the filter finds, in its order, as a file. */
  async function take(
    request: Request,
    response: Response,
    { list, snapshot, filter }: { list: ListOf; snapshot: Snapshot; filter: ListFilter },
  ): Promise<void> {
    const { user } = visitorOf(request)
    const spent = await spend(store.budgets, [exportLimit(user.id)], clock())
    if (!spent.ok) {
      retryAfter(response, spent.problem)
      return await showError(request, response, 429, { detail: say('M-FILE-1') })
    }
    const { rows } = pageOf(snapshot, { ...filter, page: 1, perPage: Infinity }, user.appearance)
    const projects = new Map(list.rights.map(({ project }) => [project.id, project]))
    const name = list.project === null ? 'checks' : `checks-${list.project.code.slice(0, 8)}`
    await sendList(response, { rows, projects, name })
  }

  function polled({ project, rights }: ListOf, snapshot: Snapshot, page: ListPage): Polled {
    const { heading, url } = listPlace(project, paths)
    return liveList({
      snapshot,
      page,
      heading,
      siteName: config.siteName,
      checksUrl: url,
      can: canOf(rights),
    })
  }
}

/** A list as one person sees it, with the projects that its filter may name. */
export function seen(
  { project, rights, current }: Omit<ListOf, 'current'> & { current: Snapshot | Overview },
  unread: ReadonlyMap<number, number>,
): Snapshot {
  const own = seenBy(unread, current)
  if (project !== null) return own
  return { ...own, codes: new Map(rights.map((right) => [right.project.id, right.project.code])) }
}

/** A list of one project has no other to choose. */
function filterOf(request: Request, usualSort: string, project: Project | null): ListFilter {
  const filter = readFilter(request, usualSort)
  return project === null ? filter : { ...filter, projects: [] }
}

/** Whose versions are whose. */
function scopeOf(request: Request, project: Project | null): string {
  return project === null ? `user ${visitorOf(request).user.id}` : project.code
}

function canOf(rights: readonly Right[]): string {
  return rights.map(({ canEdit }) => (canEdit ? '1' : '0')).join('')
}
