import { Router } from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import type { Project } from '../../core/project'
import { STATUS } from '../answer'
import { adminForm, adminPage, adminSection, cell, fact } from '../admin-page'
import { administrator } from '../auth'
import { actorOf } from '../browser'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { flash } from '../render'
import { rootPath, size } from '../show'
import { say } from '../strings'
import { needsSudo } from '../sudo'
import { showAdmin } from '../admin-show'

const ON_A_PAGE = 100

/** All projects, whoever owns them: X04 of web-ui.md. */
export function adminProjectPages(app: App): Router {
  const { store, config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { administration } = actions

  routes.get('/admin/projects/', administrator, async (request: Request, response: Response) => {
    const search = valueOf(request, 'search')
    const offset = numberOf(request, 'from', 0, 1_000_000)
    const holdings = await store.holdings.list(search, { limit: ON_A_PAGE, offset })
    const query = new URLSearchParams({ ...(search ? { search } : {}), from: String(offset + ON_A_PAGE) })
    const model = adminPage('projects', paths, {
      heading: 'Projects',
      search: { action: paths.admin('projects'), value: search, label: 'Name or owner', choices: [] },
      sections: [
        adminSection({
          id: 'projects',
          heading: 'All projects',
          text: [
            'Opening one that is not yours is written to the audit log. Pings and bytes are measured once a day.',
          ],
          table: {
            caption: 'All projects by name',
            columns: ['Name', 'Owner', 'Members', 'Checks', 'Pings a day', 'Stored bodies', ''],
            rows: holdings.map(({ code, name, owner, members, checks, size: measured }) => ({
              hook: `project-${code}`,
              cells: [
                cell(name || 'unnamed', paths.checks(code)),
                cell(owner),
                cell(String(members)),
                cell(String(checks)),
                cell(measured === null ? 'not measured yet' : String(measured.pingsADay)),
                cell(measured === null ? '' : size(measured.bytes)),
              ],
              forms: [
                adminForm({
                  action: paths.adminProject(code),
                  method: 'get',
                  submit: 'Owner, removal',
                  about: `of ${name}`,
                  hook: 'manage',
                }),
              ],
            })),
            empty: 'None matches.',
          },
        }),
      ],
      olderUrl: holdings.length === ON_A_PAGE ? `${paths.admin('projects')}?${query.toString()}` : null,
    })
    await showAdmin(request, response, model)
  })

  routes.get(
    '/admin/projects/:code/',
    administrator,
    needsSudo,
    withProject(async (request, response, project) => {
      await manage(request, response, project, null)
    }),
  )

  routes.post(
    '/admin/projects/:code/owner/',
    administrator,
    needsSudo,
    withProject(async (request, response, project) => {
      const email = formOf(request.body)['email'] ?? ''
      const given = await administration.giveProject(actorOf(request), project, email)
      if (!given.ok) return await manage(request, response, project, given.problem)
      await flash(request, { tone: 'success', text: `${email} now owns ${project.name}.` })
      response.redirect(303, paths.admin('projects'))
    }),
  )

  routes.post(
    '/admin/projects/:code/remove/',
    administrator,
    needsSudo,
    withProject(async (request, response, project) => {
      if ((formOf(request.body)['typed'] ?? '').trim() !== project.name.trim()) {
        const message = say('M-FORM-7', { name: project.name })
        const problem: Problem = { code: 'invalid', message, fields: { typed: message } }
        return await manage(request, response, project, problem)
      }
      await administration.removeProject(actorOf(request), project)
      await flash(request, { tone: 'success', text: say('M-PRJ-12', { project: project.name }) })
      response.redirect(303, paths.admin('projects'))
    }),
  )

  function withProject(
    handle: (request: Request, response: Response, project: Project) => Promise<void>,
  ): RequestHandler {
    return async (request: Request, response: Response, next: NextFunction) => {
      const code = String(request.params['code'])
      const project = /^[0-9a-f-]{36}$/.test(code) ? await store.projects.findByCode(code) : null
      if (project === null) return next()
      await handle(request, response, project)
    }
  }

  async function manage(
    request: Request,
    response: Response,
    project: Project,
    problem: Problem | null,
  ): Promise<void> {
    const [owner, contents] = await Promise.all([
      store.users.find(project.ownerId),
      store.projects.contents(project.id),
    ])
    const model = adminPage('projects', paths, {
      heading: project.name || 'unnamed',
      back: { text: 'Projects', url: paths.admin('projects') },
      errors: summaryOf(problem),
      sections: [
        adminSection({
          id: 'owner',
          heading: 'Owner',
          text: [`${owner?.email ?? ''} owns it, and becomes a member when somebody else does.`],
          forms: [
            adminForm({
              action: paths.adminProjectPart(project.code, 'owner'),
              fields: [
                field({
                  name: 'email',
                  label: 'New owner',
                  type: 'email',
                  error: problem?.fields?.['email'] ?? '',
                  required: true,
                  maxLength: 254,
                }),
              ],
              submit: 'Change owner',
              hook: 'change-owner',
            }),
          ],
        }),
        adminSection({
          id: 'remove',
          heading: 'Remove',
          facts: [
            fact('Checks', String(contents.checks)),
            fact('Pings', String(contents.pings)),
            fact('Integrations', String(contents.channels)),
            fact('Bodies in object storage', String(contents.bodies), { note: size(contents.bodyBytes) }),
          ],
          forms: [
            adminForm({
              action: paths.adminProjectPart(project.code, 'remove'),
              fields: [
                field({
                  name: 'typed',
                  label: `Type ${project.name} to confirm`,
                  error: problem?.fields?.['typed'] ?? '',
                  required: true,
                  maxLength: 100,
                }),
              ],
              submit: 'Remove the project',
              isDanger: true,
              hook: 'remove-project',
            }),
          ],
        }),
      ],
    })
    await showAdmin(request, response, model, problem ? STATUS[problem.code] : 200)
  }

  return routes
}
