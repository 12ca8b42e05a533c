import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Problem } from '../../core/problem'
import type { Signal } from '../../core/signal'
import { count } from '../../core/words'
import { frameOfCheck, trailToCheck } from '../about-check'
import { STATUS } from '../answer'
import { checkOf, onCheck, visitorOf } from '../auth'
import { contextOf } from '../context'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import { nameOf, rootPath, statusOf } from '../show'
import { say } from '../strings'

const SIGNALS: { value: Signal; label: string }[] = [
  { value: 'success', label: 'Success' },
  { value: 'start', label: 'Start' },
  { value: 'fail', label: 'Failure' },
  { value: 'log', label: 'Log: keeps the message, changes nothing' },
]

/** A ping that a person sends from a page: C11 of web-ui.md. */
export function pingNowPages(app: App): Router {
  const { config, store, actions, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const own = onCheck('member')

  routes.get('/checks/:check/ping_now/', own, async (request: Request, response: Response) => {
    await ask(request, response, {}, null)
  })

  routes.post('/checks/:check/ping_now/', own, async (request: Request, response: Response) => {
    const form = formOf(request.body)
    const { message = '' } = form
    const signal = SIGNALS.find(({ value }) => value === (form['signal'] ?? 'success'))?.value
    if (signal === undefined) {
      const text = say('M-FORM-4')
      return await ask(request, response, form, { code: 'invalid', message: text, fields: { signal: text } })
    }
    const check = checkOf(request)
    const { peer } = contextOf(request)
    const sent = await actions.handPings.send(check, {
      signal,
      message: message.replaceAll('\r\n', '\n'),
      email: visitorOf(request).user.email,
      remoteAddress: peer.address,
      scheme: peer.scheme,
    })
    if (!sent.ok) return await ask(request, response, form, sent.problem)
    await flash(request, { tone: 'success', text: say('M-CHK-11') })
    response.redirect(303, paths.check(check.code))
  })

  async function ask(
    request: Request,
    response: Response,
    form: Form,
    problem: Problem | null,
  ): Promise<void> {
    const check = checkOf(request)
    const signal = form['signal'] ?? 'success'
    const status = problem === null ? 200 : problem.code === 'invalid' ? 422 : STATUS[problem.code]
    const model = {
      trail: trailToCheck(request, paths),
      heading: `Ping ${nameOf(check)} now`,
      intro: await consequences(request),
      action: paths.checkPart(check.code, 'ping_now'),
      hidden: [],
      groups: [
        {
          legend: '',
          fields: [
            field({
              name: 'signal',
              label: 'Signal',
              type: 'select',
              isFirst: true,
              error: problem?.fields?.['signal'] ?? '',
              options: SIGNALS.map(({ value, label }) => ({ value, label, chosen: value === signal })),
            }),
            field({
              name: 'message',
              label: 'Message',
              type: 'area',
              value: form['message'] ?? '',
              error: problem?.fields?.['message'] ?? '',
              help: 'Kept as the body of the ping. May stay empty.',
              maxLength: 10_000,
            }),
          ],
        },
      ],
      errors: summaryOf(problem),
      submit: 'Send ping',
      cancelUrl: paths.check(check.code),
      notes: [],
      placeholders: [],
    }
    await render(request, response, 'form', model, frameOfCheck(request, 'Ping now', { status }))
  }

  /** What a ping would change, and who would hear of it. */
  async function consequences(request: Request): Promise<string> {
    const check = checkOf(request)
    const told = (await store.channels.ofCheck(check.id)).filter(
      ({ disabled, verified }) => !disabled && verified,
    )
    const status = statusOf(check, clock())
    const sentences = (['success', 'fail'] as const).map((signal) => {
      const { kind, isNews } = actions.handPings.foresee(check, signal)
      const word = signal === 'success' ? 'a success' : 'a failure'
      if (kind === 'ign') return `By its filtering rules, ${word} without a message is ignored.`
      if (isNews === null) return ''
      const tells = told.filter((each) => (isNews === 'up' ? each.tellsUp : each.tellsDown)).length
      return `The check is ${status}; ${word} marks it ${isNews} and alerts ${count(tells, 'integration')}.`
    })
    return sentences.filter((sentence) => sentence !== '').join(' ')
  }

  return routes
}
