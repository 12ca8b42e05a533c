import type { Request, RequestHandler, Response } from 'express'
import { validTiming } from '../actions/check-input'
import { networkOf, spend } from '../actions/limits'
import type { Check } from '../core/check'
import type { Schedule } from '../core/schedule'
import { MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { retryAfter, STATUS } from './answer'
import { contextOf } from './context'
import { showError } from './errors'
import { formOf } from './fields'
import { isFragment } from './fragments'
import type { Form } from './fields'
import { render, renderPart } from './render'
import { readTiming, withoutCommand } from './schedule-form'
import type { CheckFormPage, SchedulePreview } from './schedule-models'
import { schedulePreview } from './schedule-preview'
import type { Frame } from './views'

/** Asking for a schedule, with a preview of it: web-ui.md C02, C06. */

/** Previews in a minute, of one person, and of everybody behind an address who is not signed in. */
const OF_PERSON = { limit: 60, periodMs: MINUTE }
const OF_STRANGERS = { limit: 30, periodMs: MINUTE }

export interface Asked {
  /** Without the command of a pasted line. */
  form: Form
  schedule: Schedule
  graceMs: number
  preview: SchedulePreview
}

/** What a form says, and what that would do to the check, if there is one yet. */
export function asked(given: Form, about: { check: Check | null; nowAt: Instant; tz: string }): Asked {
  const { form, pasted } = withoutCommand(given)
  const timing = readTiming(form)
  const valid = validTiming(timing)
  const { schedule, graceMs } = valid.ok ? valid.value : timing
  const problem = valid.ok ? null : valid.problem
  return { form, ...timing, preview: schedulePreview({ ...about, schedule, graceMs, problem, pasted }) }
}

/** Whether a form asks to be shown again with a preview, instead of being saved. */
export function asksForPreview(form: Form): boolean {
  return form['do'] === 'preview'
}

/** Lets a form through that is saved, and as many previews as are good for everybody. */
export const limitPreviews: RequestHandler = async (request, response, next) => {
  const isAnswered = asksForPreview(formOf(request.body)) && !(await mayPreview(request, response))
  if (!isAnswered) next()
}

/** Takes one preview from what there is; when there is none left, that was answered. */
export async function mayPreview(request: Request, response: Response): Promise<boolean> {
  const { site, visitor, peer } = contextOf(request)
  const limit = visitor
    ? { what: 'preview', who: `user ${visitor.user.id}`, ...OF_PERSON }
    : { what: 'preview', who: networkOf(peer.address), ...OF_STRANGERS }
  const spent = await spend(site.app.store.budgets, [limit], site.app.clock())
  if (spent.ok) return true
  retryAfter(response, spent.problem)
  await showError(request, response, STATUS.too_many, { detail: spent.problem.message })
  return false
}

/** Shows the form, or to a script only its preview. */
export async function showTiming(
  request: Request,
  response: Response,
  model: CheckFormPage,
  frame: Frame,
): Promise<void> {
  const wantsPreview = isFragment(request) && asksForPreview(formOf(request.body))
  if (wantsPreview) await renderPart(request, response, 'schedule-preview', { preview: model.timing.preview })
  else await render(request, response, 'check-form', model, frame)
}
