import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import { MIN_AGE_MS } from '../../actions/orphans'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import type { Project } from '../../core/project'
import { DAY } from '../../core/time'
import { STATUS } from '../answer'
import { adminForm, adminPage, adminSection, cell, fact } from '../admin-page'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { flash } from '../render'
import { inZone, rootPath, size } from '../show'
import { say } from '../strings'
import { needsSudo } from '../sudo'
import { show } from './admin'

const ON_A_PAGE = 100
const MOST_UNFINISHED = 200

/** Projects, deliveries and storage: X04, X05, X06 of web-ui.md. */
export function adminWorkPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { administration } = actions

  routes.get('/admin/projects/', administrator, async (request: Request, response: Response) => {
    const search = valueOf(request, 'search')
    const offset = numberOf(request, 'from', 0, 1_000_000)
    const holdings = await store.administration.holdings(search, { limit: ON_A_PAGE, offset })
    const query = new URLSearchParams({ ...(search ? { search } : {}), from: String(offset + ON_A_PAGE) })
    const model = adminPage('projects', paths, {
      heading: 'Projects',
      search: { action: paths.admin('projects'), value: search, label: 'Name or owner', choices: [] },
      sections: [
        adminSection({
          id: 'projects',
          heading: 'All projects',
          text: ['Opening one that is not yours is written to the audit log.'],
          table: {
            caption: 'All projects by name',
            columns: ['Name', 'Owner', 'Members', 'Checks', 'Pings so far', ''],
            rows: holdings.map(({ code, name, owner, members, checks, pings }) => ({
              hook: `project-${code}`,
              cells: [
                cell(name || 'unnamed', paths.checks(code)),
                cell(owner),
                cell(String(members)),
                cell(String(checks)),
                cell(String(pings)),
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
    await show(request, response, model)
  })

  routes.get(
    '/admin/projects/:code/',
    administrator,
    needsSudo,
    async (request: Request, response: Response, next: NextFunction) => {
      const project = await projectAt(request)
      if (project === null) return next()
      await manage(request, response, project, null)
    },
  )

  routes.post(
    '/admin/projects/:code/owner/',
    administrator,
    needsSudo,
    async (request: Request, response: Response, next: NextFunction) => {
      const project = await projectAt(request)
      if (project === null) return next()
      const email = formOf(request.body)['email'] ?? ''
      const given = await administration.giveProject(actorOf(request), project, email)
      if (!given.ok) return await manage(request, response, project, given.problem)
      await flash(request, { tone: 'success', text: `${email} now owns ${project.name}.` })
      response.redirect(303, paths.admin('projects'))
    },
  )

  routes.post(
    '/admin/projects/:code/remove/',
    administrator,
    needsSudo,
    async (request: Request, response: Response, next: NextFunction) => {
      const project = await projectAt(request)
      if (project === null) return next()
      if ((formOf(request.body)['typed'] ?? '').trim() !== project.name.trim()) {
        const message = say('M-FORM-7', { name: project.name })
        const problem: Problem = { code: 'invalid', message, fields: { typed: message } }
        return await manage(request, response, project, problem)
      }
      await administration.removeProject(actorOf(request), project)
      await flash(request, { tone: 'success', text: say('M-PRJ-12', { project: project.name }) })
      response.redirect(303, paths.admin('projects'))
    },
  )

  routes.get('/admin/deliveries/', administrator, async (request: Request, response: Response) => {
    const { tz } = visitorOf(request).user
    const rows = await store.administration.unfinished(clock() - DAY, MOST_UNFINISHED)
    const groups = Map.groupBy(
      rows.filter(({ error }) => error !== ''),
      ({ kind, error }) => `${kind}: ${error}`,
    )
    const failures = [...groups].toSorted((one, other) => other[1].length - one[1].length)
    const form = (id: number, part: 'retry' | 'drop', submit: string) =>
      adminForm({
        action: paths.adminDelivery(id, part),
        submit,
        about: `alert ${id}`,
        hook: `${part}-${id}`,
      })
    const model = adminPage('deliveries', paths, {
      heading: 'Deliveries',
      sections: [
        adminSection({
          id: 'failures',
          heading: 'What goes wrong',
          table: {
            caption: 'Failures by kind and error',
            columns: ['Kind and error', 'Alerts'],
            rows: failures.map(([text, those], i) => ({
              hook: `failure-${i}`,
              cells: [cell(text), cell(String(those.length))],
              forms: [],
            })),
            empty: 'Nothing just now.',
          },
        }),
        adminSection({
          id: 'outbox',
          heading: 'Alerts that wait, or failed in the last 24 hours',
          text: [`Times in ${tz}. At most ${MOST_UNFINISHED} are shown, the newest first.`],
          table: {
            caption: 'Alerts that are not told',
            columns: ['Check', 'Told by', 'State', 'Since', 'Next try', ''],
            rows: rows.map((row) => ({
              hook: `alert-${row.id}`,
              cells: [
                cell(`${row.check || 'unnamed'} ${row.status}`, null, row.project),
                cell(row.channel || row.kind, null, row.kind),
                cell(stateOf(row.state, row.attempts), null, row.error),
                cell(inZone(row.createdAt, tz)),
                cell(row.dueAt === null ? 'never' : row.dueAt === 0 ? 'now' : inZone(row.dueAt, tz)),
              ],
              forms:
                row.state === 'sending' ? [] : [form(row.id, 'retry', 'Retry'), form(row.id, 'drop', 'Drop')],
            })),
            empty: 'All alerts are told.',
          },
        }),
      ],
    })
    await show(request, response, model)
  })

  routes.post('/admin/deliveries/:id/retry/', administrator, (request: Request, response: Response) =>
    settle(request, response, administration.retry, 'It is tried again now.'),
  )

  routes.post('/admin/deliveries/:id/drop/', administrator, (request: Request, response: Response) =>
    settle(request, response, administration.drop, 'It is not told to anybody.'),
  )

  routes.get('/admin/storage/', administrator, (request: Request, response: Response) =>
    storage(request, response, []),
  )

  routes.post('/admin/storage/analyze/', administrator, async (request: Request, response: Response) => {
    await administration.analyze(actorOf(request))
    await flash(request, { tone: 'success', text: 'The statistics of the database are up to date.' })
    response.redirect(303, paths.admin('storage'))
  })

  routes.post('/admin/storage/orphans/', administrator, async (request: Request, response: Response) => {
    const lines: string[] = []
    const dryRun = formOf(request.body)['delete'] !== 'yes'
    const swept = await actions.orphans.sweep({
      dryRun,
      minAgeMs: MIN_AGE_MS,
      force: false,
      say: (line) => lines.push(line),
    })
    const ending =
      swept === null
        ? 'There is no object storage.'
        : swept.kind === 'failed'
          ? `It ended early: ${swept.failure.reason}`
          : swept.kind === 'no checks'
            ? 'There is no check at all: nothing was touched.'
            : `${swept.checks} checks that do not exist, ${swept.objects} objects removed.`
    if (!dryRun) await actions.trail(actorOf(request), 'storage-swept', 'object storage', ending)
    await storage(request, response, [...lines, ending])
  })

  async function storage(request: Request, response: Response, lines: string[]): Promise<void> {
    const [figures, bytes, purges] = await Promise.all([
      store.figures.of(clock()),
      store.administration.sizeBytes(),
      store.purges.waiting(),
    ])
    const model = adminPage('storage', paths, {
      heading: 'Storage',
      sections: [
        adminSection({
          id: 'database',
          heading: 'Database',
          facts: [
            fact('Kind', config.database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'),
            fact('Size on disk', size(bytes)),
          ],
          forms: [
            adminForm({
              action: paths.adminStorage('analyze'),
              submit: 'Update statistics',
              hook: 'analyze',
            }),
          ],
        }),
        adminSection({
          id: 'objects',
          heading: 'Object storage',
          facts:
            config.objects === null
              ? [fact('Object storage', 'off', { note: 'Ping bodies stay in the database.' })]
              : [
                  fact('Bodies waiting', String(figures.bodies.waiting), {
                    note: size(figures.bodies.bytes),
                  }),
                  fact('Removed checks whose bodies are still to go', String(purges.count), {
                    note: purges.failing > 0 ? `${purges.failing} failed and will be tried again` : '',
                  }),
                ],
          lines,
          forms:
            config.objects === null
              ? []
              : [
                  adminForm({
                    action: paths.adminStorage('orphans'),
                    submit: 'Look for bodies of checks that do not exist',
                    hook: 'orphans',
                  }),
                  adminForm({
                    action: paths.adminStorage('orphans'),
                    hidden: [{ name: 'delete', value: 'yes' }],
                    submit: 'Delete them',
                    isDanger: true,
                    hook: 'delete-orphans',
                  }),
                ],
        }),
      ],
    })
    await show(request, response, model)
  }

  async function settle(
    request: Request,
    response: Response,
    act: (by: ReturnType<typeof actorOf>, id: number) => Promise<boolean>,
    text: string,
  ): Promise<void> {
    const id = String(request.params['id'])
    const done = /^[1-9]\d{0,14}$/.test(id) && (await act(actorOf(request), Number(id)))
    await flash(
      request,
      done
        ? { tone: 'success', text }
        : { tone: 'error', text: 'It is not there any more, or is being sent just now.' },
    )
    response.redirect(303, paths.admin('deliveries'))
  }

  async function projectAt(request: Request): Promise<Project | null> {
    const code = String(request.params['code'])
    return /^[0-9a-f-]{36}$/.test(code) ? await store.projects.findByCode(code) : null
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
    await show(request, response, model, problem ? STATUS[problem.code] : 200)
  }

  return routes
}

function stateOf(state: string, attempts: number): string {
  if (state === 'waiting') return attempts === 0 ? 'waiting' : `retrying (${attempts} tries)`
  return state === 'failed' ? 'failed for good' : state
}
