import type { MemberRole, Role } from '../core/role'
import type { Instant } from '../core/time'
import { all, one, run } from './sql'
import type { Sql } from './sql'

/** Somebody who works in a project without owning it. */
export interface Member {
  userId: number
  email: string
  role: MemberRole
  createdAt: Instant
}

export interface MemberStore {
  /** What a person is in a project; null when the project is nothing to them. */
  roleIn(projectId: number, userId: number): Promise<Role | null>
  /** In no particular order, without the owner. */
  ofProject(projectId: number): Promise<Member[]>
  /** Adds a person, or gives them another role. */
  put(projectId: number, userId: number, role: MemberRole, nowAt: Instant): Promise<void>
  /** False when they were none. */
  remove(projectId: number, userId: number): Promise<boolean>
}

export function memberStore(sql: Sql): MemberStore {
  return {
    roleIn: (projectId, userId) =>
      sql.read(function* () {
        const row = yield* one<{ owner_id: number; role: MemberRole | null }>(
          `SELECT owner_id, role FROM projects
           LEFT JOIN members ON members.project_id = projects.id AND members.user_id = $2
           WHERE projects.id = $1`,
          [projectId, userId],
        )
        return row?.owner_id === userId ? 'owner' : (row?.role ?? null)
      }),

    ofProject: (projectId) =>
      sql.read(function* () {
        const rows = yield* all<{ user_id: number; email: string; role: MemberRole; created_at: number }>(
          `SELECT user_id, email, role, members.created_at FROM members
           JOIN users ON users.id = user_id WHERE project_id = $1`,
          [projectId],
        )
        return rows.map((row) => ({
          userId: row.user_id,
          email: row.email,
          role: row.role,
          createdAt: row.created_at,
        }))
      }),

    put: (projectId, userId, role, nowAt) =>
      sql.transaction(() =>
        run(
          `INSERT INTO members (project_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role`,
          [projectId, userId, role, nowAt],
        ),
      ),

    remove: (projectId, userId) =>
      sql.transaction(function* () {
        // Whoever is not in a project any more cannot come to own it.
        yield* run('DELETE FROM transfers WHERE project_id = $1 AND user_id = $2', [projectId, userId])
        const gone = yield* all(
          'DELETE FROM members WHERE project_id = $1 AND user_id = $2 RETURNING user_id',
          [projectId, userId],
        )
        return gone.length > 0
      }),
  }
}
