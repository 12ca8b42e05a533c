import type { Request, Response } from 'express'
import { DAY } from '../core/time'
import { SWITCHES } from './body-view'
import type { BodySource } from './body-view'
import { cookieOf, setCookie } from './cookies'
import { valueOf } from './query'

/** How somebody likes to read bodies, kept by their browser: 'wrap.off-numbers.on'. */
const COOKIE = 'body'

const REMEMBERED_MS = 365 * DAY

/** What the address asks for, and where it says nothing, what was chosen last. Remembers what is chosen now. */
export function askedOf(request: Request, response: Response): BodySource['asked'] {
  const known = new Map((cookieOf(request, COOKIE) ?? '').split('-').map(pairOf))
  const said = SWITCHES.filter((key) => valueOf(request, key) !== '')
  const asked: BodySource['asked'] = {}
  for (const key of SWITCHES) {
    const value = VALUES.find((each) => each === (valueOf(request, key) || known.get(key)))
    if (value !== undefined) asked[key] = value
  }
  if (said.length > 0) {
    const pairs = Object.entries(asked).map(([key, value]) => `${key}.${value}`)
    setCookie(request, response, COOKIE, pairs.join('-'), REMEMBERED_MS)
  }
  const view = valueOf(request, 'view')
  return view === '' ? asked : { view, ...asked }
}

const VALUES = ['on', 'off', 'raw', 'pretty']

function pairOf(text: string): [string, string] {
  const [key = '', value = ''] = text.split('.')
  return [key, value]
}
