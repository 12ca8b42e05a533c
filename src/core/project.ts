import type { Instant } from './time'

export interface Project {
  id: number
  /** UUID, in addresses. */
  code: string
  name: string
  ownerId: number
  /** 22 characters a-z 0-9, the first part of ping addresses by slug; null when there is none. */
  pingKey: string | null
  badgeKey: string
  createdAt: Instant
}
