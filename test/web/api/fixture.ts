import { keyedDigest } from '../../../src/world/secrets'
import { all, insert, run } from '../../../src/store/sql'
import type { Sql, Value, Work } from '../../../src/store/sql'
import type { Instant } from '../../../src/core/time'
import { fixture } from '../../vectors/api-validation.json'

// The fixture of the vectors, in our tables. It is put in anew for every case that changed something.

const MINUTE = 60_000

/** Empties the database and fills in the fixture; the times in it are relative to `nowAt`. */
export function fill(sql: Sql, nowAt: Instant): Promise<void> {
  return sql.transaction(function* () {
    yield* run('DELETE FROM projects')
    yield* run('DELETE FROM users')
    const users = yield* ids('users', fixture.accounts.map(user), 'email')
    const projects = yield* ids(
      'projects',
      fixture.projects.map((each) => project(each, users.get(each.owner) ?? 0)),
      'badge_key',
    )
    yield* insert(
      'api_keys',
      fixture.projects.flatMap((each) => apiKeys(each, projects.get(each.badge_key) ?? 0)),
    )
    const channels = yield* ids(
      'channels',
      fixture.channels.map((each) => channel(each, projects.get(each.project) ?? 0)),
      'code',
    )
    const checks = yield* ids(
      'checks',
      fixture.checks_in_order_of_creation.map((each) => check(each, projects.get(each.project) ?? 0, nowAt)),
      'code',
    )
    yield* insert(
      'check_channels',
      fixture.checks_in_order_of_creation.flatMap(({ uuid, ...each }) =>
        ('channels' in each ? (each.channels ?? []) : []).map((code) => ({
          check_id: checks.get(uuid) ?? 0,
          channel_id: channels.get(code) ?? 0,
        })),
      ),
    )
    yield* insert(
      'pings',
      fixture.pings.map((each) => ping(each, checks.get(each.check) ?? 0)),
    )
    const [first] = fixture.checks_in_order_of_creation
    yield* insert(
      'flips',
      fixture.flips_of_check_in_order_of_creation.map((each) => ({
        check_id: checks.get(first?.uuid ?? '') ?? 0,
        at: instant(each.created, nowAt),
        from_status: each.old,
        to_status: each.new,
        reason: '',
        silent: 0,
      })),
    )
  })
}

/** Adds rows, and tells their ids by another of their columns. */
function* ids(table: string, rows: Record<string, Value>[], by: string): Work<Map<string, number>> {
  yield* insert(table, rows)
  const added = yield* all<{ id: number; by: string }>(`SELECT id, ${by} AS by FROM ${table}`)
  return new Map(added.map((row) => [row.by, row.id]))
}

function user({ email, check_limit, ping_log_limit }: (typeof fixture.accounts)[number]) {
  return { email, check_limit, ping_log_limit, is_admin: 0, tz: 'UTC', theme: 'system', created_at: 0 }
}

function project(each: (typeof fixture.projects)[number], owner_id: number) {
  return {
    code: each.code ?? `00000000-0000-4000-8000-${each.badge_key.padStart(12, '0')}`,
    name: each.badge_key,
    owner_id,
    badge_key: each.badge_key,
    ping_key: each.ping_key ?? null,
    created_at: 0,
  }
}

function apiKeys(each: (typeof fixture.projects)[number], project_id: number) {
  const keys = [
    { access: 'read-write', secret: each.api_key },
    { access: 'read-only', secret: each.api_key_readonly ?? '' },
  ]
  return keys
    .filter(({ secret }) => secret !== '')
    .map(({ access, secret }) => ({
      project_id,
      code: secret,
      name: access,
      access,
      prefix: secret.slice(0, 4),
      look_up: secret.slice(4, 12),
      digest: keyedDigest(fixture.settings.SECRET_KEY, secret),
      created_by: each.owner,
      created_at: 0,
    }))
}

function channel(each: (typeof fixture.channels)[number], project_id: number) {
  return {
    project_id,
    code: each.id,
    kind: each.kind,
    name: each.name,
    value: '{}',
    tells_down: 1,
    tells_up: 1,
    verified: 1,
    disabled: 0,
    last_error: '',
    created_at: 0,
  }
}

function check(
  each: (typeof fixture.checks_in_order_of_creation)[number],
  project_id: number,
  nowAt: Instant,
): Record<string, Value> {
  const { badge_key, desc, grace, last_ping, last_start, stored_status, timeout } = each as Partial<
    Record<string, string>
  > & { grace?: number; timeout?: number }
  return {
    project_id,
    code: each.uuid,
    badge_key: badge_key ?? each.uuid,
    name: each.name,
    slug: each.slug ?? '',
    tags: each.tags ?? '',
    description: desc ?? '',
    schedule_kind: 'period',
    period_ms: (timeout ?? 86400) * 1000,
    tz: 'UTC',
    grace_ms: (grace ?? 3600) * 1000,
    manual_resume: 0,
    post_only: 0,
    filter_subject: 0,
    filter_body: 0,
    filter_http_body: 0,
    start_words: '',
    success_words: '',
    fail_words: '',
    otherwise_fail: 0,
    status: stored_status ?? 'new',
    last_ping_at: last_ping === undefined ? null : instant(last_ping, nowAt),
    started_at: last_start === undefined ? null : instant(last_start, nowAt),
    ping_count: each.n_pings ?? 0,
    has_confirmation_link: 0,
    created_at: 0,
  }
}

function ping(each: (typeof fixture.pings)[number], check_id: number): Record<string, Value> {
  const body = each.body_hex === undefined ? null : Buffer.from(each.body_hex, 'hex')
  return {
    check_id,
    n: each.n,
    at: Date.parse(each.created),
    kind: each.type,
    scheme: each.scheme ?? 'http',
    method: each.method ?? '',
    user_agent: each.ua ?? '',
    remote_address: each.remote_addr ?? null,
    exit_status: each.exitstatus ?? null,
    run_id: each.rid ?? null,
    body_bytes: body?.length ?? 0,
    body,
  }
}

/** '2020-06-01T01:00:00Z', 'now' or 'now-10m'. */
function instant(text: string, nowAt: Instant): Instant {
  const [, minutes] = /^now(?:-(\d+)m)?$/.exec(text) ?? [null, null]
  return text.startsWith('now') ? nowAt - Number(minutes ?? 0) * MINUTE : Date.parse(text)
}
