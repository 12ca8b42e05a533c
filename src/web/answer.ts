import type { Response } from 'express'
import type { Problem } from '../core/problem'
import { SECOND } from '../core/time'

/** The one place that knows which status a problem is. */
export const STATUS: Record<Problem['code'], number> = {
  invalid: 422,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  unavailable: 503,
}

/** Says when trying again makes sense, if that is known. */
export function retryAfter(response: Response, { retryAfterMs }: Problem): void {
  if (retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(retryAfterMs / SECOND))
}
