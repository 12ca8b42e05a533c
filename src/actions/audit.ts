import type { User } from '../core/user'
import type { AuditAction, AuditStore } from '../store/audit'
import type { Clock } from '../world/clock'

/** Who does something, and from where. */
export interface Actor {
  user: Pick<User, 'id' | 'email'>
  address: string | null
}

/** Writes down what was done to teams and the instance: spec/web-ui.md X09. `detail` is never a secret. */
export type AuditTrail = (actor: Actor, action: AuditAction, object: string, detail?: string) => Promise<void>

const MAX_TEXT = 300

export function auditTrail(audit: Pick<AuditStore, 'add'>, clock: Clock): AuditTrail {
  return ({ user, address }, action, object, detail = '') =>
    audit.add({
      at: clock(),
      actor: user.email,
      address,
      action,
      object: object.slice(0, MAX_TEXT),
      detail: detail.slice(0, MAX_TEXT),
    })
}
