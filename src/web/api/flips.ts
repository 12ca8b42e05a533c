import type { App } from '../../app'
import type { Flip } from '../../core/check'
import { apiTime } from '../../core/check-document'
import { SECOND } from '../../core/time'
import type { Instant } from '../../core/time'
import { refusal } from './answer'
import { checkLoaders } from './checks'
import { pageAnswer, pageOf } from './paging'
import { apiRoute, empty, json, UNIQUE_KEY, UUID } from './route'
import type { ApiRoute } from './route'

/** The last moment that can be asked for, and the longest time back from now, in seconds. */
const LAST_SECOND = 10_000_000_000
const LONGEST_SECONDS = 31_536_000

/** Changes of status: E11 and E12 of spec/management-api.md §8. */
export function flipRoutes(app: App): ApiRoute[] {
  const { store, clock } = app
  const { withCheck, withCheckByKey } = checkLoaders(app)

  const list: Parameters<typeof withCheck>[0] = async (call, check) => {
    const between = betweenOf(call.query, clock())
    if (between === null) return empty(400)
    const page = pageOf(call)
    if (!page.ok) return refusal(page.problem)
    if (page.value !== null) {
      const { before: beforeId, limit } = page.value
      const { flips, next } = await store.flips.page(check.id, { ...between, beforeId, limit })
      return pageAnswer(call, { flips: flips.map(present) }, next)
    }
    const flips = await store.flips.between(check.id, between)
    return json({ flips: flips.map(present) })
  }

  return [
    apiRoute(`checks/(${UUID})/flips/`, {
      GET: { needs: 'read-only', summary: 'Lists changes of status, newest first.', answer: withCheck(list) },
    }),
    apiRoute(`checks/(${UNIQUE_KEY})/flips/`, {
      GET: {
        needs: 'read-only',
        summary: 'The same by the public alias of a check.',
        answer: withCheckByKey(list),
      },
    }),
  ]
}

function present({ at, to }: Flip): { timestamp: string; up: 0 | 1 } {
  return { timestamp: apiTime(at), up: to === 'up' ? 1 : 0 }
}

/** From when until when the question goes, or null when a parameter is not what it may be: [M46]. */
function betweenOf(query: URLSearchParams, nowAt: Instant): { fromAt: Instant; untilAt: Instant } | null {
  const start = secondsOf(query.getAll('start').at(-1), LAST_SECOND)
  const end = secondsOf(query.getAll('end').at(-1), LAST_SECOND)
  // An empty one, and a fraction of nothing, are as good as none.
  const back =
    query
      .getAll('seconds')
      .at(-1)
      ?.replace(/\.0+(?=\s*$)/, '') || undefined
  const seconds = secondsOf(back, LONGEST_SECONDS)
  if (start === 'wrong' || end === 'wrong' || seconds === 'wrong') return null
  return {
    fromAt: Math.max((start ?? 0) * SECOND, seconds ? nowAt - seconds * SECOND : 0),
    untilAt: end === null ? Number.MAX_SAFE_INTEGER : end * SECOND,
  }
}

/** A whole number in any way that the reference reads one; null when there is none. */
function secondsOf(text: string | undefined, most: number): number | null | 'wrong' {
  if (text === undefined) return null
  const [, sign, digits] = /^\s*([+-]?)(\d+(?:_\d+)*)\s*$/.exec(text) ?? []
  if (digits === undefined) return 'wrong'
  const number = Number(`${sign}${digits.replaceAll('_', '')}`)
  return number >= 0 && number <= most ? number : 'wrong'
}
