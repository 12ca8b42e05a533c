import { Router } from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { App } from '../../app'
import type { Problem, Result } from '../../core/problem'
import { DAY } from '../../core/time'
import type { User } from '../../core/user'
import type { Account, AccountFlag } from '../../store/administration'
import { STATUS } from '../answer'
import { adminForm, adminPage, adminSection, cell, fact } from '../admin-page'
import type { AdminForm, AdminPage } from '../admin-models'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { flash } from '../render'
import { inZone, rootPath } from '../show'
import { needsSudo } from '../sudo'
import { showAdmin } from '../admin-show'

const ON_A_PAGE = 100
const INACTIVE_MS = 182 * DAY
const EVENTS = 20

const FLAGS: Record<AccountFlag, string> = {
  inactive: 'Inactive for 6 months',
  disabled: 'Disabled',
  administrator: 'Administrators',
  'over limit': 'Over their limit',
}

/** Accounts: X02 and X03 of web-ui.md. */
export function adminUserPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { administration } = actions

  routes.get('/admin/users/', administrator, (request: Request, response: Response) =>
    list(request, response, null, null),
  )

  routes.post('/admin/users/', administrator, async (request: Request, response: Response) => {
    const email = formOf(request.body)['email'] ?? ''
    const added = await administration.addAccount(actorOf(request), email)
    if (!added.ok) return await list(request, response, added.problem, null)
    const { user, link } = added.value
    await list(request, response, null, {
      heading: `Send this link to ${user.email} yourself.`,
      text: 'It lets them set a password, once, within an hour.',
      secret: link,
    })
  })

  routes.get(
    '/admin/users/:user/',
    administrator,
    withUser((request, response, user) => one(request, response, user, {})),
  )

  routes.post(
    '/admin/users/:user/limits/',
    administrator,
    withUser(async (request, response, user) => {
      const form = formOf(request.body)
      const limits = { checks: whole(form['checks']), pings: whole(form['pings']) }
      const set = await administration.setLimits(actorOf(request), user, limits)
      await done(request, response, user, set, 'The limits were saved.')
    }),
  )

  routes.post(
    '/admin/users/:user/disable/',
    administrator,
    withUser(async (request, response, user) => {
      const set = await administration.setDisabled(actorOf(request), user, true)
      await done(request, response, user, set, 'The account is disabled; its sessions were ended.')
    }),
  )

  routes.post(
    '/admin/users/:user/enable/',
    administrator,
    withUser(async (request, response, user) => {
      const set = await administration.setDisabled(actorOf(request), user, false)
      await done(request, response, user, set, 'The account may be used again.')
    }),
  )

  routes.post(
    '/admin/users/:user/end_sessions/',
    administrator,
    withUser(async (request, response, user) => {
      await administration.endSessions(actorOf(request), user)
      await done(request, response, user, null, 'All sessions were ended.')
    }),
  )

  routes.post(
    '/admin/users/:user/administrator/',
    administrator,
    needsSudo,
    withUser(async (request, response, user) => {
      const set = await administration.setAdmin(actorOf(request), user, !user.isAdmin)
      const text = user.isAdmin ? 'They are no administrator any more.' : 'They are an administrator now.'
      await done(request, response, user, set, text)
    }),
  )

  routes.post(
    '/admin/users/:user/reset_second_step/',
    administrator,
    needsSudo,
    withUser(async (request, response, user) => {
      await administration.resetSecondSteps(actorOf(request), user)
      await done(request, response, user, null, 'Their second steps are gone: they sign in without them.')
    }),
  )

  routes.post(
    '/admin/users/:user/link/',
    administrator,
    needsSudo,
    withUser(async (request, response, user) => {
      const purpose = formOf(request.body)['purpose'] === 'reset' ? 'reset' : 'sign-in'
      const secret = await administration.makeLink(actorOf(request), user, purpose)
      await one(request, response, user, {
        fresh: {
          heading: `Send this link to ${user.email} yourself.`,
          text:
            purpose === 'reset'
              ? 'It lets them set a new password, once, within an hour.'
              : 'It lets them sign in, once, within an hour.',
          secret,
        },
      })
    }),
  )

  function withUser(
    handle: (request: Request, response: Response, user: User) => Promise<void>,
  ): RequestHandler {
    return async (request: Request, response: Response, next: NextFunction) => {
      const id = String(request.params['user'])
      const user = /^[1-9]\d{0,8}$/.test(id) ? await store.users.find(Number(id)) : null
      if (user === null) return next()
      await handle(request, response, user)
    }
  }

  async function done(
    request: Request,
    response: Response,
    user: User,
    outcome: Result<null> | null,
    text: string,
  ): Promise<void> {
    if (outcome?.ok === false) return await one(request, response, user, { problem: outcome.problem })
    await flash(request, { tone: 'success', text })
    response.redirect(303, paths.adminUser(user.id))
  }

  async function list(
    request: Request,
    response: Response,
    problem: Problem | null,
    fresh: AdminPage['fresh'],
  ): Promise<void> {
    const { tz } = visitorOf(request).user
    const search = valueOf(request, 'search')
    const flag =
      (Object.keys(FLAGS) as AccountFlag[]).find((each) => each === valueOf(request, 'flag')) ?? null
    const offset = numberOf(request, 'from', 0, 1_000_000)
    const accounts = await store.administration.accounts(
      { search, flag, inactiveBeforeAt: clock() - INACTIVE_MS },
      { limit: ON_A_PAGE, offset },
    )
    const query = new URLSearchParams({ ...(search ? { search } : {}), ...(flag ? { flag } : {}) })
    query.set('from', String(offset + ON_A_PAGE))
    const users = paths.admin('users')
    const model = adminPage('users', paths, {
      heading: 'Users',
      fresh,
      errors: summaryOf(problem),
      search: {
        action: users,
        value: search,
        label: 'E-mail',
        choices: [
          { text: 'All', url: users, current: flag === null },
          ...Object.entries(FLAGS).map(([value, text]) => ({
            text,
            url: `${users}?flag=${encodeURIComponent(value)}`,
            current: value === flag,
          })),
        ],
      },
      sections: [
        adminSection({
          id: 'accounts',
          heading: 'Accounts',
          table: {
            caption: `Accounts. Times in ${tz}.`,
            columns: ['E-mail', 'Created', 'Last active', 'Projects', 'Checks', 'Second step', 'Reports'],
            rows: accounts.map((account) => row(account, tz)),
            empty: 'Nobody matches.',
          },
        }),
        adminSection({
          id: 'add',
          heading: 'Add somebody',
          text: ['You get a link, shown once, by which they set their password.'],
          forms: [
            adminForm({
              action: users,
              fields: [
                field({
                  name: 'email',
                  label: 'E-mail of the new account',
                  type: 'email',
                  error: problem?.fields?.['email'] ?? '',
                  required: true,
                  maxLength: 254,
                }),
              ],
              submit: 'Add account',
              hook: 'add-user',
            }),
          ],
        }),
      ],
      olderUrl: accounts.length === ON_A_PAGE ? `${users}?${query.toString()}` : null,
    })
    await showAdmin(request, response, model, problem ? STATUS[problem.code] : 200)
  }

  function row(account: Account, tz: string) {
    const flags = [account.isAdmin ? 'administrator' : '', account.disabled ? 'disabled' : '']
    return {
      hook: `user-${account.userId}`,
      cells: [
        cell(account.email, paths.adminUser(account.userId), flags.filter((each) => each !== '').join(', ')),
        cell(inZone(account.createdAt, tz).slice(0, 10)),
        cell(account.seenAt === null ? 'not signed in' : inZone(account.seenAt, tz).slice(0, 10)),
        cell(String(account.projects)),
        cell(`${account.checks} of ${account.checkLimit}`),
        cell(account.hasSecondStep ? 'on' : 'off'),
        cell(account.reports),
      ],
      forms: [],
    }
  }

  async function one(
    request: Request,
    response: Response,
    user: User,
    { problem = null, fresh = null }: { problem?: Problem | null; fresh?: AdminPage['fresh'] },
  ): Promise<void> {
    const { user: me } = visitorOf(request)
    const { tz } = me
    const [account, sessions, events, projects] = await Promise.all([
      store.administration.account(user.id),
      store.signIns.ofUser(user.id, clock()),
      store.accountEvents.ofUser(user.id, EVENTS),
      store.projects.ofUser(user.id),
    ])
    const isMe = user.id === me.id
    const part = (name: Parameters<typeof paths.adminUserPart>[1]) => paths.adminUserPart(user.id, name)
    const button = (
      name: Parameters<typeof paths.adminUserPart>[1],
      submit: string,
      more: Partial<AdminForm> = {},
    ) => adminForm({ action: part(name), submit, hook: name, ...more })
    const model = adminPage('users', paths, {
      heading: user.email,
      back: { text: 'Users', url: paths.admin('users') },
      fresh,
      errors: summaryOf(problem),
      sections: [
        adminSection({
          id: 'account',
          heading: 'Account',
          facts: [
            fact('Created', inZone(user.createdAt, tz).slice(0, 16)),
            fact('State', user.disabled ? 'disabled' : 'active'),
            fact('Administrator', user.isAdmin ? 'yes' : 'no'),
            fact('Second step', account?.hasSecondStep === true ? 'on' : 'off'),
            fact('Password', user.passwordHash === null ? 'none' : 'set'),
            fact('Checks', `${account?.checks ?? 0} of ${user.checkLimit}`),
            fact('Projects', projects.map(({ name }) => name).join(', ') || 'none'),
          ],
          forms: [
            ...(isMe
              ? []
              : [
                  user.disabled
                    ? button('enable', 'Enable')
                    : button('disable', 'Disable', { isDanger: true }),
                  button('administrator', user.isAdmin ? 'Take administration away' : 'Make administrator'),
                ]),
            button('end_sessions', 'End all sessions'),
            button('reset_second_step', 'Reset second steps', { isDanger: true }),
            button('link', 'Make a sign-in link', { hidden: [{ name: 'purpose', value: 'sign-in' }] }),
            button('link', 'Make a password link', {
              hidden: [{ name: 'purpose', value: 'reset' }],
              hook: 'reset-link',
            }),
          ],
        }),
        adminSection({
          id: 'limits',
          heading: 'Limits',
          forms: [
            button('limits', 'Save limits', {
              fields: [
                field({
                  name: 'checks',
                  label: 'Checks',
                  type: 'number',
                  value: String(user.checkLimit),
                  error: problem?.fields?.['checks'] ?? '',
                }),
                field({
                  name: 'pings',
                  label: 'Pings kept per check',
                  type: 'number',
                  value: String(user.pingLogLimit),
                  help: 'Projects may say otherwise for themselves.',
                  error: problem?.fields?.['pings'] ?? '',
                }),
              ],
            }),
          ],
        }),
        adminSection({
          id: 'sessions',
          heading: 'Sessions',
          table: {
            caption: `Sessions of ${user.email}. Times in ${tz}.`,
            columns: ['Last seen', 'From', 'Browser'],
            rows: sessions.map(({ key, seenAt, address, agent }) => ({
              hook: `session-${key.slice(0, 8)}`,
              cells: [cell(inZone(seenAt, tz)), cell(address ?? 'unknown'), cell(agent)],
              forms: [],
            })),
            empty: 'Not signed in anywhere.',
          },
        }),
        adminSection({
          id: 'events',
          heading: 'Recent security events',
          table: {
            caption: `Events of ${user.email}. Times in ${tz}.`,
            columns: ['When', 'What', 'From'],
            rows: events.map(({ at, kind, detail, address }, i) => ({
              hook: `event-${i}`,
              cells: [
                cell(inZone(at, tz)),
                cell(kind.replaceAll('-', ' '), null, detail),
                cell(address ?? ''),
              ],
              forms: [],
            })),
            empty: 'None.',
          },
        }),
      ],
    })
    await showAdmin(request, response, model, problem ? STATUS[problem.code] : 200)
  }

  return routes
}

function whole(given: string | undefined): number {
  const text = (given ?? '').trim()
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN
}
