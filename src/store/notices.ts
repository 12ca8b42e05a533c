import type { Check } from '../core/check'
import type { Notice } from '../core/notice'
import type { Notification } from '../core/notification'
import type { Project } from '../core/project'
import type { Instant } from '../core/time'
import { toCheck } from './check-rows'
import type { CheckRow } from './check-rows'
import type { FlipRow } from './flips'
import { missedBefore } from './missed'
import { lastPingsOfFlips } from './pings'
import { toProject } from './projects'
import type { ProjectRow } from './projects'
import { all, one } from './sql'
import type { Sql, Work } from './sql'

/** Other checks that are down, at most: past a few, messages only say how many. */
const MOST_OTHERS = 1000

export interface NoticeOptions {
  nowAt: Instant
  /** The address that a mail goes to. */
  accountEmail: string | null
  /** Larger bodies are left out: whoever tells reads them when their turn comes. */
  maxBodyBytes: number
}

/**
 * Reads all that there is to tell about flips, by id of the notification; those whose check is gone are
 * left out. All of one channel, and so mostly of one project, whose facts are read once.
 */
export function* noticesOf(
  sql: Sql,
  notifications: readonly Notification[],
  { nowAt, accountEmail, maxBodyBytes }: NoticeOptions,
): Work<Map<number, Notice>> {
  const checkIds = JSON.stringify(notifications.map(({ checkId }) => checkId))
  const flipIds = notifications.map(({ flipId }) => flipId)
  const checkRows = yield* all<CheckRow>(`SELECT * FROM checks WHERE ${sql.among('id', '$1', 'bigint')}`, [
    checkIds,
  ])
  const checks = new Map(checkRows.map((row) => [row.id, toCheck(row)]))
  const flipRows = yield* all<FlipRow>(`SELECT * FROM flips WHERE ${sql.among('id', '$1', 'bigint')}`, [
    JSON.stringify(flipIds),
  ])
  const flips = new Map(flipRows.map((row) => [row.id, row]))
  const pings = yield* lastPingsOfFlips(sql, flipIds, maxBodyBytes)
  const missed = yield* missedBefore(sql, notifications)
  const account = accountEmail === null ? null : yield* accountOf(accountEmail, nowAt)
  const surroundings = new Map<number, Surroundings | null>()

  const notices = new Map<number, Notice>()
  for (const { id, code, checkId, flipId, round } of notifications) {
    const check = checks.get(checkId)
    const flip = flips.get(flipId)
    if (!check || !flip) continue
    const { projectId } = check
    if (!surroundings.has(projectId)) surroundings.set(projectId, yield* surroundingsOf(projectId))
    const around = surroundings.get(projectId)
    if (!around) continue
    const last = pings.get(flipId)
    const status = flip.to_status === 'up' ? 'up' : 'down'
    notices.set(id, {
      check,
      project: around.project,
      status,
      reason: flip.reason,
      at: flip.at,
      nowAt,
      downForMs: status === 'up' ? yield* downForMs(checkId, flip) : null,
      lastPing: last?.ping ?? null,
      lastBody: last?.body ?? null,
      others: othersOf(check, around),
      tz: account?.tz ?? around.tz,
      accountProjects: account?.projects ?? null,
      notificationCode: code,
      round,
      acknowledgeUrl: null,
      missed: missed.get(id) ?? null,
      isTest: false,
    })
  }
  return notices
}

/** Since the flip before this one, if that was to down: spec/alerting.md [A15]. */
function* downForMs(checkId: number, flip: FlipRow): Work<number | null> {
  const before = yield* one<FlipRow>(
    'SELECT * FROM flips WHERE check_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1',
    [checkId, flip.id],
  )
  // What a clock that was set back makes negative is not known ([A36]).
  return before?.to_status === 'down' && flip.at >= before.at ? flip.at - before.at : null
}

/** What the checks of one project have in common. */
interface Surroundings {
  project: Project
  /** Of its owner. */
  tz: string
  checkCount: number
  down: NonNullable<Notice['others']>
}

function* surroundingsOf(projectId: number): Work<Surroundings | null> {
  const project = yield* one<ProjectRow & { tz: string | null }>(
    `SELECT projects.*, users.tz FROM projects LEFT JOIN users ON users.id = owner_id WHERE projects.id = $1`,
    [projectId],
  )
  if (!project) return null
  const whole = yield* one<{ count: number }>('SELECT COUNT(*) AS count FROM checks WHERE project_id = $1', [
    projectId,
  ])
  const down = yield* all<Pick<CheckRow, 'name' | 'code' | 'status' | 'last_ping_at'>>(
    `SELECT name, code, status, last_ping_at FROM checks
     WHERE project_id = $1 AND status = 'down' ORDER BY id LIMIT $2`,
    [projectId, MOST_OTHERS + 1],
  )
  return {
    project: toProject(project),
    tz: project.tz ?? 'UTC',
    checkCount: whole?.count ?? 0,
    down: down.map(({ name, code, status, last_ping_at }) => ({
      name,
      code,
      status,
      lastPingAt: last_ping_at,
    })),
  }
}

function othersOf(check: Check, { checkCount, down }: Surroundings): Notice['others'] {
  if (checkCount <= 1) return null
  return down.filter(({ code }) => code !== check.code).slice(0, MOST_OTHERS)
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
