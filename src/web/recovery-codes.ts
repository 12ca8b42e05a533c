import type { Request, Response } from 'express'
import { shownRecoveryCode } from '../core/recovery-code'
import { visitorOf } from './auth'
import { browserOf } from './browser'
import { contextOf } from './context'
import { pathsBelow } from './paths'
import { render } from './render'

/** Makes new recovery codes and shows them, this once: A21 of web-ui.md. */
export async function showRecoveryCodes(
  request: Request,
  response: Response,
  intro: string[],
): Promise<void> {
  const { site } = contextOf(request)
  const { actions, config } = site.app
  const paths = pathsBelow(site.root)
  const made = await actions.authenticator.makeRecoveryCodes(visitorOf(request), browserOf(request))
  const codes = made.map(shownRecoveryCode)
  const model = {
    trail: [{ text: 'Security', url: paths.security }],
    intro: [
      ...intro,
      'With one of these codes you sign in when you have lost your app or key. Each works once.',
    ],
    codes,
    all: codes.join('\n'),
    fileName: `${config.siteName.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-recovery-codes.txt`,
    onUrl: paths.security,
  }
  response.setHeader('Cache-Control', 'no-store')
  const about = { title: 'Recovery codes', scripts: ['recovery-codes'] }
  await render(request, response, 'recovery-codes', model, about)
}
