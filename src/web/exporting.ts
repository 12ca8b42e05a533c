import type { Request, Response } from 'express'
import { exportLimit, spend } from '../actions/limits'
import type { App } from '../app'
import { retryAfter } from './answer'
import { visitorOf } from './auth'
import { showError } from './errors'
import { say } from './strings'

/** What is taken along as a file, as fast as it is taken. */

/** Whether this person may have another export in this hour; if not, that is answered. */
export async function mayExport(
  { store, clock }: Pick<App, 'store' | 'clock'>,
  request: Request,
  response: Response,
): Promise<boolean> {
  const spent = await spend(store.budgets, [exportLimit(visitorOf(request).user.id)], clock())
  if (spent.ok) return true
  retryAfter(response, spent.problem)
  await showError(request, response, 429, { detail: say('M-FILE-1') })
  return false
}

/** Until more can be written, or nobody reads any more. */
export function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.once('drain', done)
    response.once('close', done)
  })
}
