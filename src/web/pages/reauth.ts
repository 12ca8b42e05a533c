import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import type { SudoWay } from '../../store/sign-ins'
import type { GateForm } from '../account-models'
import { retryAfter, STATUS } from '../answer'
import { signedIn, visitorOf } from '../auth'
import { browserOf, wayBack } from '../browser'
import { setSession } from '../cookies'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import { gate, gateForm } from '../gates'
import { originOf } from './passkeys'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { flash, render } from '../render'
import { rootPath } from '../show'

/** Showing once more who it is: A11 of web-ui.md. */
export function reauthPages({ actions, config }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  async function show(
    request: Request,
    response: Response,
    wanted: string,
    problem: Problem | null,
  ): Promise<void> {
    const next = wayBack(request, wanted) ?? ''
    const ways = await actions.sudo.ways(visitorOf(request))
    const forms = ways.flatMap((way) => formsFor(way, { action: paths.reauth, next, problem, config }))
    const model = gate({
      heading: 'Confirm that it is you',
      intro: [
        'What comes next can lock you out, or give your account away. You are asked once in 30 minutes.',
      ],
      problems: summaryOf(problem),
      forms,
      links: [{ text: 'Cancel', url: paths.home, hook: 'cancel' }],
    })
    if (problem) retryAfter(response, problem)
    const status = problem ? STATUS[problem.code] : 200
    response.setHeader('Cache-Control', 'no-store')
    await render(request, response, 'gate', model, {
      title: 'Confirm that it is you',
      status,
      ...(ways.includes('passkey') ? { scripts: ['passkeys'] } : {}),
    })
  }

  routes.get('/accounts/reauth/', signedIn, (request: Request, response: Response) =>
    show(request, response, valueOf(request, 'next'), null),
  )

  routes.post('/accounts/reauth/', signedIn, async (request: Request, response: Response) => {
    const { next = '', way = '', action = '', answer = '', ...form } = formOf(request.body)
    const visitor = visitorOf(request)
    const browser = browserOf(request)
    if (action === 'send') {
      const sent = await actions.sudo.sendCode(visitor, browser)
      if (!sent.ok) return await show(request, response, next, sent.problem)
      await flash(request, { tone: 'info', text: 'A code is on its way to your address.' })
      const back = wayBack(request, next)
      return response.redirect(303, back ? `${paths.reauth}?next=${encodeURIComponent(back)}` : paths.reauth)
    }
    const given = { text: form[way] ?? '', code: form[way === 'totp' ? 'totp' : 'code'] ?? '' }
    const shown = { text: answer, origin: originOf(request) }
    const confirmed =
      way === 'passkey' && actions.passkeys !== null
        ? await actions.passkeys.confirm(visitor, shown, browser)
        : await actions.sudo.confirm(visitor, way, given, browser)
    if (!confirmed.ok) return await show(request, response, next, confirmed.problem)
    setSession(request, response, confirmed.value)
    response.redirect(303, wayBack(request, next) ?? paths.home)
  })

  routes.post('/accounts/reauth/question/', signedIn, async (request: Request, response: Response) => {
    if (actions.passkeys === null) return showError(request, response, 404)
    response.setHeader('Cache-Control', 'no-store')
    response.json(await actions.passkeys.askToConfirm(visitorOf(request)))
  })

  return routes
}

interface About {
  action: string
  next: string
  problem: Problem | null
  config: { mail: object | null }
}

function formsFor(way: SudoWay, { action, next, problem, config }: About): GateForm[] {
  const hidden = [
    { name: 'way', value: way },
    { name: 'next', value: next },
  ]
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  const code = field({
    name: 'code',
    label: 'Code from the mail',
    error: wrong('code'),
    autocomplete: 'one-time-code',
    maxLength: 20,
  })
  const sending = gateForm({
    action,
    hidden: [
      { name: 'action', value: 'send' },
      { name: 'next', value: next },
    ],
    submit: 'Mail me a code',
    hook: 'send-code',
  })
  switch (way) {
    case 'passkey':
      return [
        gateForm({
          heading: 'With a passkey or security key',
          action,
          hidden,
          submit: 'Use your key',
          hook: 'confirm-passkey',
          passkey: {
            optionsUrl: `${action}question/`,
            ceremony: 'get',
            isConditional: false,
            startsItself: false,
          },
        }),
      ]
    case 'totp':
      return [
        gateForm({
          heading: 'With your authenticator app',
          action,
          hidden,
          fields: [
            field({
              name: 'totp',
              label: 'Code of the app',
              error: wrong('totp'),
              autocomplete: 'one-time-code',
              maxLength: 20,
            }),
          ],
          submit: 'Confirm',
          hook: 'confirm-totp',
        }),
      ]
    case 'password':
      return [
        gateForm({
          heading: 'With your password',
          action,
          hidden,
          fields: [
            field({
              name: 'password',
              label: 'Password',
              type: 'password',
              error: wrong('password'),
              autocomplete: 'current-password',
              maxLength: 200,
            }),
          ],
          submit: 'Confirm',
          hook: 'confirm-password',
        }),
      ]
    case 'code':
      return [
        gateForm({
          heading: 'With a code by mail',
          action,
          hidden,
          fields: [code],
          submit: 'Confirm',
          hook: 'confirm-code',
        }),
        sending,
      ]
    case 'email': {
      const typed = field({
        name: 'email',
        label: 'Your e-mail address',
        type: 'email',
        error: wrong('email'),
        autocomplete: 'off',
        maxLength: 254,
      })
      const fields = config.mail === null ? [typed] : [typed, code]
      const form = gateForm({
        heading: 'With your address',
        action,
        hidden,
        fields,
        submit: 'Confirm',
        hook: 'confirm-email',
      })
      return config.mail === null ? [form] : [form, sending]
    }
  }
}
