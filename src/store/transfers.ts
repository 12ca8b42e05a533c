import type { Project } from '../core/project'
import type { Instant } from '../core/time'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { toProject } from './projects'
import type { ProjectRow } from './projects'
import { all, insert, one, run } from './sql'
import type { Sql, Work } from './sql'

/** A member was asked to own a project. */
export interface Transfer {
  projectId: number
  userId: number
  email: string
  createdAt: Instant
}

/** What taking a project over would mean for somebody's limit of checks. */
export interface Load {
  limit: number
  /** Checks of the projects that are theirs already. */
  used: number
  /** Checks of this project. */
  more: number
}

export type Handover = { kind: 'done' } | { kind: 'gone' } | { kind: 'too many'; load: Load }

export interface TransferStore {
  ofProject(projectId: number): Promise<Transfer | null>
  /** The projects that somebody was asked to own. */
  toUser(userId: number): Promise<Project[]>
  /** Takes the place of one that was asked before. False: no member of this project. */
  ask(projectId: number, userId: number, nowAt: Instant, mail: NewMail | null): Promise<boolean>
  /** False when there was none. */
  cancel(projectId: number): Promise<boolean>
  loadOf(projectId: number, userId: number): Promise<Load>
  /** The one who was asked now owns it; who did before becomes a member. */
  accept(projectId: number, userId: number, nowAt: Instant): Promise<Handover>
  /** The same without asking, and whatever the limits; the new owner need not be a member. */
  force(projectId: number, userId: number, nowAt: Instant): Promise<boolean>
}

export function transferStore(sql: Sql): TransferStore {
  return {
    ofProject: (projectId) =>
      sql.read(function* () {
        const row = yield* one<{ user_id: number; email: string; created_at: number }>(
          `SELECT user_id, email, transfers.created_at FROM transfers JOIN users ON users.id = user_id
           WHERE project_id = $1`,
          [projectId],
        )
        return row && { projectId, userId: row.user_id, email: row.email, createdAt: row.created_at }
      }),

    toUser: (userId) =>
      sql.read(function* () {
        const rows = yield* all<ProjectRow>(
          'SELECT projects.* FROM projects JOIN transfers ON project_id = projects.id WHERE user_id = $1',
          [userId],
        )
        return rows.map(toProject)
      }),

    ask: (projectId, userId, nowAt, mail) =>
      sql.transaction(function* () {
        const isMember = yield* one('SELECT user_id FROM members WHERE project_id = $1 AND user_id = $2', [
          projectId,
          userId,
        ])
        if (!isMember) return false
        yield* insert(
          'transfers',
          [{ project_id: projectId, user_id: userId, created_at: nowAt }],
          `ON CONFLICT (project_id) DO UPDATE SET user_id = excluded.user_id, created_at = excluded.created_at`,
        )
        if (mail) yield* queueMail(mail)
        return true
      }),

    cancel: (projectId) =>
      sql.transaction(function* () {
        const gone = yield* all('DELETE FROM transfers WHERE project_id = $1 RETURNING project_id', [
          projectId,
        ])
        return gone.length > 0
      }),

    loadOf: (projectId, userId) => sql.read(() => loadOf(projectId, userId)),

    accept: (projectId, userId, nowAt) =>
      sql.transaction(function* (): Work<Handover> {
        // Locked, so that of two answers, or a cancelling at the same time, one counts.
        const asked = yield* one(
          `SELECT project_id FROM transfers WHERE project_id = $1 AND user_id = $2 ${sql.forUpdate}`,
          [projectId, userId],
        )
        if (!asked) return { kind: 'gone' }
        const load = yield* loadOf(projectId, userId)
        if (load.used + load.more > load.limit) return { kind: 'too many', load }
        yield* hand(projectId, userId, nowAt)
        return { kind: 'done' }
      }),

    force: (projectId, userId, nowAt) =>
      sql.transaction(function* () {
        const there = yield* one(`SELECT id FROM projects WHERE id = $1 ${sql.forUpdate}`, [projectId])
        if (there) yield* hand(projectId, userId, nowAt)
        return there !== null
      }),
  }
}

function* hand(projectId: number, userId: number, nowAt: Instant): Work<void> {
  const before = yield* one<{ owner_id: number }>('SELECT owner_id FROM projects WHERE id = $1', [projectId])
  yield* run('DELETE FROM transfers WHERE project_id = $1', [projectId])
  if (!before || before.owner_id === userId) return
  yield* run('UPDATE projects SET owner_id = $2 WHERE id = $1', [projectId, userId])
  yield* run('DELETE FROM members WHERE project_id = $1 AND user_id = $2', [projectId, userId])
  yield* insert('members', [
    { project_id: projectId, user_id: before.owner_id, role: 'member', created_at: nowAt },
  ])
}

function* loadOf(projectId: number, userId: number): Work<Load> {
  const row = yield* one<{ check_limit: number; used: number; more: number }>(
    `SELECT check_limit,
       (SELECT COUNT(*) FROM checks JOIN projects ON projects.id = project_id WHERE owner_id = $2) AS used,
       (SELECT COUNT(*) FROM checks WHERE project_id = $1) AS more
     FROM users WHERE id = $2`,
    [projectId, userId],
  )
  return { limit: row?.check_limit ?? 0, used: row?.used ?? 0, more: row?.more ?? 0 }
}
