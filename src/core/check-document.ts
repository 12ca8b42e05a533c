import { createHash } from 'node:crypto'
import { expectedAt, shownStatus } from './check'
import type { Check } from './check'
import { UnusableSchedule } from './schedule'
import { SECOND } from './time'
import type { Instant } from './time'

/** What is needed besides the check to describe it. */
export interface DocumentContext {
  siteRoot: string
  /** Ends with a slash. */
  pingEndpoint: string
  nowAt: Instant
  /** Codes of the channels that are told of it. */
  channels: readonly string[]
  /** UUID in the address of its badge. */
  badgeKey: string
}

/** A check as the API shows it to a read-write key: spec/management-api.md §6, version 3. */
export interface CheckDocument {
  name: string
  slug: string
  tags: string
  desc: string
  grace: number
  n_pings: number
  status: 'new' | 'up' | 'grace' | 'down' | 'paused'
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
  uuid: string
  ping_url: string
  update_url: string
  pause_url: string
  resume_url: string
  channels: string
  timeout?: number
  schedule?: string
  tz?: string
}

/** Members come in the order of the specification. */
export function checkDocument(check: Check, context: DocumentContext): CheckDocument {
  const { siteRoot, pingEndpoint, nowAt, channels, badgeKey } = context
  const { filters, code, lastDurationMs } = check
  const updateUrl = `${siteRoot}/api/v3/checks/${code}`
  return {
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    desc: check.description,
    grace: seconds(check.graceMs),
    n_pings: check.pingCount,
    status: status(check, nowAt),
    started: check.openRun !== null,
    last_ping: check.lastPingAt === null ? null : apiTime(check.lastPingAt),
    next_ping: nextPing(check),
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
    badge_url: `${siteRoot}/b/2/${badgeKey}.svg`,
    ...(lastDurationMs ? { last_duration: seconds(lastDurationMs) } : {}),
    uuid: code,
    ping_url: `${pingEndpoint}${code}`,
    update_url: updateUrl,
    pause_url: `${updateUrl}/pause`,
    resume_url: `${updateUrl}/resume`,
    channels: channels.toSorted().join(','),
    ...schedule(check),
  }
}

/** Names a check without giving away its code, which is the right to ping it: [M1]. */
export function uniqueKey(checkCode: string): string {
  return createHash('sha1').update(checkCode.replaceAll('-', '').slice(0, 16)).digest('hex')
}

/**
 * The UUID in the address of a check's badge: made from its code, which cannot be found from it.
 * TODO: once checks are imported with a badge key of their own, it is kept with the check instead.
 */
export function badgeKeyOf({ code }: Pick<Check, 'code'>): string {
  const hex = createHash('sha256').update(`badge:${code}`).digest('hex')
  const variant = 'ab89'[Number.parseInt(hex.charAt(16), 16) % 4] ?? '8'
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** UTC, whole seconds, the offset written out: [M22]. */
export function apiTime(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`
}

function seconds(ms: number): number {
  return Math.floor(ms / SECOND)
}

function schedule({ schedule }: Check): Pick<CheckDocument, 'timeout' | 'schedule' | 'tz'> {
  if (schedule.kind === 'period') return { timeout: seconds(schedule.periodMs) }
  return { schedule: schedule.expression, tz: schedule.tz }
}

function status(check: Check, nowAt: Instant): CheckDocument['status'] {
  const shown = orWithoutSchedule(() => shownStatus(check, nowAt), check.status)
  return shown === 'late' ? 'grace' : shown
}

/** [M24]: when it is next expected, or when the run under way began if that was earlier. */
function nextPing(check: Check): string | null {
  const expected = check.status === 'up' ? orWithoutSchedule(() => expectedAt(check), null) : null
  const started = check.status === 'down' ? null : (check.openRun?.startedAt ?? null)
  if (expected === null && started === null) return null
  return apiTime(Math.min(expected ?? Infinity, started ?? Infinity))
}

/** A check whose schedule cannot be evaluated can still be described. */
function orWithoutSchedule<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UnusableSchedule) return otherwise
    throw error
  }
}
