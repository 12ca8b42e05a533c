import { Router } from 'express'
import type { Request, Response } from 'express'
import { loadSentence } from '../../actions/transfers'
import type { App } from '../../app'
import { ROLE_WORDS } from '../../core/role'
import type { User } from '../../core/user'
import { signedIn, visitorOf } from '../auth'
import { boardOf, seenBy } from '../board'
import type { Board } from '../board'
import { HOME_TITLE, liveHome, orderOf, projectCards, totalsOf } from '../home-page'
import type { HomeSource } from '../home-page'
import type { Offer } from '../home-models'
import { invitationsTo } from '../invited'
import { pathsBelow } from '../paths'
import { answerPoll, Versions } from '../polls'
import { valueOf } from '../query'
import { render } from '../render'
import { rightsOf } from '../rights'
import { rootPath } from '../show'

const MAX_SEARCH = 200

/** The projects of a person, or the checks of the only one: P01 of web-ui.md. */
export function homePages(app: App): Router {
  const { store, config, actions } = app
  const board = boardOf(app)
  const versions = new Versions()
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/', signedIn, async (request: Request, response: Response) => {
    const { user } = visitorOf(request)
    if (valueOf(request, 'refresh') === '1') return await poll(request, response)
    const [reached, offers] = await Promise.all([store.projects.withRoles(user.id), offersTo(user)])
    const [only] = reached
    const isAsked = valueOf(request, 'all') !== ''
    if (only !== undefined && reached.length === 1 && offers.length === 0 && !isAsked) {
      response.redirect(303, paths.checks(only.project.code))
      return
    }
    const source = await sourceFor(request, reached, board.nowOf)
    const projects = projectCards(source)
    const { search, overview } = source
    const query = search === '' ? '' : `&search=${encodeURIComponent(search)}`
    const model = {
      addUrl: paths.addProject,
      allChecksUrl: paths.allChecks,
      offers,
      totals: totalsOf(overview, paths),
      url: paths.home,
      search,
      count: reached.length,
      poll: {
        url: `${paths.home}?refresh=1${query}`,
        version: versions.of(`user ${user.id}`, liveHome(source, config.siteName)),
        order: orderOf(projects),
      },
      projects,
    }
    await render(request, response, 'home', model, {
      title: HOME_TITLE,
      counts: overview.counts,
      scripts: ['home'],
      canRefresh: true,
    })
  })

  async function poll(request: Request, response: Response): Promise<void> {
    const { user } = visitorOf(request)
    const reached = await store.projects.withRoles(user.id)
    const source = await sourceFor(request, reached, board.latelyOf)
    await answerPoll(request, response, {
      versions,
      scope: `user ${user.id}`,
      polled: liveHome(source, config.siteName),
      nowAt: source.overview.at,
    })
  }

  async function sourceFor(
    request: Request,
    reached: HomeSource['reached'],
    read: Board['nowOf'],
  ): Promise<HomeSource> {
    const { user } = visitorOf(request)
    const ids = rightsOf(reached).map(({ project }) => project.id)
    const [current, unread, channels, { lastProjectId }] = await Promise.all([
      read(ids),
      store.reads.unreadAnywhere(user.id),
      store.channels.ofProjects(ids),
      store.listSettings.of(user.id),
    ])
    const search = valueOf(request, 'search').slice(0, MAX_SEARCH).trim()
    return { reached, overview: seenBy(unread, current), channels, lastProjectId, search, paths }
  }

  /** Projects that this person is asked to join, or to own. */
  async function offersTo(user: User): Promise<Offer[]> {
    const [invited, asked] = await Promise.all([invitationsTo(app, user), store.transfers.toUser(user.id)])
    const owning = asked.map(async (project): Promise<Offer> => {
      const load = await actions.transfers.offerTo(project, user)
      const isTooMany = load !== null && load.used + load.more > load.limit
      return {
        text: `You are asked to own ${project.name || 'an unnamed project'}.`,
        accept: isTooMany ? null : { url: paths.transferPart(project.code, 'accept'), answer: '' },
        decline: { url: paths.transferPart(project.code, 'reject'), answer: '' },
        moreUrl: paths.project(project.code, 'transfer'),
        whyNot: isTooMany ? loadSentence(load) : '',
      }
    })
    const joining = invited.map(({ invitation, project }): Offer => {
      const url = paths.answerInvitation(invitation.code)
      return {
        text: `${invitation.invitedBy} invites you to ${project.name || 'an unnamed project'}, as ${ROLE_WORDS[invitation.role]}.`,
        accept: { url, answer: 'accept' },
        decline: { url, answer: 'decline' },
        moreUrl: '',
        whyNot: '',
      }
    })
    return [...(await Promise.all(owning)), ...joining]
  }

  return routes
}
