import { createHash } from 'node:crypto'
import { expectedAt, shownStatus } from './check'
import type { Check } from './check'
import { SECOND } from './time'
import type { Instant } from './time'

/** What is needed besides the check to describe it. */
export interface DocumentContext {
  siteRoot: string
  /** Ends with a slash. */
  pingEndpoint: string
  nowAt: Instant
  /** Codes of the channels that are told of it. Not needed for a reader. */
  channels: readonly string[]
  /** Version of the API; 3 unless it is said. */
  version?: ApiVersion
}

export type ApiVersion = 1 | 2 | 3

/** A check as the API shows it to a read-write key: spec/management-api.md §6. */
export interface CheckDocument extends CommonDocument, Timing {
  uuid: string
  ping_url: string
  update_url: string
  pause_url: string
  resume_url: string
  channels: string
}

/** The same for a read-only key: it does not hold the check's UUID in any form ([M21]). */
export interface ReaderDocument extends CommonDocument, Timing {
  unique_key: string
}

interface CommonDocument {
  name: string
  slug: string
  tags: string
  desc: string
  grace: number
  n_pings: number
  /** 'started' in version 1 only. */
  status: 'new' | 'up' | 'grace' | 'down' | 'paused' | 'started'
  started: boolean
  last_ping: string | null
  next_ping: string | null
  manual_resume: boolean
  methods: '' | 'POST'
  subject: string
  subject_fail: string
  start_kw: string
  success_kw: string
  failure_kw: string
  filter_subject: boolean
  filter_body: boolean
  filter_http_body: boolean
  filter_default_fail: boolean
  badge_url: string
  last_duration?: number
}

interface Timing {
  timeout?: number
  schedule?: string
  tz?: string
}

/** Members come in the order of the specification. */
export function checkDocument(check: Check, context: DocumentContext): CheckDocument {
  const { siteRoot, pingEndpoint, channels, version = 3 } = context
  const updateUrl = `${siteRoot}/api/v${version}/checks/${check.code}`
  return {
    ...common(check, context),
    uuid: check.code,
    ping_url: `${pingEndpoint}${check.code}`,
    update_url: updateUrl,
    pause_url: `${updateUrl}/pause`,
    resume_url: `${updateUrl}/resume`,
    channels: channels.toSorted().join(','),
    ...timing(check),
  }
}

/** What a read-only key is shown. */
export function readerDocument(check: Check, context: Omit<DocumentContext, 'channels'>): ReaderDocument {
  return { ...common(check, context), unique_key: uniqueKey(check.code), ...timing(check) }
}

/** Names a check without giving away its code, which is the right to ping it: [M1]. */
export function uniqueKey(checkCode: string): string {
  return createHash('sha1').update(checkCode.replaceAll('-', '').slice(0, 16)).digest('hex')
}

/** UTC, whole seconds, the offset written out: [M22]. */
export function apiTime(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`
}

function seconds(ms: number): number {
  return Math.floor(ms / SECOND)
}

function common(check: Check, context: Omit<DocumentContext, 'channels'>): CommonDocument {
  const { siteRoot, nowAt, version = 3 } = context
  const { filters, lastDurationMs } = check
  // Asked for once: to find out when a job is expected is most of the work.
  const expected = check.status === 'up' ? expectedAt(check) : null
  return {
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    desc: check.description,
    grace: seconds(check.graceMs),
    n_pings: check.pingCount,
    status: status(check, expected, nowAt, version),
    started: check.openRun !== null,
    last_ping: check.lastPingAt === null ? null : apiTime(check.lastPingAt),
    next_ping: nextPing(check, expected),
    manual_resume: check.manualResume,
    methods: check.postOnly ? 'POST' : '',
    subject: filters.subject ? filters.successWords : '',
    subject_fail: filters.subject ? filters.failWords : '',
    start_kw: filters.startWords,
    success_kw: filters.successWords,
    failure_kw: filters.failWords,
    filter_subject: filters.subject,
    filter_body: filters.body,
    filter_http_body: filters.httpBody,
    filter_default_fail: filters.otherwiseFail,
    badge_url: `${siteRoot}/b/2/${check.badgeKey}.svg`,
    ...(lastDurationMs ? { last_duration: seconds(lastDurationMs) } : {}),
  }
}

function timing({ schedule }: Check): Timing {
  if (schedule.kind === 'period') return { timeout: seconds(schedule.periodMs) }
  return { schedule: schedule.expression, tz: schedule.tz }
}

/** [M23] */
function status(
  check: Check,
  expected: Instant | null,
  nowAt: Instant,
  version: ApiVersion,
): CommonDocument['status'] {
  const shown = shownStatus(check, nowAt, expected)
  const overdue = check.openRun !== null && nowAt >= check.openRun.startedAt + check.graceMs
  if (version === 1 && check.openRun !== null && !overdue) return 'started'
  return shown === 'late' ? 'grace' : shown
}

/** [M24]: when it is next expected, or when the run under way began if that was earlier. */
function nextPing(check: Check, expected: Instant | null): string | null {
  const started = check.status === 'down' ? null : (check.openRun?.startedAt ?? null)
  if (expected === null && started === null) return null
  return apiTime(Math.min(expected ?? Infinity, started ?? Infinity))
}
