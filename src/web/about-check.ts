import type { IncomingMessage } from 'node:http'
import { checkOf, projectOf } from './auth'
import { contextOf } from './context'
import type { Paths } from './paths'
import { nameOf, statusOf } from './show'
import type { Crumb } from './view-parts'
import type { Frame } from './views'

/** What pages about one check have in common. */

export function trailToCheck(request: IncomingMessage, paths: Paths): Crumb[] {
  const { code, name } = projectOf(request)
  const check = checkOf(request)
  return [
    { text: name, url: paths.checks(code) },
    { text: nameOf(check), url: paths.check(check.code) },
  ]
}

export function frameOfCheck(request: IncomingMessage, title: string, more: Partial<Frame> = {}): Frame {
  const { code, name } = projectOf(request)
  return {
    title: `${title} – ${nameOf(checkOf(request))}`,
    project: { code, name },
    section: 'checks',
    shown: statusOf(checkOf(request), contextOf(request).site.app.clock()),
    ...more,
  }
}
