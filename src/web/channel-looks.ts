import type { Channel } from '../core/channel'

/** Its symbol in the sprite. */
export function iconOf(kind: string): string {
  return ['email', 'webhook'].includes(kind) ? `kind-${kind}` : 'kind-other'
}

/** Why a channel tells nobody, or did not the last time; null when all is well. */
export function problemOf({ disabled, verified, lastError }: Channel): string | null {
  if (disabled) return 'disabled'
  if (!verified) return 'not confirmed yet'
  return lastError === '' ? null : lastError
}
