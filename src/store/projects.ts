import type { AddressStyle, Project } from '../core/project'
import type { MemberRole, Role } from '../core/role'
import { queuePurges } from './purges'
import { REACH } from './reach'
import { all, clean, insert, one, run } from './sql'
import type { Sql, Work } from './sql'

export type NewProject = Pick<Project, 'code' | 'name' | 'ownerId' | 'badgeKey' | 'createdAt'>

/** How much there is in a project. */
export interface Contents {
  checks: number
  pings: number
  /** Bodies in object storage, and what they take there. */
  bodies: number
  bodyBytes: number
  channels: number
  members: number
}

/** A project as somebody sees it who may see it. */
export interface Reached {
  project: Project
  role: Role
  ownerEmail: string
}

export interface ProjectStore {
  /** What a person owns or works in, in no particular order: names are sorted in the program. */
  ofUser(userId: number): Promise<Project[]>
  /** The same, each with what they may do there and whose it is. */
  withRoles(userId: number): Promise<Reached[]>
  /** All there are, by creation. */
  all(): Promise<Project[]>
  /** A project, found by its id or its code, and what somebody is in it; null when it is nothing to them. */
  withRole(
    by: { id: number } | { code: string },
    userId: number,
  ): Promise<{ project: Project; role: Role | null } | null>
  find(id: number): Promise<Project | null>
  findByCode(code: string): Promise<Project | null>
  add(project: NewProject): Promise<Project>
  /** Null: no such project. */
  rename(id: number, name: string): Promise<Project | null>
  /** Removes a project with everything in it. Null when there was none. */
  remove(id: number): Promise<{ checkCodes: string[] } | null>
  /** Null: as many as the account of its owner says. */
  setPingLogLimit(id: number, limit: number | null): Promise<void>
  /** What goes when a project is removed. */
  contents(id: number): Promise<Contents>
  setAddressStyle(id: number, style: AddressStyle): Promise<void>
  /**
   * The first part of ping addresses by slug; null: there are none. Null: no such project; 'taken': another
   * project has this key.
   */
  setPingKey(id: number, pingKey: string | null): Promise<Project | 'taken' | null>
}

export function projectStore(sql: Sql): ProjectStore {
  return {
    ofUser(userId) {
      return sql.read(function* () {
        const rows = yield* all<ProjectRow>(
          `SELECT * FROM projects WHERE id IN (SELECT project_id FROM ${REACH} reach WHERE user_id = $1)`,
          [userId],
        )
        return rows.map(toProject)
      })
    },

    withRoles: (userId) =>
      sql.read(function* () {
        const rows = yield* all<ProjectRow & { role: MemberRole | null; owner_email: string }>(
          `SELECT projects.*, members.role, users.email AS owner_email FROM projects
           JOIN users ON users.id = owner_id
           LEFT JOIN members ON members.project_id = projects.id AND members.user_id = $1
           WHERE owner_id = $1 OR members.user_id IS NOT NULL`,
          [userId],
        )
        return rows.map((row) => ({
          project: toProject(row),
          role: row.owner_id === userId ? 'owner' : (row.role ?? 'read-only'),
          ownerEmail: row.owner_email,
        }))
      }),

    withRole: (by, userId) =>
      sql.read(function* () {
        const [column, value] = 'id' in by ? ['id', by.id] : ['code', by.code]
        const row = yield* one<ProjectRow & { role: MemberRole | null }>(
          `SELECT projects.*, members.role FROM projects
           LEFT JOIN members ON members.project_id = projects.id AND members.user_id = $2
           WHERE projects.${column} = $1`,
          [value, userId],
        )
        return row && { project: toProject(row), role: row.owner_id === userId ? 'owner' : row.role }
      }),

    all: () =>
      sql.read(function* () {
        return (yield* all<ProjectRow>('SELECT * FROM projects ORDER BY id')).map(toProject)
      }),

    find: (id) => sql.read(() => findBy('id', id)),

    findByCode: (code) => sql.read(() => findBy('code', code)),

    add: (project) => sql.transaction(() => addProject(project)),

    rename: (id, name) =>
      sql.transaction(function* () {
        yield* run('UPDATE projects SET name = $2 WHERE id = $1', [id, clean(name)])
        return yield* findBy('id', id)
      }),

    remove: (id) =>
      sql.transaction(function* () {
        const found = yield* one(`SELECT id FROM projects WHERE id = $1 ${sql.forUpdate}`, [id])
        if (!found) return null
        const checks = yield* all<{ code: string }>(
          'DELETE FROM checks WHERE project_id = $1 RETURNING code',
          [id],
        )
        yield* queuePurges(checks.map(({ code }) => code))
        yield* run('DELETE FROM projects WHERE id = $1', [id])
        return { checkCodes: checks.map(({ code }) => code) }
      }),

    setPingKey: (id, pingKey) =>
      sql.transaction(function* () {
        const others = 'SELECT id FROM projects WHERE ping_key = $1 AND id <> $2'
        if (pingKey !== null && (yield* one(others, [pingKey, id]))) return 'taken'
        yield* run('UPDATE projects SET ping_key = $2 WHERE id = $1', [id, pingKey])
        return yield* findBy('id', id)
      }),

    setPingLogLimit: (id, limit) =>
      sql.transaction(() => run('UPDATE projects SET ping_log_limit = $2 WHERE id = $1', [id, limit])),

    contents: (id) =>
      sql.read(function* () {
        const row = yield* one<ContentsRow>(CONTENTS, [id])
        const { checks = 0, pings = 0, bodies = 0, body_bytes = 0, channels = 0, members = 0 } = row ?? {}
        return { checks, pings, bodies, bodyBytes: body_bytes ?? 0, channels, members }
      }),

    setAddressStyle: (id, style) =>
      sql.transaction(() => run('UPDATE projects SET address_style = $2 WHERE id = $1', [id, style])),
  }
}

interface ContentsRow {
  checks: number
  pings: number
  bodies: number
  body_bytes: number | null
  channels: number
  members: number
}

const PINGS_OF = 'FROM pings JOIN checks ON checks.id = check_id WHERE project_id = $1'

const CONTENTS = `SELECT
  (SELECT COUNT(*) FROM checks WHERE project_id = $1) AS checks,
  (SELECT COUNT(*) ${PINGS_OF}) AS pings,
  (SELECT COUNT(*) ${PINGS_OF} AND body IS NULL AND body_bytes > 0) AS bodies,
  (SELECT CAST(SUM(body_bytes) AS BIGINT) ${PINGS_OF} AND body IS NULL AND body_bytes > 0) AS body_bytes,
  (SELECT COUNT(*) FROM channels WHERE project_id = $1) AS channels,
  (SELECT COUNT(*) FROM members WHERE project_id = $1) AS members`

function* findBy(column: 'id' | 'code', value: number | string): Work<Project | null> {
  const row = yield* one<ProjectRow>(`SELECT * FROM projects WHERE ${column} = $1`, [value])
  return row ? toProject(row) : null
}

/** The step of a larger transaction that adds a project. */
export function* addProject(project: NewProject): Work<Project> {
  const values = {
    code: project.code,
    name: clean(project.name),
    owner_id: project.ownerId,
    badge_key: project.badgeKey,
    created_at: project.createdAt,
  }
  const [row] = yield* insert<{ id: number }>('projects', [values], 'RETURNING id')
  return { ...project, id: row!.id, pingKey: null, addressStyle: 'uuid', pingLogLimit: null }
}

export interface ProjectRow {
  id: number
  code: string
  name: string
  owner_id: number
  ping_key: string | null
  badge_key: string
  address_style: AddressStyle
  ping_log_limit: number | null
  created_at: number
}

export function toProject(row: ProjectRow): Project {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    ownerId: row.owner_id,
    pingKey: row.ping_key,
    badgeKey: row.badge_key,
    addressStyle: row.address_style,
    pingLogLimit: row.ping_log_limit,
    createdAt: row.created_at,
  }
}
