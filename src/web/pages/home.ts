import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Project } from '../../core/project'
import { ROLE_WORDS } from '../../core/role'
import type { Role } from '../../core/role'
import type { User } from '../../core/user'
import { compareNames, count } from '../../core/words'
import { signedIn, visitorOf } from '../auth'
import { BY_CONCERN, countsOf } from '../frame'
import { invitationsTo } from '../invited'
import { pathsBelow } from '../paths'
import type { Paths } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { mark, rootPath } from '../show'
import type { HomePage } from '../view-models'
import type { Counts } from '../views'

/** The projects of a person, or the checks of the only one: P01 of web-ui.md. */
export function homePages(app: App): Router {
  const { store, config, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/', signedIn, async (request: Request, response: Response) => {
    const projects = await store.projects.ofUser(visitorOf(request).user.id)
    const [only] = projects
    const { user } = visitorOf(request)
    const offers = await offersTo(user)
    const isAsked = valueOf(request, 'all') !== ''
    if (only !== undefined && projects.length === 1 && offers.length === 0 && !isAsked) {
      response.redirect(303, paths.checks(only.code))
      return
    }
    const nowAt = clock()
    const sums = await Promise.all(
      projects.map(async (project) => {
        const counts = countsOf(await store.checks.ofProject(project.id), nowAt)
        const role = (await store.members.roleIn(project.id, user.id)) ?? 'read-only'
        const owner = role === 'owner' ? null : await store.users.find(project.ownerId)
        return { project, counts, role, owner: owner?.email ?? '' }
      }),
    )
    await render(request, response, 'home', { ...homePage(sums, paths), offers }, { title: 'Projects' })
  })

  /** Projects that this person is asked to join, or to own. */
  async function offersTo(user: Pick<User, 'id' | 'email'>): Promise<HomePage['offers']> {
    const [invited, asked] = await Promise.all([invitationsTo(app, user), store.transfers.toUser(user.id)])
    return [
      ...asked.map(({ name, code }) => ({
        text: `You are asked to own ${name}.`,
        answerUrl: paths.project(code, 'transfer'),
        formUrl: '',
      })),
      ...invited.map(({ invitation, project }) => ({
        text: `${invitation.invitedBy} invites you to ${project.name}, as ${ROLE_WORDS[invitation.role]}.`,
        answerUrl: '',
        formUrl: paths.answerInvitation(invitation.code),
      })),
    ]
  }

  return routes
}

export function homePage(
  sums: { project: Project; counts: Counts; role: Role; owner: string }[],
  paths: Paths,
): HomePage {
  return {
    addUrl: paths.addProject,
    offers: [],
    projects: sums
      .toSorted(
        (a, b) =>
          Number(b.counts.down > 0) - Number(a.counts.down > 0) ||
          compareNames(a.project.name, b.project.name),
      )
      .map(({ project, counts, role, owner }) => {
        const present = BY_CONCERN.filter((status) => counts[status] > 0)
        return {
          name: project.name,
          url: paths.checks(project.code),
          role: ROLE_WORDS[role],
          owner,
          worst: mark(present[0] ?? 'new', counts.running > 0),
          counts: present.map((status) => `${counts[status]} ${status}`).join(' · '),
          checks: count(
            present.reduce((sum, status) => sum + counts[status], 0),
            'check',
          ),
        }
      }),
  }
}
