import type { Instant } from './time'

/** What a key may do; it follows from what is kept of it, not from how it begins. */
export type KeyAccess = 'read-write' | 'read-only'

/** A key to the management API of one project: spec/management-api.md [M17]. The key itself is not kept. */
export interface ApiKey {
  id: number
  projectId: number
  /** UUID, in addresses. */
  code: string
  name: string
  access: KeyAccess
  /** The first eight characters, to tell keys apart. */
  hint: string
  /** E-mail address of who made it. */
  createdBy: string
  createdAt: Instant
  lastUsedAt: Instant | null
  /** Address from which it was used last, or null. */
  lastUsedFrom: string | null
  /** From then on it is as good as unknown; null: never. */
  expiresAt: Instant | null
}

/** A key to all projects of a person, with the role they have in each. The token itself is not kept. */
export type AccessToken = Omit<ApiKey, 'projectId' | 'createdBy'> & { userId: number }

/** Characters of every key, old and new. */
export const KEY_LENGTH = 32

/** What new keys begin with. */
export const KEY_PREFIX: Record<KeyAccess, string> = { 'read-write': 'hcw_', 'read-only': 'hcr_' }

/** What new access tokens begin with. */
export const TOKEN_PREFIX: Record<KeyAccess, string> = { 'read-write': 'rcw_', 'read-only': 'rcr_' }

/** The part of a key that is kept in the clear, to find it by: characters 5 to 12. */
export function lookUpPart(secret: string): string {
  return secret.slice(4, 12)
}
