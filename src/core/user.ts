import type { Instant } from './time'

export type Theme = 'system' | 'light' | 'dark'

export interface User {
  id: number
  /** Lower case, at most 254 characters, unique. */
  email: string
  /** In PHC string form; null when the person signs in by other means. */
  passwordHash: string | null
  isAdmin: boolean
  /** IANA zone in which times are shown. */
  tz: string
  theme: Theme
  checkLimit: number
  /** Pings kept for each check of this person's projects. */
  pingLogLimit: number
  createdAt: Instant
}
