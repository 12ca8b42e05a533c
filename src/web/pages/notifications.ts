import { Router } from 'express'
import type { Request, Response } from 'express'
import { REMINDERS } from '../../actions/mail-wishes'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import type { MailWishes } from '../../store/reports'
import { signedIn, visitorOf } from '../auth'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { fixedMoment, rootPath } from '../show'
import { say } from '../strings'
import type { NotificationsPage } from '../view-models'
import type { Field } from '../view-parts'
import { badLink, isPastScanners } from './mail-links'

/** What the site writes to people besides alerts, and how they stop it: A24 and A26 of web-ui.md. */
export function notificationPages(app: App): Router {
  const { config, clock, actions } = app
  const root = rootPath(config.siteRoot)
  const paths = pathsBelow(root)
  const routes = Router()

  routes.get('/accounts/profile/notifications/', signedIn, async (request: Request, response: Response) => {
    await show(request, response, formFrom(await actions.mailWishes.of(visitorOf(request).user)), null)
  })

  routes.post('/accounts/profile/notifications/', signedIn, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const saved = await actions.mailWishes.save(visitorOf(request).user, form)
    if (!saved.ok) return await show(request, response, form, saved.problem)
    await flash(request, { tone: 'success', text: say('M-INT-2') })
    response.redirect(303, paths.notifications)
  })

  async function show(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const { user } = visitorOf(request)
    const { nextReportAt } = await actions.mailWishes.of(user)
    const model: NotificationsPage = {
      action: paths.notifications,
      email: user.email,
      fields: fieldsOf(form, problem),
      errors: summaryOf(problem),
      nextReport: nextReportAt === null ? null : fixedMoment(nextReportAt, user.tz),
      tz: user.tz,
      whyNot:
        config.mail === null ? 'This site cannot send mails: whoever runs it has not set EMAIL_HOST.' : '',
      cancelUrl: paths.home,
    }
    const status = problem === null ? 200 : 422
    await render(request, response, 'notifications', model, {
      title: 'E-mail reports',
      account: 'notifications',
      status,
    })
  }

  routes.get('/accounts/unsubscribe_reports/:signed/', async (request: Request, response: Response) => {
    const signed = String(request.params['signed'])
    const link = actions.mailWishes.readUnsubscribe(signed)
    if (!link.ok) return await badLink(request, response, 'unsubscribe')
    const model = {
      heading: 'Unsubscribe from reports?',
      text: ['You get no more reports, and no reminders of what is down. Alerts still come.'],
      action: `${root}/accounts/unsubscribe_reports/${signed}/`,
      submit: 'Unsubscribe',
      pressesItself: isPastScanners(link.value.madeAt, clock()),
    }
    await render(request, response, 'unsubscribe', model, { title: 'Unsubscribe', bare: true })
  })

  routes.post('/accounts/unsubscribe_reports/:signed/', async (request: Request, response: Response) => {
    const done = await actions.mailWishes.unsubscribe(String(request.params['signed']))
    if (!done.ok) return await badLink(request, response, 'unsubscribe')
    const model = {
      heading: 'You are unsubscribed',
      text: ['No more reports and reminders are sent to you. Alerts still come.'],
      link: null,
    }
    await render(request, response, 'message', model, { title: model.heading, bare: true })
  })

  return routes
}

const REPORTS = [
  ['off', 'Never'],
  ['daily', 'Daily'],
  ['weekly', 'Weekly, on Mondays'],
  ['monthly', 'Monthly, on the 1st'],
] as const

const REMINDING = [
  ['none', 'Never'],
  ['daily', 'Daily'],
  ['hourly', 'Hourly'],
] as const

function fieldsOf(form: Form, problem: Problem | null): Field[] {
  const select = (
    name: string,
    label: string,
    help: string,
    options: readonly (readonly [string, string])[],
  ): Field =>
    field({
      name,
      label,
      help,
      type: 'select',
      error: problem?.fields?.[name] ?? '',
      options: options.map(([value, text]) => ({ value, label: text, chosen: value === form[name] })),
    })
  return [
    select(
      'reports',
      'Reports',
      'How all checks fared, in the two last periods. Sent between 9:00 and 11:00 in your time zone.',
      REPORTS,
    ),
    select(
      'reminders',
      'Reminders while something is down',
      'A list of what is still down. Any channel can tell an alert again and again, too: see “While a check stays down” in its settings.',
      REMINDING,
    ),
  ]
}

function formFrom({ reportKind, nagPeriodMs }: MailWishes): Form {
  const reminders = Object.entries(REMINDERS).find(([, ms]) => ms === nagPeriodMs)?.[0]
  return { reports: reportKind, reminders }
}
