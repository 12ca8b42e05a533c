import type { Instant } from '../core/time'
import { all, clean, insert, run } from './sql'
import type { Sql, Value } from './sql'

/** What is written down about teams and the instance: spec/web-ui.md X09. */
export const AUDIT_ACTIONS = [
  'project-opened',
  'project-removed',
  'owner-changed',
  'invited',
  'invitation-revoked',
  'joined',
  'left',
  'role-changed',
  'member-removed',
  'transfer-asked',
  'account-added',
  'account-disabled',
  'account-enabled',
  'administrator-made',
  'administrator-unmade',
  'limits-changed',
  'setting-changed',
  'closing-planned',
  'closing-cancelled',
  'account-closed',
  'second-step-reset',
  'sessions-ended',
  'link-made',
  'alert-retried',
  'alert-dropped',
  'sending-paused',
  'sending-resumed',
  'test-mail',
  'storage-swept',
  'storage-tried',
  'database-cared-for',
  'audit-exported',
  'probing',
] as const

export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export interface AuditEntry {
  id: number
  at: Instant
  /** E-mail address of whoever did it. */
  actor: string
  address: string | null
  action: AuditAction
  /** What it was done to, by name. */
  object: string
  /** Before and after; never a secret. */
  detail: string
}

export interface AuditFilter {
  action?: AuditAction
  /** Part of the actor's address, or of the object's name. */
  search?: string
  beforeId?: number
  fromAt?: Instant
  /** Not included. */
  untilAt?: Instant
}

export interface AuditStore {
  add(entry: Omit<AuditEntry, 'id'>): Promise<void>
  /** The newest first. */
  list(filter: AuditFilter, limit: number): Promise<AuditEntry[]>
  prune(beforeAt: Instant): Promise<void>
}

export function auditStore(sql: Sql): AuditStore {
  return {
    add: ({ at, actor, address, action, object, detail }) =>
      sql.transaction(function* () {
        yield* insert('audit', [
          { at, actor: clean(actor), address, action, object: clean(object), detail: clean(detail) },
        ])
      }),

    list: ({ action, search = '', beforeId = Number.MAX_SAFE_INTEGER, fromAt, untilAt }, limit) =>
      sql.read(function* () {
        const values: Value[] = [beforeId, limit]
        const isAction = action === undefined ? '' : `AND action = $${values.push(action)}`
        const isSince = fromAt === undefined ? '' : `AND at >= $${values.push(fromAt)}`
        const isUntil = untilAt === undefined ? '' : `AND at < $${values.push(untilAt)}`
        const like = search === '' ? '' : `$${values.push(`%${escaped(search.toLowerCase())}%`)}`
        const isFound =
          like === ''
            ? ''
            : `AND (LOWER(actor) LIKE ${like} ESCAPE '!' OR LOWER(object) LIKE ${like} ESCAPE '!')`
        return yield* all<AuditEntry>(
          `SELECT id, at, actor, address, action, object, detail FROM audit
           WHERE id < $1 ${isAction} ${isSince} ${isUntil} ${isFound} ORDER BY id DESC LIMIT $2`,
          values,
        )
      }),

    prune: (beforeAt) => sql.transaction(() => run('DELETE FROM audit WHERE at < $1', [beforeAt])),
  }
}

/** A text to look for with LIKE, in which nothing stands for anything else. */
export function escaped(text: string): string {
  return text.replaceAll(/[!%_]/g, '!$&')
}
