import type { Role } from '../core/role'
import type { Instant } from '../core/time'
import { all } from './sql'
import type { Sql } from './sql'

/** Somebody who works in a project, its owner included, and what others in it may know of them. */
export interface TeamMember {
  userId: number
  email: string
  role: Role
  /** Since when. */
  createdAt: Instant
  /** When they were last seen in a browser where they are still signed in. */
  seenAt: Instant | null
  hasSecondStep: boolean
}

export interface TeamStore {
  /** The owner first, then by address. */
  ofProject(projectId: number): Promise<TeamMember[]>
  /** Addresses of those who work in other projects of this owner and have nothing to do with this one. */
  acquaintances(projectId: number, ownerId: number, limit: number): Promise<string[]>
}

export function teamStore(sql: Sql): TeamStore {
  return {
    ofProject: (projectId) =>
      sql.read(function* () {
        const rows = yield* all<TeamRow>(
          `SELECT users.id, email, role, since,
             (SELECT MAX(seen_at) FROM sign_ins WHERE user_id = users.id) AS seen_at,
             CASE WHEN totp_secret IS NOT NULL OR EXISTS (SELECT 1 FROM passkeys WHERE user_id = users.id)
               THEN 1 ELSE 0 END AS second_step
           FROM (SELECT owner_id AS user_id, 'owner' AS role, created_at AS since FROM projects WHERE id = $1
             UNION ALL SELECT user_id, role, created_at FROM members WHERE project_id = $1) team
           JOIN users ON users.id = user_id
           ORDER BY CASE WHEN role = 'owner' THEN 0 ELSE 1 END, email`,
          [projectId],
        )
        return rows.map(({ id, email, role, since, seen_at, second_step }) => ({
          userId: id,
          email,
          role,
          createdAt: since,
          seenAt: seen_at,
          hasSecondStep: second_step === 1,
        }))
      }),

    acquaintances: (projectId, ownerId, limit) =>
      sql.read(function* () {
        const rows = yield* all<{ email: string }>(
          `SELECT DISTINCT email FROM users JOIN members ON user_id = users.id
           JOIN projects ON projects.id = members.project_id
           WHERE owner_id = $2 AND users.id <> $2
             AND users.id NOT IN (SELECT user_id FROM members WHERE project_id = $1)
             AND users.id NOT IN (SELECT owner_id FROM projects WHERE id = $1)
             AND email NOT IN (SELECT email FROM invitations WHERE project_id = $1)
           ORDER BY email LIMIT $3`,
          [projectId, ownerId, limit],
        )
        return rows.map(({ email }) => email)
      }),
  }
}

interface TeamRow {
  id: number
  email: string
  role: Role
  since: number
  seen_at: number | null
  second_step: number
}
