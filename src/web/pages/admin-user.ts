import { Router } from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { App } from '../../app'
import type { Problem, Result } from '../../core/problem'
import type { User } from '../../core/user'
import { count } from '../../core/words'
import type { AdminPage } from '../admin-models'
import { showAdmin } from '../admin-show'
import { adminUserPage } from '../admin-user-page'
import { retryAfter, STATUS } from '../answer'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { closeAccountInput, closeAccountPage } from '../close-account-page'
import { formOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { needsSudo } from '../sudo'

const EVENTS = 20

/** One account: X03 of web-ui.md. */
export function adminUserPages(app: App): Router {
  const { store, config, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const { administration, plannedClosings } = actions

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

  routes.post(
    '/admin/users/:user/plan_deletion/',
    administrator,
    needsSudo,
    withUser(async (request, response, user) => {
      const days = whole(formOf(request.body)['days'])
      const planned = await plannedClosings.plan(actorOf(request), user, days)
      const outcome = planned.ok ? null : planned
      await done(request, response, user, outcome, `The account will be deleted in ${count(days, 'day')}.`)
    }),
  )

  routes.post(
    '/admin/users/:user/cancel_deletion/',
    administrator,
    withUser(async (request, response, user) => {
      const cancelled = await plannedClosings.cancel(actorOf(request), user)
      await done(request, response, user, cancelled, 'The account stays.')
    }),
  )

  routes.get(
    '/admin/users/:user/delete/',
    administrator,
    needsSudo,
    withUser((request, response, user) => confirmDeletion(request, response, user, {})),
  )

  routes.post(
    '/admin/users/:user/delete/',
    administrator,
    needsSudo,
    withUser(async (request, response, user) => {
      const form = formOf(request.body)
      const closed = await plannedClosings.closeNow(actorOf(request), user, closeAccountInput(form))
      if (!closed.ok) {
        return await confirmDeletion(request, response, user, { form, problem: closed.problem })
      }
      await flash(request, { tone: 'success', text: `The account ${user.email} was deleted.` })
      response.redirect(303, paths.admin('users'))
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

  async function one(
    request: Request,
    response: Response,
    user: User,
    { problem = null, fresh = null }: { problem?: Problem | null; fresh?: AdminPage['fresh'] },
  ): Promise<void> {
    const { user: me } = visitorOf(request)
    const [account, sessions, events, projects] = await Promise.all([
      store.administration.account(user.id),
      store.signIns.ofUser(user.id, clock()),
      store.accountEvents.ofUser(user.id, EVENTS),
      store.projects.ofUser(user.id),
    ])
    const model = adminUserPage({
      user,
      account,
      projects: projects.map(({ name }) => name),
      sessions,
      events,
      isMe: user.id === me.id,
      tz: me.tz,
      paths,
      problem,
      fresh,
    })
    if (problem) retryAfter(response, problem)
    await showAdmin(request, response, model, problem ? STATUS[problem.code] : 200)
  }

  async function confirmDeletion(
    request: Request,
    response: Response,
    user: User,
    { form = {}, problem = null }: { form?: Form; problem?: Problem | null },
  ): Promise<void> {
    const [owned, all] = await Promise.all([
      actions.closeAccount.owned({ user }),
      store.projects.ofUser(user.id),
    ])
    const back = paths.adminUser(user.id)
    const model = closeAccountPage({
      email: user.email,
      owned,
      memberships: all.filter(({ ownerId }) => ownerId !== user.id).map(({ name }) => name),
      form,
      problem,
      transferUrl: paths.adminProject,
      page: {
        trail: [{ text: user.email, url: back }],
        heading: `Delete ${user.email}`,
        intro:
          'This cannot be undone. What goes is gone at once; what is in object storage follows within minutes. Backups of the site keep it until they are replaced.',
        whose: 'Projects that go with the account',
        leaves: 'It leaves',
        submit: 'Delete the account',
        action: paths.adminUserPart(user.id, 'delete'),
        cancelUrl: back,
      },
    })
    response.setHeader('Cache-Control', 'no-store')
    if (problem) retryAfter(response, problem)
    const status = problem ? STATUS[problem.code] : 200
    await render(request, response, 'close-account', model, { title: model.heading, status })
  }

  return routes
}

function whole(given: string | undefined): number {
  const text = (given ?? '').trim()
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN
}
