import type { Request } from 'express'
import type { SettingChanges, SiteSettingActions } from '../actions/site-settings'
import { actorOf } from './browser'

/** How a test of the mail server went. */
export interface TriedMail {
  to: string
  result: string
  isGood: boolean
  /** What was said with the server. */
  lines: readonly string[]
}

/** Sends a mail as if these settings were saved, and tells what became of it. */
export async function tryMail(
  { testMail }: Pick<SiteSettingActions, 'testMail'>,
  request: Request,
  to: string,
  changes: SettingChanges = {},
): Promise<TriedMail> {
  const tried = await testMail(actorOf(request), to, changes)
  if (!tried.ok) return { to, result: tried.problem.message, isGood: false, lines: [] }
  const { delivery, lines } = tried.value
  const result = delivery.ok
    ? `The relay has taken the mail to ${to}.`
    : `The mail to ${to} was not sent: ${delivery.reason}.`
  return { to, result, isGood: delivery.ok, lines }
}
