import { fail, ok } from '../../core/problem'
import type { Result } from '../../core/problem'
import type { ApiAnswer, ApiCall } from './route'

/** Most rows of a page, and how many there are if nobody says. */
const MOST = 1000
const USUAL = 100

/** Which part of a list is asked for: what lies before this number, newest first. */
export interface Page {
  before: number
  limit: number
}

/**
 * The page that a request of version 3 asks for with `limit` or `cursor`; null when it asks for none and gets
 * the list as older clients know it. A cursor is the `next` of the page before.
 */
export function pageOf({ version, query }: Pick<ApiCall, 'version' | 'query'>): Result<Page | null> {
  const limit = query.get('limit')
  const cursor = query.get('cursor')
  if (version < 3 || (limit === null && cursor === null)) return ok(null)
  if (limit !== null && !(/^\d{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= MOST)) {
    return fail('invalid', `limit is not a number from 1 to ${MOST}`)
  }
  if (cursor !== null && !/^\d{1,15}$/.test(cursor)) {
    return fail('invalid', 'cursor is not the "next" of another page')
  }
  return ok({
    limit: limit === null ? USUAL : Number(limit),
    before: cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor),
  })
}

/**
 * A page of a list, which says where the one that follows begins: as `next`, null for the last page, and in the
 * header `Link`, relative to the address that was asked for.
 */
export function pageAnswer(
  { query }: Pick<ApiCall, 'query'>,
  items: Record<string, unknown[]>,
  next: number | null,
): ApiAnswer {
  const following = new URLSearchParams(query)
  following.set('cursor', String(next))
  return {
    status: 200,
    json: { ...items, next: next === null ? null : String(next) },
    ...(next === null ? {} : { link: `<?${following.toString()}>; rel="next"` }),
  }
}
