import type { Project } from '../core/project'
import type { MemberRole } from '../core/role'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { toProject } from './projects'
import type { ProjectRow } from './projects'
import { all, clean, insert, one, run } from './sql'
import type { Sql, Work } from './sql'
import { addUser } from './users'
import type { Beginning } from './users'

/** Somebody was asked to work in a project. It says so in a link, of which only a digest is kept. */
export interface Invitation {
  id: number
  /** UUID, in the addresses of those who may take it back. */
  code: string
  projectId: number
  /** Lower case. */
  email: string
  role: MemberRole
  /** The address of whoever asked. */
  invitedBy: string
  /** The link went to the mailbox alone, so that whoever has it has that. */
  mailed: boolean
  createdAt: Instant
  expiresAt: Instant
}

export interface InvitationInto {
  invitation: Invitation
  project: Project
}

export interface InvitationStore {
  /** Those that are still good, the newest first. */
  ofProject(projectId: number, nowAt: Instant): Promise<Invitation[]>
  /** The same for everybody with this address. */
  ofEmail(email: string, nowAt: Instant): Promise<InvitationInto[]>
  /** `key`: the digest of the link. Null when it is wrong, taken back, used or too old. */
  findByKey(key: string, nowAt: Instant): Promise<InvitationInto | null>
  /** With the mail that tells of it, if there is one: `mailed` says so. One per address and project that is still good. */
  add(
    invitation: Omit<Invitation, 'id' | 'mailed'>,
    key: string,
    mail: NewMail | null,
  ): Promise<Invitation | 'member' | 'invited'>
  /** Under another link, for longer; mailed now, or not. False when it is gone. */
  renew(id: number, key: string, expiresAt: Instant, mail: NewMail | null): Promise<boolean>
  /** False when it is gone. */
  remove(id: number): Promise<boolean>
  /** Used up: the person works in the project, with the role that is the greater. False when it is gone. */
  accept(id: number, userId: number, nowAt: Instant): Promise<boolean>
  /** The same for somebody without an account, which is made. 'taken': there is one by now. */
  acceptAsNew(id: number, user: Beginning['user'], nowAt: Instant): Promise<User | 'taken' | 'gone'>
  prune(nowAt: Instant): Promise<void>
}

export function invitationStore(sql: Sql): InvitationStore {
  return {
    ofProject: (projectId, nowAt) =>
      sql.read(function* () {
        const rows = yield* all<InvitationRow>(
          'SELECT * FROM invitations WHERE project_id = $1 AND expires_at > $2 ORDER BY id DESC',
          [projectId, nowAt],
        )
        return rows.map(toInvitation)
      }),

    ofEmail: (email, nowAt) =>
      sql.read(function* () {
        const rows = yield* all<InvitationRow>(
          'SELECT * FROM invitations WHERE email = $1 AND expires_at > $2 ORDER BY id DESC',
          [email, nowAt],
        )
        const found: InvitationInto[] = []
        for (const row of rows) found.push(yield* withProject(row))
        return found
      }),

    findByKey: (key, nowAt) =>
      sql.read(function* () {
        const row = yield* one<InvitationRow>(
          'SELECT * FROM invitations WHERE key = $1 AND expires_at > $2',
          [key, nowAt],
        )
        return row && (yield* withProject(row))
      }),

    add: (invitation, key, mail) =>
      sql.transaction(function* () {
        const { projectId, email, createdAt } = invitation
        const there = yield* one(
          `SELECT users.id FROM users JOIN projects ON projects.id = $1
           LEFT JOIN members ON members.project_id = $1 AND members.user_id = users.id
           WHERE users.email = $2 AND (owner_id = users.id OR members.user_id IS NOT NULL)`,
          [projectId, email],
        )
        if (there) return 'member'
        yield* run('DELETE FROM invitations WHERE project_id = $1 AND email = $2 AND expires_at <= $3', [
          projectId,
          email,
          createdAt,
        ])
        const [added] = yield* insert<{ id: number }>(
          'invitations',
          [toValues({ ...invitation, mailed: mail !== null }, key)],
          'ON CONFLICT (project_id, email) DO NOTHING RETURNING id',
        )
        if (!added) return 'invited'
        if (mail) yield* queueMail(mail)
        return { ...invitation, mailed: mail !== null, id: added.id }
      }),

    renew: (id, key, expiresAt, mail) =>
      sql.transaction(function* () {
        const renewed = yield* one(
          'UPDATE invitations SET key = $2, expires_at = $3, mailed = $4 WHERE id = $1 RETURNING id',
          [id, key, expiresAt, mail === null ? 0 : 1],
        )
        if (renewed && mail) yield* queueMail(mail)
        return renewed !== null
      }),

    remove: (id) =>
      sql.transaction(function* () {
        return (yield* take(id)) !== null
      }),

    accept: (id, userId, nowAt) =>
      sql.transaction(function* () {
        const taken = yield* take(id)
        if (!taken || taken.expires_at <= nowAt) return false
        const { project_id, role } = taken
        const owned = yield* one('SELECT id FROM projects WHERE id = $1 AND owner_id = $2', [
          project_id,
          userId,
        ])
        if (owned) return true
        yield* run(
          `INSERT INTO members (project_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (project_id, user_id) DO UPDATE SET role =
             CASE WHEN members.role = 'manager' OR excluded.role = 'read-only'
             THEN members.role ELSE excluded.role END`,
          [project_id, userId, role, nowAt],
        )
        return true
      }),

    acceptAsNew: (id, user, nowAt) =>
      sql.transaction(function* () {
        const invited = yield* one<InvitationRow>(
          `SELECT * FROM invitations WHERE id = $1 AND expires_at > $2 ${sql.forUpdate}`,
          [id, nowAt],
        )
        if (!invited) return 'gone'
        const added = yield* addUser(user)
        if (!added) return 'taken'
        yield* take(id)
        yield* insert('members', [
          { project_id: invited.project_id, user_id: added.id, role: invited.role, created_at: nowAt },
        ])
        return added
      }),

    prune: (nowAt) => sql.transaction(() => run('DELETE FROM invitations WHERE expires_at <= $1', [nowAt])),
  }
}

function take(id: number): Work<InvitationRow | null> {
  return one<InvitationRow>('DELETE FROM invitations WHERE id = $1 RETURNING *', [id])
}

function* withProject(row: InvitationRow): Work<InvitationInto> {
  const project = yield* one<ProjectRow>('SELECT * FROM projects WHERE id = $1', [row.project_id])
  return { invitation: toInvitation(row), project: toProject(project!) }
}

interface InvitationRow {
  id: number
  code: string
  project_id: number
  email: string
  role: MemberRole
  invited_by: string
  mailed: number
  created_at: number
  expires_at: number
}

function toValues(invitation: Omit<Invitation, 'id'>, key: string) {
  return {
    code: invitation.code,
    key,
    project_id: invitation.projectId,
    email: clean(invitation.email),
    role: invitation.role,
    invited_by: clean(invitation.invitedBy),
    mailed: invitation.mailed ? 1 : 0,
    created_at: invitation.createdAt,
    expires_at: invitation.expiresAt,
  }
}

function toInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id,
    code: row.code,
    projectId: row.project_id,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    mailed: row.mailed === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
