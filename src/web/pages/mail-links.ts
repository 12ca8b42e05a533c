import type { Request, Response } from 'express'
import { MINUTE } from '../../core/time'
import type { Instant } from '../../core/time'
import { contextOf } from '../context'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { errorPage } from './errors'

/** Scanners open the links of a mail within minutes of its arrival: web-ui.md A26. */
const SCANNERS_MS = 5 * MINUTE

/** Whether a mail was sent so long ago that it is a person who opens its link. */
export function isPastScanners(madeAt: Instant, nowAt: Instant): boolean {
  return nowAt - madeAt > SCANNERS_MS
}

/** The kinds of links in mails: what each is called, and how to get a new one. */
const KINDS = {
  reset: {
    what: 'to set a new password',
    anew: 'It works once, for one hour. Ask for another one where you sign in.',
  },
  'not me': { what: 'to stop a change of address', anew: 'It works once, for seven days.' },
  'integration address': {
    what: 'to confirm an address for alerts',
    anew: 'Whoever looks after the integration can send another one, on its page.',
  },
  unsubscribe: {
    what: 'to unsubscribe',
    anew: 'The newest mail has a good one; in the account, under E-mail reports, they can be turned off, too.',
  },
  'unsubscribe from alerts': {
    what: 'to unsubscribe from alerts',
    anew: 'The newest alert has a good one. What it belongs to may be removed already.',
  },
  acknowledge: {
    what: 'to answer an alert',
    anew: 'What it belongs to may be removed; look at the check itself.',
  },
}

/** What somebody sees who opens a link from a mail that is not, or no longer, right: E12 of web-ui.md. */
export async function badLink(request: Request, response: Response, kind: keyof typeof KINDS): Promise<void> {
  const { site, requestId } = contextOf(request)
  const { home } = pathsBelow(site.root)
  const { what, anew } = KINDS[kind]
  const model = {
    ...errorPage(404, { home, requestId }),
    heading: 'This link does not work',
    text: [`The link ${what} is incomplete, used or too old. Copy the whole address from the mail.`, anew],
  }
  await render(request, response, 'error', model, { title: model.heading, status: 404, bare: true })
}
