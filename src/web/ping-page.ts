import type { Check } from '../core/check'
import type { Ping } from '../core/ping'
import type { StoredBody } from '../core/stored-body'
import { bodyView } from './body-view'
import type { BodySource } from './body-view'
import { kindOf, sourceOf } from './log'
import { mailView } from './mail-view'
import type { Paths } from './paths'
import { inZone, moment, nameOf, size, took } from './show'
import type { PingPage } from './view-models'

export interface PingSource {
  check: Check
  project: { code: string; name: string }
  ping: Ping
  /** That one and those before it are not shown any more. */
  lastHiddenN: number
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
}

/** One ping with its body: web-ui.md C10. */
export function pingPage(source: PingSource): PingPage {
  const { check, project, ping, body, paths } = source
  const { icon, word } = kindOf(ping)
  const url = paths.ping(check.code, ping.n)
  const isMail = ping.scheme === 'email'
  return {
    trail: [
      { text: project.name, url: paths.checks(project.code) },
      { text: nameOf(check), url: paths.check(check.code) },
    ],
    n: ping.n,
    icon,
    word: ping.exitStatus === null || ping.kind !== 'fail' ? word : `Failure, exit status ${ping.exitStatus}`,
    older: ping.n > Math.max(0, source.lastHiddenN) + 1 ? paths.ping(check.code, ping.n - 1) : null,
    newer: ping.n < check.pingCount ? paths.ping(check.code, ping.n + 1) : null,
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
          })
        : null,
    mail: body.state === 'present' && isMail ? mailView(body.bytes) : null,
    bodyNote: noteOn(body),
  }
}

/** The sentences of web-ui.md C10. */
export function noteOn(body: StoredBody): string | null {
  switch (body.state) {
    case 'none':
    case 'present':
      return null
    case 'pending':
      return 'The body is still being stored. Try again in a few seconds.'
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
        }
  const ownZone = check.schedule.kind === 'period' ? [] : [check.schedule.tz]
  const others = [...new Set(['UTC', ...ownZone])].filter((zone) => zone !== tz)
  const kept = ping.bodyBytes >= bodyLimitBytes ? ' (cut: no more is stored)' : ''
  return [
    fact('Received', `${inZone(ping.at, tz)} ${tz}`, { time: moment(ping.at, tz) }),
    ...others.map((zone) => fact('', `${inZone(ping.at, zone)} ${zone}`)),
    fact('As', sourceOf(ping)),
    ...(ping.remoteAddress === null ? [] : [fact('From', ping.remoteAddress, { mono: true })]),
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
            link: { text: 'all events of this run', url: paths.run(check.code, ping.runId) },
          }),
        ]),
    ...(ping.exitStatus === null ? [] : [fact('Exit status', String(ping.exitStatus))]),
    fact('User agent', ping.userAgent === '' ? 'none' : ping.userAgent),
    fact('Body', ping.bodyBytes === 0 ? 'none' : `${size(ping.bodyBytes)}${kept}`),
  ]
}
