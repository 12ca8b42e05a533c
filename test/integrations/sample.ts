import type { Config } from '../../src/config'
import type { Channel } from '../../src/core/channel'
import type { Check } from '../../src/core/check'
import type { Notice } from '../../src/core/notice'
import type { Ping } from '../../src/core/ping'
import { DAY } from '../../src/core/time'
import type { Tools } from '../../src/integrations/integration'
import type { HttpAnswer, OutgoingRequest } from '../../src/world/http'
import type { Log } from '../../src/world/log'
import type { Mail } from '../../src/world/mail'
import { signer } from '../../src/world/signer'
import { templates } from '../../src/world/templates'
import vectors from '../vectors/integrations.json'

// The sample of the vectors in our own terms.

export const NOTIFICATION = '0f8fad5b-d9cb-469f-a165-70867728950e'
export const CHANNEL = 'c2d29867-3d0b-4497-9191-18a9d8ee7830'

export const config: Config = {
  ...({} as Config),
  siteRoot: vectors.settings.SITE_ROOT,
  siteName: vectors.settings.SITE_NAME,
  siteLogoUrl: null,
  pingEndpoint: `${vectors.settings.SITE_ROOT}/ping/`,
  mail: { host: '127.0.0.1', port: 25, tls: 'none', user: '', password: '', timeoutMs: 5000 },
  mailFrom: vectors.settings.DEFAULT_FROM_EMAIL,
  mailFromTemplate: vectors.settings.EMAIL_MAIL_FROM_TMPL,
  webhooksEnabled: true,
}

export const oursign = signer(vectors.site.SECRET_KEY)

const { check: sampleCheck, others: sampleOthers, project, events } = vectors.sample

interface CheckPatch {
  name?: string
  desc?: string
  tags?: string
  kind?: string
  timeout?: number
  schedule?: string
}

interface PingFacts {
  n: number
  created: string
  kind: string | null
  exitstatus: number | null
  scheme: string
  method: string
  ua: string
  remote_addr: string
  body: string
}

interface Event {
  based_on?: 'down' | 'up'
  now?: string
  check_patch?: CheckPatch
  check?: CheckPatch
  flip?: { created: string; new_status: string; reason: string; down_ms?: number | null }
  flip_patch?: { reason?: string; down_ms?: number | null }
  last_ping?: PingFacts | null
  last_ping_patch?: Partial<PingFacts>
  others?: typeof sampleOthers | { code: string; name: string; status: string; last_ping: string | null }[]
}

/** The event of this name as a notice. */
export function noticeOf(name: string): Notice {
  const event = (events as Record<string, Event>)[name] ?? {}
  const base = (events as Record<string, Event>)[event.based_on ?? name] ?? {}
  const flip = { ...base.flip, ...event.flip_patch }
  const facts = event.last_ping === null ? null : { ...base.last_ping, ...event.last_ping_patch }
  const ping = facts === null || facts.n === undefined ? null : (facts as PingFacts)
  const status = flip.new_status === 'up' ? 'up' : 'down'
  const lastBody = ping === null || ping.body === '' ? null : Buffer.from(ping.body)
  return {
    check: checkOf({ ...sampleCheck, ...event.check, ...event.check_patch }, status, ping),
    project: { code: project.code, name: project.name },
    status,
    reason: flip.reason === 'timeout' || flip.reason === 'fail' ? flip.reason : '',
    at: Date.parse(flip.created ?? ''),
    nowAt: Date.parse(event.now ?? base.now ?? ''),
    downForMs: flip.down_ms ?? null,
    lastPing: ping === null ? null : pingOf(ping, lastBody),
    lastBody,
    others: othersOf(event.others ?? sampleOthers),
    tz: 'Europe/Riga',
    accountProjects: [{ code: project.code, name: project.name, down: status === 'down' ? 2 : 1 }],
    notificationCode: NOTIFICATION,
    round: 0,
    acknowledgeUrl: null,
    missed: null,
    isTest: name === 'test-button',
  }
}

export function channelOf(kind: string, value: string): Channel {
  return {
    id: 1,
    projectId: 1,
    code: CHANNEL,
    kind,
    name: '',
    value,
    tellsDown: true,
    tellsUp: true,
    verified: true,
    disabled: false,
    disabledBy: null,
    disabledReason: '',
    repeatMs: null,
    lastNotifyAt: null,
    lastTookMs: null,
    lastError: '',
    createdAt: 0,
  }
}

export const silentLog: Log = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  named: () => silentLog,
}

/** A world that keeps what is sent and answers as it is told; the last answer is repeated. */
export function recorder(answers: HttpAnswer[] = [answered(200)]): {
  requests: OutgoingRequest[]
  mails: Mail[]
  tools: Tools
} {
  const requests: OutgoingRequest[] = []
  const mails: Mail[] = []
  const tools: Tools = {
    config,
    http: {
      send: async (request) => {
        requests.push(request)
        return answers[requests.length - 1] ?? answers.at(-1) ?? answered(200)
      },
      close: async () => {},
    },
    mailer: {
      send: async (mail) => {
        mails.push(mail)
        return { ok: true }
      },
    },
    signer: oursign,
    templates: templates(),
    log: silentLog,
  }
  return { requests, mails, tools }
}

export function answered(status: number, headers: Record<string, string> = {}, body = ''): HttpAnswer {
  return { ok: true, status, headers, body: Buffer.from(body) }
}

function checkOf(facts: typeof sampleCheck, status: 'up' | 'down', ping: PingFacts | null): Check {
  return {
    id: 1,
    projectId: 1,
    code: facts.code,
    name: facts.name,
    slug: facts.slug,
    tags: facts.tags,
    description: facts.desc,
    schedule:
      facts.kind === 'simple'
        ? { kind: 'period', periodMs: facts.timeout * 1000 }
        : { kind: 'cron', expression: facts.schedule, tz: facts.tz },
    spare: { periodMs: DAY, tz: 'UTC' },
    graceMs: facts.grace * 1000,
    manualResume: false,
    postOnly: false,
    filters: {
      subject: false,
      body: false,
      httpBody: false,
      startWords: '',
      successWords: '',
      failWords: '',
      otherwiseFail: false,
    },
    status,
    lastPingAt: ping === null ? null : Date.parse(ping.created),
    openRun: null,
    lastDurationMs: null,
    alertAfterAt: null,
    pingCount: ping?.n ?? 0,
    results: '',
    hasConfirmationLink: false,
    notableCount: 0,
    badgeKey: facts.badge_key,
    createdAt: Date.parse(facts.created),
  }
}

function pingOf(facts: PingFacts, body: Buffer | null): Ping {
  return {
    n: facts.n,
    at: Date.parse(facts.created),
    kind: facts.kind === null ? 'success' : (facts.kind as Ping['kind']),
    exitStatus: facts.exitstatus,
    runId: null,
    scheme: 'https',
    method: facts.method,
    userAgent: facts.ua,
    remoteAddress: facts.remote_addr,
    bodyBytes: body?.length ?? 0,
  }
}

function othersOf(others: NonNullable<Event['others']>): Notice['others'] {
  if (others.length === 0) return null
  return others.map(({ code, name, status, last_ping }) => ({
    code,
    name,
    status: status as Check['status'],
    lastPingAt: last_ping === null ? null : Date.parse(last_ping),
  }))
}
