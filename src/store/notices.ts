import type { Notice } from '../core/notice'
import type { Notification } from '../core/notification'
import type { Instant } from '../core/time'
import { toCheck } from './check-rows'
import type { CheckRow } from './check-rows'
import type { FlipRow } from './flips'
import { lastPingUntil } from './pings'
import { toProject } from './projects'
import type { ProjectRow } from './projects'
import { all, one } from './sql'
import type { Work } from './sql'

/** Reads all that there is to tell about a flip; null when its check is gone. */
export function* noticeOf(
  { code, checkId, flipId, round }: Notification,
  nowAt: Instant,
  accountEmail: string | null,
): Work<Notice | null> {
  const row = yield* one<CheckRow>('SELECT * FROM checks WHERE id = $1', [checkId])
  const flip = yield* one<FlipRow>('SELECT * FROM flips WHERE id = $1', [flipId])
  if (!row || !flip) return null
  const check = toCheck(row)
  const [project] = yield* all<ProjectRow>('SELECT * FROM projects WHERE id = $1', [check.projectId])
  if (!project) return null
  const last = yield* lastPingUntil(checkId, flip.at)
  const status = flip.to_status === 'up' ? 'up' : 'down'
  const account = accountEmail === null ? null : yield* accountOf(accountEmail, nowAt)
  const owner = yield* one<{ tz: string }>('SELECT tz FROM users WHERE id = $1', [project.owner_id])
  return {
    check,
    project: toProject(project),
    status,
    reason: flip.reason,
    at: flip.at,
    nowAt,
    downForMs: status === 'up' ? yield* downForMs(checkId, flip) : null,
    lastPing: last?.ping ?? null,
    lastBody: last?.body ?? null,
    others: yield* othersOf(checkId, check.projectId),
    tz: account?.tz ?? owner?.tz ?? 'UTC',
    accountProjects: account?.projects ?? null,
    notificationCode: code,
    round,
    acknowledgeUrl: null,
    isTest: false,
  }
}

/** Since the flip before this one, if that was to down: spec/alerting.md [A15]. */
function* downForMs(checkId: number, flip: FlipRow): Work<number | null> {
  const before = yield* one<FlipRow>(
    'SELECT * FROM flips WHERE check_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1',
    [checkId, flip.id],
  )
  return before?.to_status === 'down' ? Math.max(0, flip.at - before.at) : null
}

function* othersOf(checkId: number, projectId: number): Work<Notice['others']> {
  const rows = yield* all<Pick<CheckRow, 'name' | 'code' | 'status' | 'last_ping_at'>>(
    'SELECT name, code, status, last_ping_at FROM checks WHERE project_id = $1 AND id <> $2',
    [projectId, checkId],
  )
  if (rows.length === 0) return null
  return rows.map(({ name, code, status, last_ping_at }) => ({
    name,
    code,
    status,
    lastPingAt: last_ping_at,
  }))
}

/** An account by its address, and its projects with how many checks show down now. */
function* accountOf(email: string, nowAt: Instant) {
  const user = yield* one<{ id: number; tz: string }>('SELECT id, tz FROM users WHERE email = $1', [
    email.toLowerCase(),
  ])
  if (!user) return null
  const projects = yield* all<{ name: string; code: string; down: number }>(
    `SELECT name, code, (
       SELECT COUNT(*) FROM checks
       WHERE project_id = projects.id AND (status = 'down' OR alert_after_at <= $2)) AS down
     FROM projects WHERE owner_id = $1`,
    [user.id, nowAt],
  )
  return { tz: user.tz, projects }
}
