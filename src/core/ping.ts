import { flipTo, rearm, withResult } from './check'
import type { Check, OpenRun, Outcome } from './check'
import { signalOf } from './signal'
import type { PingKind, Signal } from './signal'
import type { Instant } from './time'

/** A sign of life on its way in: what came, before any check was looked at. */
export interface ArrivingPing {
  at: Instant
  /** What the address says. */
  signal: Signal
  /** 0…255 when the address ended in a number. */
  exitStatus: number | null
  /** Lower-case UUID, or null. */
  runId: string | null
  scheme: 'http' | 'https' | 'email'
  /** Upper case, at most 10 characters; '' for e-mail. */
  method: string
  userAgent: string
  remoteAddress: string | null
  /** Already cut to the limit; null when there is none. */
  body: Buffer | null
  /** What filters search in an e-mail: of the whole mail, before the cut. Absent for HTTP. */
  mail?: MailText
}

/** An e-mail as filters read it: spec/ping-api.md [P54]. */
export interface MailText {
  subject: string
  /** The plain text and the text of the HTML part, joined by a line feed. */
  body: string
}

/** A ping as it is kept, numbered within its check from 1 without gaps. */
export interface Ping extends Omit<ArrivingPing, 'signal' | 'body' | 'mail'> {
  n: number
  kind: PingKind
  /** Bytes that are kept. */
  bodyBytes: number
}

/** What a ping did to its check, and how it is kept. */
export interface Received extends Outcome {
  ping: Ping
}

/** Decides what a ping does to its check: spec/ping-api.md §6. */
export function applyPing(check: Check, arriving: ArrivingPing): Received {
  const kind = signalOf(check, arriving)
  const outcome = apply(check, kind, arriving)
  const pingCount = check.pingCount + 1
  const { signal: _, mail: __, body, ...rest } = arriving
  return {
    check: { ...outcome.check, pingCount, hasConfirmationLink: mentionsConfirmation(body) },
    flip: outcome.flip,
    ping: { ...rest, n: pingCount, kind, bodyBytes: body?.length ?? 0 },
  }
}

function apply(check: Check, kind: PingKind, { at, runId }: ArrivingPing): Outcome {
  switch (kind) {
    case 'ign':
    case 'log':
      return { check: rearm(check, at), flip: null }
    case 'start':
      return { check: rearm({ ...check, openRun: { runId, startedAt: at } }, at), flip: null }
    case 'success': {
      const results = withResult(check.results, '1')
      return flipTo(endRun({ ...check, lastPingAt: at, results }, kind, at, runId), 'up', at)
    }
    case 'fail': {
      const results = withResult(check.results, '0')
      const failed = { ...check, lastPingAt: at, results, notableCount: check.notableCount + 1 }
      return flipTo(endRun(failed, kind, at, runId), 'down', at, 'fail')
    }
  }
}

/** Pairs the end of a run with its start: the table of spec/ping-api.md [P21]. */
function endRun(check: Check, kind: 'success' | 'fail', at: Instant, runId: string | null): Check {
  const { openRun } = check
  if (openRun === null) return { ...check, lastDurationMs: null }
  if (openRun.runId === runId) return { ...check, openRun: null, lastDurationMs: durationMs(openRun, at) }
  // Another run succeeded; the one that is watched is still running.
  if (kind === 'success' && runId !== null) return { ...check, lastDurationMs: null }
  return { ...check, openRun: null, lastDurationMs: null }
}

/** Null when the clock was set back in between. */
function durationMs(run: OpenRun, endedAt: Instant): number | null {
  return endedAt >= run.startedAt ? endedAt - run.startedAt : null
}

function mentionsConfirmation(body: Buffer | null): boolean {
  return body !== null && body.toString('utf8').toLowerCase().includes('confirm')
}
