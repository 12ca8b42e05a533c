import type { Check, Standing, Status } from '../core/check'
import type { Schedule } from '../core/schedule'
import { DAY } from '../core/time'
import { bit, clean } from './sql'
import type { Columns, Value } from './sql'

export interface CheckRow {
  id: number
  project_id: number
  code: string
  name: string
  slug: string
  tags: string
  description: string
  schedule_kind: Schedule['kind']
  period_ms: number | null
  expression: string | null
  tz: string | null
  grace_ms: number
  manual_resume: number
  post_only: number
  filter_subject: number
  filter_body: number
  filter_http_body: number
  start_words: string
  success_words: string
  fail_words: string
  otherwise_fail: number
  status: Status
  last_ping_at: number | null
  started_at: number | null
  started_run_id: string | null
  last_duration_ms: number | null
  alert_after_at: number | null
  ping_count: number
  results: string
  has_confirmation_link: number
  badge_key: string
  notable_count: number
  created_at: number
  /** How many pings it had when its log was last cut. */
  pruned_count: number
}

/** What pings and the clock change: short, because every ping writes it. */
export const STATE_COLUMNS: Columns = {
  id: 'bigint',
  status: 'text',
  last_ping_at: 'bigint',
  started_at: 'bigint',
  started_run_id: 'text',
  last_duration_ms: 'bigint',
  alert_after_at: 'bigint',
  ping_count: 'bigint',
  results: 'text',
  has_confirmation_link: 'integer',
  notable_count: 'bigint',
}

/** What people change. */
export const SETTING_COLUMNS: Columns = {
  id: 'bigint',
  name: 'text',
  slug: 'text',
  tags: 'text',
  description: 'text',
  schedule_kind: 'text',
  period_ms: 'bigint',
  expression: 'text',
  tz: 'text',
  grace_ms: 'bigint',
  manual_resume: 'integer',
  post_only: 'integer',
  filter_subject: 'integer',
  filter_body: 'integer',
  filter_http_body: 'integer',
  start_words: 'text',
  success_words: 'text',
  fail_words: 'text',
  otherwise_fail: 'integer',
}

export function stateValues(check: Check): Record<string, Value> {
  return {
    id: check.id,
    status: check.status,
    last_ping_at: check.lastPingAt,
    started_at: check.openRun?.startedAt ?? null,
    started_run_id: check.openRun?.runId ?? null,
    last_duration_ms: check.lastDurationMs,
    alert_after_at: check.alertAfterAt,
    ping_count: check.pingCount,
    results: check.results,
    has_confirmation_link: bit(check.hasConfirmationLink),
    notable_count: check.notableCount,
  }
}

export function checkValues(check: Check): Record<string, Value> {
  const { schedule, spare, filters } = check
  return {
    id: check.id,
    name: clean(check.name),
    slug: clean(check.slug),
    tags: clean(check.tags),
    description: clean(check.description),
    schedule_kind: schedule.kind,
    period_ms: schedule.kind === 'period' ? schedule.periodMs : spare.periodMs,
    expression: schedule.kind === 'period' ? null : clean(schedule.expression),
    tz: schedule.kind === 'period' ? spare.tz : schedule.tz,
    grace_ms: check.graceMs,
    manual_resume: bit(check.manualResume),
    post_only: bit(check.postOnly),
    filter_subject: bit(filters.subject),
    filter_body: bit(filters.body),
    filter_http_body: bit(filters.httpBody),
    start_words: clean(filters.startWords),
    success_words: clean(filters.successWords),
    fail_words: clean(filters.failWords),
    otherwise_fail: bit(filters.otherwiseFail),
  }
}

type StandingRow = Pick<
  CheckRow,
  | 'status'
  | 'schedule_kind'
  | 'period_ms'
  | 'expression'
  | 'tz'
  | 'grace_ms'
  | 'last_ping_at'
  | 'started_at'
  | 'started_run_id'
>

export function toStanding(row: StandingRow): Standing {
  return {
    status: row.status,
    schedule: toSchedule(row),
    graceMs: row.grace_ms,
    lastPingAt: row.last_ping_at,
    openRun: row.started_at === null ? null : { startedAt: row.started_at, runId: row.started_run_id },
  }
}

export function toCheck(row: CheckRow): Check {
  return {
    id: row.id,
    projectId: row.project_id,
    code: row.code,
    name: row.name,
    slug: row.slug,
    tags: row.tags,
    description: row.description,
    ...toStanding(row),
    spare: { periodMs: row.period_ms ?? DAY, tz: row.tz ?? 'UTC' },
    manualResume: row.manual_resume === 1,
    postOnly: row.post_only === 1,
    filters: {
      subject: row.filter_subject === 1,
      body: row.filter_body === 1,
      httpBody: row.filter_http_body === 1,
      startWords: row.start_words,
      successWords: row.success_words,
      failWords: row.fail_words,
      otherwiseFail: row.otherwise_fail === 1,
    },
    lastDurationMs: row.last_duration_ms,
    alertAfterAt: row.alert_after_at,
    pingCount: row.ping_count,
    results: row.results,
    hasConfirmationLink: row.has_confirmation_link === 1,
    notableCount: row.notable_count,
    badgeKey: row.badge_key,
    createdAt: row.created_at,
  }
}

function toSchedule({ schedule_kind, period_ms, expression, tz }: StandingRow): Schedule {
  if (schedule_kind === 'period') return { kind: 'period', periodMs: period_ms ?? 0 }
  return { kind: schedule_kind, expression: expression ?? '', tz: tz ?? 'UTC' }
}
