import { Router } from 'express'
import type { Request, RequestHandler, Response } from 'express'
import type { Half, In, Out, SecondWay } from '../../actions/second-step'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import { count } from '../../core/words'
import type { GateForm } from '../account-models'
import { retryAfter, STATUS } from '../answer'
import { browserOf, enter, wayBack } from '../browser'
import { nonceOf } from '../csrf'
import { showError } from '../errors'
import { field, formOf, summaryOf } from '../fields'
import { gate, gateForm } from '../gates'
import { pathsBelow } from '../paths'
import { originOf } from './passkeys'
import { render } from '../render'
import { rootPath } from '../show'
import { digest } from '../../world/secrets'

/** So few recovery codes left are a reason to make new ones: A07 of web-ui.md. */
const FEW_CODES = 2

/** The second step of a sign-in: spec/web-ui.md A05–A07. */
export function secondStepPages({ actions, config, store }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const tooLate = `${paths.signIn}?notice=late`

  const WORDS: Record<SecondWay, string> = {
    passkey: 'Use a passkey or security key',
    totp: 'Use the authenticator app',
    recovery: 'Use a recovery code',
  }

  function formOfWay(way: SecondWay, problem: Problem | null): GateForm {
    const about = { action: paths.secondStep(way), hook: 'submit' }
    const error = problem?.fields?.['code'] ?? ''
    switch (way) {
      case 'passkey':
        return gateForm({
          ...about,
          submit: 'Use your security key',
          hook: 'passkey',
          passkey: {
            optionsUrl: `${paths.secondStep('passkey')}question/`,
            ceremony: 'get',
            isConditional: false,
            startsItself: true,
          },
        })
      case 'totp':
        return gateForm({
          ...about,
          fields: [
            field({
              name: 'code',
              label: 'Code of your authenticator app',
              help: 'Six digits.',
              error,
              maxLength: 20,
              autocomplete: 'one-time-code',
              isFirst: true,
            }),
          ],
          submit: 'Sign in',
        })
      case 'recovery':
        return gateForm({
          ...about,
          fields: [
            field({
              name: 'code',
              label: 'Recovery code',
              help: 'Like xxxx-xxxx-xxxx. Each works once.',
              error,
              maxLength: 40,
              isCode: true,
              isFirst: true,
            }),
          ],
          submit: 'Sign in',
        })
    }
  }

  async function show(
    request: Request,
    response: Response,
    half: Half,
    way: SecondWay,
    problem: Problem | null,
  ): Promise<void> {
    const others = half.ways.filter((each) => each !== way)
    const model = gate({
      heading: 'One more step',
      intro: [way === 'passkey' ? 'Show the key that belongs to your account.' : ''].filter((each) => each),
      problems: summaryOf(problem),
      forms: [formOfWay(way, problem)],
      links: [
        ...others.map((each) => ({ text: WORDS[each], url: paths.secondStep(each), hook: `use-${each}` })),
        { text: 'Sign in as somebody else', url: paths.signIn, hook: 'again' },
      ],
    })
    if (problem) retryAfter(response, problem)
    response.setHeader('Cache-Control', 'no-store')
    await render(request, response, 'gate', model, {
      title: 'Second step',
      status: problem ? STATUS[problem.code] : 200,
      bare: true,
      ...(way === 'passkey' ? { scripts: ['passkeys'] } : {}),
    })
  }

  const page =
    (way: SecondWay): RequestHandler =>
    async (request, response) => {
      if (way === 'passkey' && config.rpId === null) return showError(request, response, 404)
      const half = await actions.secondStep.half(nonceOf(request) ?? '')
      if (half === null) return response.redirect(303, tooLate)
      if (half.ways.includes(way)) return show(request, response, half, way, null)
      response.redirect(303, paths.secondStep(half.ways[0] ?? 'totp'))
    }

  const answer =
    (
      way: SecondWay,
      take: (secret: string, form: string, request: Request) => Promise<In | Out>,
    ): RequestHandler =>
    async (request, response) => {
      const secret = nonceOf(request) ?? ''
      const { code = '' } = formOf(request.body)
      const half = await actions.secondStep.half(secret)
      if (half === null) return response.redirect(303, tooLate)
      const taken = await take(secret, code, request)
      if (taken.ok) return done(request, response, taken)
      const { problem, over } = taken
      if (over && problem.code === 'invalid') return response.redirect(303, tooLate)
      await show(request, response, half, way, problem)
    }

  async function done(request: Request, response: Response, { ticket, next, left }: In): Promise<void> {
    await enter(request, response, ticket)
    if (left !== null) {
      const text = `Recovery code used. ${count(left, 'code')} left.`
      const link = { text: 'Create new codes', url: paths.recoveryCodes }
      const said =
        left <= FEW_CODES ? { tone: 'warning' as const, text, link } : { tone: 'info' as const, text }
      await store.signIns.setFlash(digest(ticket.cookie), said)
    }
    response.redirect(303, wayBack(request, next) ?? paths.home)
  }

  routes.get('/accounts/login/two_factor/', page('passkey'))
  routes.get('/accounts/login/two_factor/totp/', page('totp'))
  routes.get('/accounts/login/two_factor/recovery/', page('recovery'))

  routes.post('/accounts/login/two_factor/question/', async (request, response) => {
    const bond = nonceOf(request) ?? ''
    const half = await actions.secondStep.half(bond)
    if (half === null || actions.passkeys === null) return showError(request, response, 404)
    response.setHeader('Cache-Control', 'no-store')
    response.json(await actions.passkeys.askForSecondStep(half.user.id, bond))
  })

  routes.post('/accounts/login/two_factor/', async (request, response) => {
    const bond = nonceOf(request) ?? ''
    const half = await actions.secondStep.half(bond)
    if (actions.passkeys === null) return showError(request, response, 404)
    if (half === null) return response.redirect(303, tooLate)
    const given = { text: formOf(request.body)['answer'] ?? '', origin: originOf(request), bond }
    const taken = await actions.passkeys.secondStep(bond, given, browserOf(request))
    if (taken.ok) return done(request, response, taken.value)
    if (taken.problem.code === 'not_found') return response.redirect(303, tooLate)
    await show(request, response, half, 'passkey', taken.problem)
  })

  routes.post(
    '/accounts/login/two_factor/totp/',
    answer('totp', (secret, code, request) => actions.secondStep.withTotp(secret, code, browserOf(request))),
  )
  routes.post(
    '/accounts/login/two_factor/recovery/',
    answer('recovery', (secret, code, request) =>
      actions.secondStep.withRecoveryCode(secret, code, browserOf(request)),
    ),
  )

  return routes
}
