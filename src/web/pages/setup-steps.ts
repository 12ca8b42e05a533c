import { Router } from 'express'
import type { Request, RequestHandler, Response } from 'express'
import type { SettingChanges } from '../../actions/site-settings'
import type { App } from '../../app'
import type { SavableName } from '../../config'
import type { Problem } from '../../core/problem'
import { trustBy } from '../../world/peer'
import { addressCheckOf } from '../address-check'
import type { SetupStepPage } from '../account-models'
import { STATUS } from '../answer'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { tryMail } from '../mail-test'
import type { TriedMail } from '../mail-test'
import { pathsBelow } from '../paths'
import type { SetupStep } from '../paths'
import { render } from '../render'
import { sealedFields, settingChanges, settingFields } from '../setting-fields'
import { rootPath } from '../show'

interface Step {
  name: SetupStep
  heading: string
  intro: string
  settings: readonly SavableName[]
}

/** In this order; each can be skipped, and all of it can be done later under Administration, Configuration. */
const STEPS: readonly Step[] = [
  {
    name: 'site',
    heading: 'Name and address',
    intro:
      'How the site is called, and where people and jobs find it. Links in mails and ping addresses begin with the address.',
    settings: ['SITE_NAME', 'SITE_ROOT'],
  },
  {
    name: 'mail',
    heading: 'Outgoing mail',
    intro: 'The server that takes mails: alerts, sign-in links, invitations and reports need one.',
    settings: [
      'EMAIL_HOST',
      'EMAIL_PORT',
      'EMAIL_USE_TLS',
      'EMAIL_USE_SSL',
      'EMAIL_HOST_USER',
      'EMAIL_HOST_PASSWORD',
      'DEFAULT_FROM_EMAIL',
    ],
  },
  {
    name: 'people',
    heading: 'Registration',
    intro: 'Whether visitors may make accounts for themselves. You can add and invite people in any case.',
    settings: ['REGISTRATION_OPEN'],
  },
]

/** What was entered, and what came of it. */
interface Outcome {
  form?: Form | null
  changes?: SettingChanges
  problem?: Problem | null
  tried?: TriedMail | null
}

/** The first set-up after its account was made: A01 of web-ui.md, step 2. */
export function setupStepPages(app: App): Router {
  const { actions, config, settings } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const trust = trustBy(config)
  const routes = Router()
  const { siteSettings } = actions

  for (const [i, step] of STEPS.entries()) {
    const whileItGoesOn: RequestHandler = async (request, response, next) => {
      const check = await actions.setup.goesOn(visitorOf(request).user)
      return check === null ? response.redirect(303, paths.admin('config')) : next()
    }
    routes.get(`/setup/${step.name}/`, administrator, whileItGoesOn, (request: Request, response: Response) =>
      show(request, response, step, {}),
    )
    routes.post(
      `/setup/${step.name}/`,
      administrator,
      whileItGoesOn,
      async (request: Request, response: Response) => {
        const form = formOf(request.body)
        const next = STEPS[i + 1]
        if (form['do'] !== 'skip' && !(await saved(request, response, step, form))) return
        return next ? response.redirect(303, paths.setupStep(next.name)) : await finish(request, response)
      },
    )
  }

  /** False: the form was shown again. */
  async function saved(request: Request, response: Response, step: Step, form: Form): Promise<boolean> {
    const changes = settingChanges(step.settings, form, settings, siteSettings.unwrap)
    if (form['do'] === 'try') {
      const tried = await tryMail(siteSettings, request, visitorOf(request).user.email, changes)
      await show(request, response, step, { form, changes, tried })
      return false
    }
    const outcome = await siteSettings.save(actorOf(request), changes)
    if (outcome.ok) return true
    await show(request, response, step, { form, changes, problem: outcome.problem })
    return false
  }

  async function finish(request: Request, response: Response): Promise<void> {
    const check = await actions.setup.finish(visitorOf(request).user)
    response.redirect(303, check === null ? paths.home : paths.check(check))
  }

  async function show(
    request: Request,
    response: Response,
    step: Step,
    { form = null, changes = {}, problem = null, tried = null }: Outcome,
  ): Promise<void> {
    const { email } = visitorOf(request).user
    const isMail = step.name === 'mail'
    const address = step.name === 'site' ? addressCheckOf(request, app, trust) : null
    // Most people want the address that they have just used.
    const isOpen = settings.values().some(({ name, source }) => name === 'SITE_ROOT' && source === 'default')
    const proposed = address !== null && isOpen ? { SITE_ROOT: address.used } : null
    const model: SetupStepPage = {
      heading: step.heading,
      place: `Set-up, part ${STEPS.indexOf(step) + 1} of ${STEPS.length}`,
      intro: step.intro,
      fix: (address?.fix ?? []).map((text) => ({ text, isCode: /^[A-Z_]+=/.test(text) })),
      tried: tried && { tone: tried.isGood ? 'success' : 'error', text: tried.result },
      lines: tried?.lines ?? [],
      action: paths.setupStep(step.name),
      hidden: sealedFields(changes, settings, siteSettings.wrap),
      fields: settingFields(step.settings, { settings, form: form ?? proposed, problem }),
      problems: summaryOf(problem),
      trySubmit: isMail ? 'Send a test message' : '',
      tryHelp: isMail ? `The test message goes to ${email}.` : '',
    }
    response.setHeader('Cache-Control', 'no-store')
    await render(request, response, 'setup-step', model, {
      title: step.heading,
      status: problem ? STATUS[problem.code] : 200,
      bare: true,
    })
  }

  return routes
}
