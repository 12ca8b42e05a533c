import type { Instant } from './time'

/** One place to be told: a mailbox, a chat room, a script's URL. */
export interface Channel {
  id: number
  projectId: number
  /** UUID, in addresses and the API. */
  code: string
  /** Which integration it is of: 'email', 'webhook' … */
  kind: string
  name: string
  /** What its owner filled in, encoded by its integration. Secret: never shown, never logged. */
  value: string
  /** Whether it wants to hear of downs and of ups, by its own settings. */
  tellsDown: boolean
  tellsUp: boolean
  /** Only meaningful for e-mail: its owner has confirmed the address. */
  verified: boolean
  /** Set by a permanent failure or an unsubscribe; then nothing is sent. */
  disabled: boolean
  /** How often a down is told again until the check is up or somebody acknowledges it; null for once only. */
  repeatMs: number | null
  lastNotifyAt: Instant | null
  /** How long the last attempt took. */
  lastTookMs: number | null
  /** '' when the last attempt was delivered. */
  lastError: string
  createdAt: Instant
}
