import { Router } from 'express'
import type { Request, Response } from 'express'
import { masked } from '../../actions/invitations'
import type { Opened } from '../../actions/invitations'
import type { App } from '../../app'
import type { GatePage } from '../account-models'
import type { Problem } from '../../core/problem'
import { ROLE_WORDS } from '../../core/role'
import type { InvitationInto } from '../../store/invitations'
import { digest } from '../../world/secrets'
import { retryAfter, STATUS } from '../answer'
import { actorOf, browserOf, enter } from '../browser'
import { contextOf } from '../context'
import { formOf, summaryOf } from '../fields'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { newPasswordFields } from '../password-fields'
import { flash, render } from '../render'
import { rootPath } from '../show'
import { say } from '../strings'

/** Accepting or declining an invitation, with or without an account: A27 of web-ui.md. */
export function invitationPages(app: App): Router {
  const { store, config, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/invites/:token/', async (request, response) => {
    const into = await actions.invitations.look(request.params.token)
    if (into === null) return await wrongLink(request, response)
    await show(request, response, into, null)
  })

  routes.post('/invites/:token/', async (request, response) => {
    const into = await actions.invitations.look(request.params.token)
    if (into === null) return await wrongLink(request, response)
    const { visitor } = contextOf(request)
    const { answer = '', password = '', repeat = '', tz = '' } = formOf(request.body)
    const { invitation, project } = into
    if (answer === 'decline') {
      if (visitor?.user.email !== invitation.email) return await show(request, response, into, null)
      await actions.invitations.decline(invitation)
      await flash(request, { tone: 'info', text: say('M-PRJ-16') })
      return response.redirect(303, paths.home)
    }
    if (visitor) {
      const accepted = await actions.invitations.accept(invitation, actorOf(request), project.name)
      if (!accepted.ok) return await show(request, response, into, accepted.problem)
      await flash(request, { tone: 'success', text: joined(into) })
      return response.redirect(303, paths.checks(project.code))
    }
    if ((await store.users.findByEmail(invitation.email)) !== null) {
      return response.redirect(303, signInFirst(request))
    }
    if (into.address === 'unproven') {
      const mailed = await actions.invitations.mailLink(into, browserOf(request))
      return mailed.ok
        ? await sent(request, response, into)
        : await show(request, response, into, mailed.problem)
    }
    const newcomer = { password, repeat, tz }
    const made = await actions.invitations.join(into, newcomer, browserOf(request))
    if (!made.ok) return await show(request, response, into, made.problem)
    // A new account has no second step yet.
    if (made.value.kind === 'in') {
      const { ticket } = made.value
      await enter(request, response, ticket)
      await store.signIns.setFlash(digest(ticket.cookie), { tone: 'success', text: joined(into) })
    }
    response.redirect(303, paths.checks(project.code))
  })

  async function show(
    request: Request,
    response: Response,
    into: Opened,
    problem: Problem | null,
  ): Promise<void> {
    const { invitation, project } = into
    const { visitor } = contextOf(request)
    const intro = [
      `${invitation.invitedBy} invites ${invitation.email} to the project ${project.name}, with the role ${ROLE_WORDS[invitation.role]}: ${WHAT[invitation.role]}.`,
    ]
    const base = { heading: `Join ${project.name}`, problems: summaryOf(problem) }
    const isFor = visitor?.user.email === invitation.email
    const model = visitor
      ? isFor
        ? gate({ ...base, intro, forms: answers(request) })
        : gate({
            ...base,
            intro: [
              `This invitation is for ${masked(invitation.email)}. Sign out and use the right account.`,
              `You are signed in as ${visitor.user.email}.`,
            ],
            forms: [
              gateForm({
                action: `${contextOf(request).site.root}/accounts/logout/`,
                submit: 'Sign out',
                hook: 'sign-out',
              }),
            ],
            links: [{ text: 'To your projects', url: paths.home, hook: 'home' }],
          })
      : (await store.users.findByEmail(invitation.email)) === null
        ? gate({
            ...base,
            intro,
            forms: [into.address === 'unproven' ? proof(request, into) : newAccount(request, into, problem)],
          })
        : gate({
            ...base,
            intro: [...intro, 'Sign in to answer.'],
            links: [{ text: 'Sign in', url: signInFirst(request), hook: 'sign-in' }],
          })
    if (problem) retryAfter(response, problem)
    await reply(request, response, model, problem ? STATUS[problem.code] : 200)
  }

  async function sent(request: Request, response: Response, { invitation }: Opened): Promise<void> {
    const model = gate({
      heading: 'Look into your mail',
      intro: [
        `A link is on its way to ${masked(invitation.email)}. It is good for one hour.`,
        'If nothing comes, look for it among the spam, or open the invitation and ask again.',
      ],
      links: [{ text: 'Back', url: paths.invite(String(request.params['token'])), hook: 'back' }],
    })
    await reply(request, response, model, 200)
  }

  async function reply(request: Request, response: Response, model: GatePage, status: number): Promise<void> {
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('Cache-Control', 'no-store')
    await render(request, response, 'gate', model, { title: model.heading, status, bare: true })
  }

  function answers(request: Request) {
    const action = paths.invite(String(request.params['token']))
    return [
      gateForm({ action, hidden: [{ name: 'answer', value: 'accept' }], submit: 'Accept', hook: 'accept' }),
      gateForm({
        action,
        hidden: [{ name: 'answer', value: 'decline' }],
        submit: 'Decline',
        hook: 'decline',
      }),
    ]
  }

  function proof(request: Request, { invitation }: Opened) {
    return gateForm({
      action: paths.invite(String(request.params['token'])),
      intro: `This link was passed on by hand, so it does not show that the address is yours. We mail one that does to ${masked(invitation.email)}.`,
      submit: 'Mail me a link',
      hook: 'send-link',
    })
  }

  function newAccount(request: Request, { address }: Opened, problem: Problem | null) {
    const canMail = address === 'theirs' && config.mail !== null
    const fields = newPasswordFields(problem).map((each) => ({ ...each, required: !canMail }))
    return gateForm({
      action: paths.invite(String(request.params['token'])),
      hidden: [{ name: 'tz', value: '' }],
      intro: canMail
        ? 'You get an account for this address. The password may wait: you can always sign in by a link that is mailed to you.'
        : 'You get an account for this address. Choose its password.',
      fields,
      submit: 'Create account and join',
      hook: 'join',
    })
  }

  function signInFirst(request: Request): string {
    const back = paths.invite(String(request.params['token']))
    return `${paths.signIn}?next=${encodeURIComponent(back)}`
  }

  async function wrongLink(request: Request, response: Response): Promise<void> {
    const model = gate({
      heading: 'This invitation is not good any more',
      intro: [
        'It was used, revoked or replaced by a newer one, or it is older than seven days. Ask whoever invited you for a new one.',
      ],
      links: [{ text: 'To the start page', url: paths.home, hook: 'home' }],
    })
    await reply(request, response, model, 404)
  }

  return routes
}

/** What the one who accepts may do. */
const WHAT: Record<InvitationInto['invitation']['role'], string> = {
  'read-only': 'you look at checks, logs and integrations, and change nothing',
  member: 'you make, edit and remove checks and integrations',
  manager: 'you work on checks and integrations, and invite others',
}

function joined({ invitation, project }: InvitationInto): string {
  return say('M-PRJ-8', { project: project.name, role: ROLE_WORDS[invitation.role] })
}
