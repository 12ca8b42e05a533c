import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { DAY } from '../../core/time'
import type { Account, AccountFlag } from '../../store/administration'
import { STATUS } from '../answer'
import { adminForm, adminPage, adminSection, cell } from '../admin-page'
import type { AdminPage } from '../admin-models'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { field, formOf, summaryOf } from '../fields'
import { pathsBelow } from '../paths'
import { numberOf, valueOf } from '../query'
import { inZone, rootPath } from '../show'
import { showAdmin } from '../admin-show'

const ON_A_PAGE = 100
const INACTIVE_MS = 182 * DAY

const FLAGS: Record<AccountFlag, string> = {
  inactive: 'Inactive for 6 months',
  disabled: 'Disabled',
  administrator: 'Administrators',
  'over limit': 'Over their limit',
}

/** All accounts: X02 of web-ui.md. */
export function adminUserListPages(app: App): Router {
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
      text:
        config.mail === null
          ? 'It lets them set a password, once, within an hour.'
          : 'It lets them set a password, once, within an hour. They get it by mail, too.',
      secret: link,
    })
  })

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
    const flags = [
      account.isAdmin ? 'administrator' : '',
      account.disabled ? 'disabled' : '',
      account.closeAt === null ? '' : `closes on ${inZone(account.closeAt, tz).slice(0, 10)}`,
    ]
    return {
      hook: `user-${account.userId}`,
      cells: [
        cell(account.email, paths.adminUser(account.userId), flags.filter((each) => each !== '').join(', ')),
        cell(inZone(account.createdAt, tz).slice(0, 10)),
        cell(account.seenAt === null ? 'not signed in' : inZone(account.seenAt, tz).slice(0, 10)),
        cell(String(account.projects)),
        cell(
          `${account.checks} of ${account.checkLimit}`,
          null,
          account.checks > account.checkLimit ? 'over the limit' : '',
        ),
        cell(account.hasSecondStep ? 'on' : 'off'),
        cell(account.reports),
      ],
      forms: [],
    }
  }

  return routes
}
