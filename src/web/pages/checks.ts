import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { reaches } from '../../core/role'
import { inProject, projectOf, roleOf, visitorOf } from '../auth'
import { backOf } from '../back'
import { boardOf, seenBy } from '../board'
import type { Snapshot } from '../board'
import { checksPage } from '../check-list'
import { pageOf, readFilter } from '../list-filter'
import type { ListFilter, ListPage } from '../list-filter'
import { liveList, orderOf } from '../live-list'
import { pathsBelow } from '../paths'
import { answerPoll, Versions } from '../polls'
import type { Polled } from '../polls'
import { valueOf } from '../query'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'
import { unreadOf } from '../unread'

/** Different questions about one reading that are remembered: with other filters, mostly. */
const MOST_READY = 50

/** The checks of a project, and what its script asks again and again: C01 of web-ui.md. */
export function checksPages(app: App): Router {
  const { store, config } = app
  const board = boardOf(app)
  const versions = new Versions()
  /** What polls are answered while nobody has looked at the checks anew: many people ask the same. */
  const ready = new WeakMap<Snapshot, Map<string, Polled>>()
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const guest = inProject('read-only')

  routes.get('/projects/:project/checks/', guest, async (request: Request, response: Response) => {
    const project = projectOf(request)
    const { user } = visitorOf(request)
    const [current, channels, owner, used, usualSort, unread] = await Promise.all([
      board.now(project.id),
      store.channels.ofProject(project.id),
      store.users.find(project.ownerId),
      store.checks.countOfOwner(project.ownerId),
      store.listSettings.sortOf(user.id),
      unreadOf(store, user.id, project.id),
    ])
    const snapshot = seenBy(unread, current)
    const filter = readFilter(request, usualSort)
    if (filter.isSortSaid && filter.sort !== usualSort) {
      await store.listSettings.setSort(user.id, filter.sort)
    }
    const page = shownPage(request, snapshot, filter)
    const shownIds = page.rows.map(({ check }) => check.id)
    const [switches, flippedAt] = await Promise.all([
      store.switches.ofChecks(shownIds),
      store.flips.lastOf(shownIds),
    ])
    const model = checksPage({
      project,
      snapshot,
      page,
      filter,
      channels,
      switches,
      flippedAt,
      canEdit: mayEdit(request),
      used,
      most: owner?.checkLimit ?? Infinity,
      fresh: valueOf(request, 'fresh'),
      poll: { version: versions.of(project.code, polled(request, snapshot, page)), order: orderOf(page) },
      tz: user.tz,
      pingEndpoint: config.pingEndpoint,
      paths,
    })
    await render(request, response, 'checks', model, {
      title: project.name,
      project,
      section: 'checks',
      counts: snapshot.counts,
      scripts: ['list'],
      canRefresh: true,
    })
  })

  routes.get('/projects/:project/checks/status/', guest, async (request: Request, response: Response) => {
    const { id, code } = projectOf(request)
    const snapshot = await board.lately(id)
    const known = ready.get(snapshot) ?? new Map<string, Polled>()
    ready.set(snapshot, known)
    const { user } = visitorOf(request)
    const key = `${user.id} ${request.originalUrl} ${mayEdit(request)} ${user.appearance.downFirst}`
    let asked = known.get(key)
    if (asked === undefined) {
      const seen = seenBy(await unreadOf(store, user.id, id), snapshot)
      asked = polled(request, seen, shownPage(request, seen, readFilter(request, 'name')))
      if (known.size < MOST_READY) known.set(key, asked)
    }
    await answerPoll(request, response, { versions, scope: code, polled: asked, nowAt: snapshot.at })
  })

  routes.post('/projects/:project/checks/mark_read/', guest, async (request: Request, response: Response) => {
    const { id, code } = projectOf(request)
    await store.reads.markAll(visitorOf(request).user.id, id)
    await flash(request, { tone: 'success', text: say('M-CHK-16') })
    response.redirect(303, backOf(request) ?? paths.checks(code))
  })

  function polled(request: Request, snapshot: Snapshot, page: ListPage): Polled {
    const project = projectOf(request)
    return liveList({
      snapshot,
      page,
      project,
      siteName: config.siteName,
      checksUrl: paths.checks(project.code),
      canEdit: mayEdit(request),
    })
  }

  return routes
}

function shownPage(request: Request, snapshot: Snapshot, filter: ListFilter): ListPage {
  return pageOf(snapshot, filter, visitorOf(request).user.appearance)
}

function mayEdit(request: Request): boolean {
  return reaches(roleOf(request), 'member')
}
