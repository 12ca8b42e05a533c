import type { Instant } from './time'

export type AddressStyle = 'uuid' | 'slug'

export interface Project {
  id: number
  /** UUID, in addresses. */
  code: string
  name: string
  ownerId: number
  /** 22 characters a-z 0-9, the first part of ping addresses by slug; null when there is none. */
  pingKey: string | null
  badgeKey: string
  /** Which ping addresses its pages show: by the secret code of a check, or by ping key and slug. */
  addressStyle: AddressStyle
  /** Pings kept for each of its checks; null: as many as its owner's account says. */
  pingLogLimit: number | null
  createdAt: Instant
}
