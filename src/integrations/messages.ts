import { uniqueKey } from '../core/check-document'
import type { Notice, Stretch } from '../core/notice'
import type { Ping } from '../core/ping'
import type { Summary } from '../core/summary'
import { count, durationInWords, mailDate } from '../core/words'

// What is said in a message, whoever carries it: spec/integrations.md §4. Wording is decided here only.

const REASONS: Record<Notice['reason'], string> = {
  timeout: 'no success signal in time, grace period over',
  fail: 'the job reported a failure',
  '': '',
}

/** What the check is called; its code when it has no name. */
export function nameOf({ check }: Notice): string {
  return check.name === '' ? check.code : check.name
}

/** Where a person sees more of it. It does not give away the code of the check, which is a secret. */
export function linkOf({ check, project, isTest }: Notice, siteRoot: string): string {
  if (isTest) return `${siteRoot}/projects/${project.code}/integrations/`
  return `${siteRoot}/cloaked/${uniqueKey(check.code)}/`
}

export function statusWord({ status }: Pick<Notice, 'status'>): 'UP' | 'DOWN' {
  return status === 'up' ? 'UP' : 'DOWN'
}

/** M1: 'Nightly backup is DOWN', and 'Nightly backup is still DOWN' when it was told before. */
export function title(notice: Notice): string {
  return `${nameOf(notice)} is ${notice.round > 0 ? 'still ' : ''}${statusWord(notice)}`
}

/** M2: 'Nightly backup is DOWN (the job reported a failure).' */
export function headline(notice: Notice): string {
  const why = notice.status === 'down' ? REASONS[notice.reason] : ''
  return `${title(notice)}${why === '' ? '' : ` (${why})`}.`
}

/** M3: 'It was down for 1 hour, 30 minutes.', 'It has been down for …' when that is told again, or null. */
export function wasDown({ status, downForMs, round, at, nowAt }: Notice): string | null {
  if (round > 0) return `It has been down for ${durationInWords(Math.max(0, nowAt - at))}.`
  return status === 'up' && downForMs !== null ? `It was down for ${durationInWords(downForMs)}.` : null
}

/**
 * What the receiver was not told before, a line each: 'Not told before: it was DOWN (the job reported a
 * failure) from … to …'. Empty when nothing was missed. Decision D19.
 */
export function missedLines({ missed, tz }: Pick<Notice, 'missed' | 'tz'>): string[] {
  if (missed === null) return []
  const stretches = missed.stretches.map((one) => stretchText(one, tz))
  if (missed.count === 1) return [`Not told before: it was ${stretches[0] ?? ''}.`]
  const which = missed.count > stretches.length ? `, the last ${stretches.length} of them` : ''
  return [`Not told before: ${missed.count} changes${which}:`, ...stretches.map((text) => `- ${text}`)]
}

function stretchText({ status, reason, at, untilAt }: Stretch, tz: string): string {
  const why = status === 'down' ? REASONS[reason] : ''
  const span = `from ${mailDate(at, tz)} to ${mailDate(untilAt, tz)}`
  return `${statusWord({ status })}${why === '' ? '' : ` (${why})`} ${span}`
}

/** By which the other side tells a second try from a second message. */
export function repetitionKey({ notificationCode, round }: Notice): string {
  return round === 0 ? notificationCode : `${notificationCode}-${round}`
}

/** The same for many told in one message. */
export function summaryKey({ notificationCode }: Pick<Summary, 'notificationCode'>): string {
  return `${notificationCode}-summary`
}

/** '12 checks are DOWN after an outage of Rollcall' */
export function summaryTitle({ checks }: Summary, siteName: string): string {
  return `${count(checks.length, 'check')} ${checks.length === 1 ? 'is' : 'are'} DOWN after an outage of ${siteName}`
}

export function tagsOf({ check }: Pick<Notice, 'check'>): string[] {
  return check.tags.split(' ').filter((tag) => tag !== '')
}

/** What a ping was, in a word or two. */
export function pingWord({ kind, exitStatus }: Pick<Ping, 'kind' | 'exitStatus'>): string {
  switch (kind) {
    case 'ign':
      return 'Ignored'
    case 'fail':
      return exitStatus ? `Exit status ${exitStatus}` : 'Failure'
    case 'start':
      return 'Start'
    case 'log':
      return 'Log'
    case 'success':
      return 'Success'
  }
}
