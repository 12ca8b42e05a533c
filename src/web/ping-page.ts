import type { Check, Status } from '../core/check'
import type { Ping } from '../core/ping'
import { BY_HAND } from '../core/signal'
import type { StoredBody } from '../core/stored-body'
import { HOUR } from '../core/time'
import type { Instant } from '../core/time'
import { bodyView } from './body-view'
import type { BodySource } from './body-view'
import { kindOf, sourceOf } from './log'
import { mailView } from './mail-view'
import type { Paths } from './paths'
import { inZone, moment, nameOf, size, took } from './show'
import type { PingPage } from './check-models'

export interface PingSource {
  check: Check
  project: { code: string; name: string }
  ping: Ping
  body: StoredBody
  /** How many bytes of a body are kept. */
  bodyLimitBytes: number
  durationMs: number | null
  /** The other end of its run. */
  partnerN: number | null
  tz: string
  paths: Paths
  /** Which view of the body is asked for, and how. */
  asked: BodySource['asked']
  nowAt: Instant
  /** The log that it is looked at in, as addresses of pings say it; '' for the usual one. */
  log: string
  /** Its neighbours in that log. */
  olderN: number | null
  newerN: number | null
  /** What the check was when it came. */
  statusThen: Status
  /** When a body that is on its way is asked for again, and how often it was; null: not by itself. */
  askAgain: { afterS: number; tries: number } | null
}

/** What object storage does not have for so long is not on its way any more. */
export const ON_ITS_WAY_MS = HOUR

/** One ping with its body: web-ui.md C10. */
export function pingPage(source: PingSource): PingPage {
  const { check, project, ping, body, paths } = source
  const url = paths.ping(check.code, ping.n)
  const query = source.log === '' ? '' : `?log=${encodeURIComponent(source.log)}`
  const neighbour = (n: number | null): string | null =>
    n === null ? null : paths.ping(check.code, n) + query
  const note = noteOn(body, source.nowAt - ping.at)
  const isMail = ping.scheme === 'email'
  return {
    trail: [
      { text: project.name, url: paths.checks(project.code) },
      { text: nameOf(check), url: paths.check(check.code) },
    ],
    n: ping.n,
    icon: kindOf(ping).icon,
    word: kindInWords(source),
    older: neighbour(source.olderN),
    newer: neighbour(source.newerN),
    facts: factsOf(source),
    content:
      body.state === 'present'
        ? bodyView({
            body: body.bytes,
            isMail,
            url,
            htmlUrl: `${url}html/`,
            downloadUrl: paths.pingBody(check.code, ping.n),
            asked: source.asked,
            kept: source.log === '' ? {} : { log: source.log },
          })
        : null,
    mail: body.state === 'present' && isMail ? mailView(body.bytes) : null,
    bodyNote:
      note === null
        ? null
        : {
            text: note,
            again: note === DELETED || body.state === 'missing' ? null : againOf(source, url),
          },
  }
}

/** 'Failure, exit status 3', 'Ignored: the check was paused'. */
function kindInWords({ check, ping, statusThen }: PingSource): string {
  const { word } = kindOf(ping)
  if (ping.kind === 'start') return 'Start signal'
  if (ping.kind === 'fail' && ping.exitStatus !== null) return `Failure, exit status ${ping.exitStatus}`
  if (ping.kind !== 'ign') return word
  if (statusThen === 'paused') return 'Ignored: the check was paused'
  const isOtherMethod = ping.scheme !== 'email' && ping.method !== 'POST' && ping.method !== BY_HAND
  return check.postOnly && isOtherMethod ? 'Ignored: only POST counts' : 'Ignored: no keyword matched'
}

function againOf({ log, askAgain }: PingSource, url: string): { url: string; afterS: number | null } {
  const query = new URLSearchParams({
    ...(log === '' ? {} : { log }),
    ...(askAgain === null ? {} : { try: String(askAgain.tries) }),
  }).toString()
  return { url: query === '' ? url : `${url}?${query}`, afterS: askAgain?.afterS ?? null }
}

const DELETED = 'The body was deleted by retention.'

/** The sentences of web-ui.md C10. `ageMs`: of the ping. */
export function noteOn(body: StoredBody, ageMs: number): string | null {
  switch (body.state) {
    case 'none':
    case 'present':
      return null
    case 'pending':
      return ageMs < ON_ITS_WAY_MS ? 'The body is still being stored. Try again in a few seconds.' : DELETED
    case 'missing':
      return 'The body is in object storage, which is not set up any more.'
    case 'unavailable':
      return 'Body storage does not answer right now.'
  }
}

type Fact = PingPage['facts'][number]

function factsOf({ check, ping, durationMs, partnerN, tz, paths, bodyLimitBytes }: PingSource): Fact[] {
  const fact = (label: string, value: string, more: Partial<Fact> = {}): Fact => ({
    label,
    value,
    time: null,
    mono: false,
    copy: false,
    link: null,
    ...more,
  })
  const partner =
    partnerN === null
      ? null
      : {
          text: ping.kind === 'start' ? `ended with ping #${partnerN}` : `started with ping #${partnerN}`,
          url: paths.ping(check.code, partnerN),
          isPing: true,
        }
  const ownZone = check.schedule.kind === 'period' ? [] : [check.schedule.tz]
  const others = [...new Set(['UTC', ...ownZone])].filter((zone) => zone !== tz)
  const kept = ping.bodyBytes >= bodyLimitBytes ? ' (cut: no more is stored)' : ''
  return [
    fact('Received', `${inZone(ping.at, tz)} ${tz}`, { time: moment(ping.at, tz) }),
    ...others.map((zone) => fact('', `${inZone(ping.at, zone)} ${zone}`)),
    fact('As', sourceOf(ping)),
    ...(ping.remoteAddress === null ? [] : [fact('Address', ping.remoteAddress, { mono: true })]),
    ...(durationMs === null && partner === null
      ? []
      : [
          fact(durationMs === null ? 'Run' : 'Run time', durationMs === null ? '' : took(durationMs), {
            link: partner,
          }),
        ]),
    ...(ping.runId === null
      ? []
      : [
          fact('Run id', ping.runId, {
            mono: true,
            copy: true,
            link: { text: 'all events of this run', url: paths.run(check.code, ping.runId), isPing: false },
          }),
        ]),
    ...(ping.exitStatus === null ? [] : [fact('Exit status', String(ping.exitStatus))]),
    fact('User agent', ping.userAgent === '' ? 'none' : ping.userAgent),
    fact('Body', ping.bodyBytes === 0 ? 'none' : `${size(ping.bodyBytes)}${kept}`),
  ]
}
