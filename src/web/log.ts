import { withoutAnsi } from '../core/ansi'
import type { Flip } from '../core/check'
import { downReason } from '../core/downtimes'
import type { Ping } from '../core/ping'
import { runsOf } from '../core/runs'
import { BY_HAND } from '../core/signal'
import { count, trunc } from '../core/words'
import type { LoggedNotification } from '../store/notifications'
import { mark, moment, size, took } from './show'
import type { FlipEntry, LogEntry, NotificationEntry, PingEntry } from './view-parts'

/** The log of a check: pings, changes of status and notifications in one list. web-ui.md §7.2. */

const SHORT_RUN_ID = 5
const BODY_START = 150
const USER_AGENT_START = 80

export interface LogSource {
  /** Newest first, as all of these. */
  pings: Ping[]
  /** How long the runs took that ended with these pings, by number. */
  tookMs: Map<number, number>
  flips: (Flip & { id: number })[]
  told: LoggedNotification[]
  /** What the channels are called, by id. */
  channelNames: Map<number, string>
  /** By number of the ping; only of those that were read. */
  bodies: Map<number, Buffer>
  /** How long a run may take. */
  graceMs: number
  tz: string
  pingUrl(n: number): string
  /** The events of one run. */
  runUrl(runId: string): string
}

/** Newest first; of the same moment, what followed from a ping stands above it. */
export function logEntries(source: LogSource): LogEntry[] {
  const entries = [
    ...source.told.map((each) => ({ at: each.createdAt, rank: 0, entry: toldEntry(each, source) })),
    ...source.flips.map((flip) => ({ at: flip.at, rank: 1, entry: flipEntry(flip, source) })),
    ...source.pings.map((ping) => ({
      at: ping.at,
      rank: 2,
      entry: pingEntry(ping, source.tookMs.get(ping.n) ?? null, source),
    })),
  ]
  return entries.toSorted((a, b) => b.at - a.at || a.rank - b.rank).map(({ entry }) => entry)
}

export function pingEntry(ping: Ping, durationMs: number | null, source: LogSource): PingEntry {
  return {
    type: 'ping',
    id: `ping-${ping.n}`,
    n: ping.n,
    url: source.pingUrl(ping.n),
    at: moment(ping.at, source.tz),
    ...kindOf(ping),
    duration: durationMs === null ? null : took(durationMs),
    runId:
      ping.runId === null
        ? null
        : { short: ping.runId.slice(0, SHORT_RUN_ID), whole: ping.runId, url: source.runUrl(ping.runId) },
    source: sourceOf(ping),
    userAgent: isWhoSent(ping) ? '' : trunc(ping.userAgent, USER_AGENT_START),
    body: bodyStart(ping, source.bodies.get(ping.n)),
  }
}

/** What a ping was taken for, as symbol and word. */
export function kindOf(ping: Ping): Pick<PingEntry, 'icon' | 'word'> {
  switch (ping.kind) {
    case 'success':
      return { icon: 'ok', word: 'OK' }
    case 'fail':
      return ping.exitStatus === null
        ? { icon: 'failure', word: 'Failure' }
        : { icon: 'exit', word: `Exit ${ping.exitStatus}` }
    case 'start':
      return { icon: 'started', word: 'Started' }
    case 'log':
      return { icon: 'log', word: 'Log' }
    case 'ign':
      return { icon: 'ignored', word: 'Ignored' }
  }
}

/** What stands in the place of a user agent says who sent it, as `sourceOf` does. */
function isWhoSent({ scheme, method }: Ping): boolean {
  return scheme === 'email' || method === BY_HAND
}

/** 'HTTPS POST from 192.0.2.7', 'E-mail from nas@example.org'. */
export function sourceOf(ping: Ping): string {
  if (ping.scheme === 'email') return ping.userAgent.replace(/^Email/, 'E-mail') || 'E-mail'
  if (ping.method === BY_HAND) return ping.userAgent
  const from = ping.remoteAddress === null ? '' : ` from ${ping.remoteAddress}`
  return `${ping.scheme.toUpperCase()} ${ping.method}${from}`
}

function bodyStart(ping: Ping, body: Buffer | undefined): string {
  if (ping.bodyBytes === 0) return ''
  if (body === undefined) return `${size(ping.bodyBytes)} body`
  return trunc(withoutAnsi(body.toString('utf8')).trim(), BODY_START)
}

function flipEntry(flip: LogSource['flips'][number], source: LogSource): FlipEntry {
  return {
    type: 'flip',
    id: `flip-${flip.id}`,
    at: moment(flip.at, source.tz),
    from: mark(flip.from),
    to: mark(flip.to),
    why: whyOf(flip, source),
  }
}

function whyOf(flip: Flip, { pings, graceMs }: LogSource): string {
  const by = `by ${flip.by ?? 'a person'}`
  if (flip.silent)
    return flip.by === undefined ? 'the schedule was changed' : `the schedule was changed ${by}`
  if (flip.reason === 'timeout') {
    const wasRun = downReason(flip, runsOf(pings), graceMs) === 'run took too long'
    return wasRun ? 'the run took too long' : 'no ping came in time'
  }
  if (flip.reason === 'fail') return 'the job reported failure'
  if (flip.to === 'paused') return `paused ${by}`
  return flip.from === 'paused' && flip.to === 'new' ? `resumed ${by}` : ''
}

function toldEntry(told: LoggedNotification, { tz, channelNames }: LogSource): NotificationEntry {
  return {
    type: 'notification',
    id: `told-${told.id}`,
    at: moment(told.createdAt, tz),
    ...outcomeOf(told),
    channel: channelNames.get(told.channelId) ?? (told.channelName || told.channelKind),
    problem: told.error,
  }
}

function outcomeOf({
  state,
  status,
  attempts,
  round,
  isTogether,
}: LoggedNotification): Pick<NotificationEntry, 'icon' | 'text'> {
  const inSummary = isTogether ? ' in a summary' : ''
  switch (state) {
    case 'sent':
      return { icon: 'told', text: `Told “${status}”${inSummary}${again(round)} to` }
    case 'failed':
      return { icon: 'untold', text: `Could not tell “${status}” to` }
    case 'superseded':
      // A round that was taken back: those before it were told.
      if (round > 0) return { icon: 'told', text: `Told “${status}”${inSummary}${again(round - 1)} to` }
      return { icon: 'untold', text: `Overtaken: “${status}” to` }
    case 'waiting':
    case 'sending':
      return {
        icon: 'waiting',
        text: attempts > 1 ? `Trying again: “${status}” to` : `Telling “${status}” to`,
      }
  }
}

function again(rounds: number): string {
  return rounds === 0 ? '' : ` and ${count(rounds, 'time')} again`
}
