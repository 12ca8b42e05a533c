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

/** What somebody sees who opens a link from a mail that is not, or no longer, right. */
export async function badLink(request: Request, response: Response): Promise<void> {
  const { home } = pathsBelow(contextOf(request).site.root)
  const model = {
    ...errorPage(404, { home, requestId: '' }),
    heading: 'This link does not work',
    text: [
      'It is incomplete, too old, or what it belongs to was removed. Copy the whole address from the mail.',
    ],
    link: null,
  }
  await render(request, response, 'error', model, { title: model.heading, status: 404, bare: true })
}
