import type { Instant } from './time'

export type Theme = 'system' | 'light' | 'dark'

/** How pages look and behave for a person: spec/web-ui.md A23. */
export interface Appearance {
  density: 'comfortable' | 'compact'
  /** Whether pages say '4 min ago' or the time itself. */
  times: 'relative' | 'absolute'
  clock: 'iso' | 'local24' | 'local12'
  /** Single keys do things. */
  shortcuts: boolean
  motion: 'system' | 'reduced'
  /** Status shapes hold letters, too. */
  letters: boolean
  /** Lists show what is down first. */
  downFirst: boolean
}

export const USUAL_APPEARANCE: Appearance = {
  density: 'comfortable',
  times: 'relative',
  clock: 'iso',
  shortcuts: true,
  motion: 'system',
  letters: false,
  downFirst: true,
}

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
  /** May not sign in; what is theirs goes on. */
  disabled: boolean
  /** When an administrator has the account closed; null: not at all. */
  closeAt: Instant | null
  /** Something that was mailed to the address has come back from this person. */
  emailProven: boolean
  /** Somebody said of a change of the address that it was not theirs. */
  emailLocked: boolean
  appearance: Appearance
}
