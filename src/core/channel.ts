import type { Instant } from './time'

/** A failure may be over, which a test shows; whoever unsubscribed has to agree anew. */
export type DisabledBy = 'failure' | 'unsubscribe'

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
  /** What disabled it; null while it is not. */
  disabledBy: DisabledBy | null
  /** Why, in the words of the other side; '' when nobody said. */
  disabledReason: string
  /** How often a down is told again until the check is up or somebody acknowledges it; null for once only. */
  repeatMs: number | null
  lastNotifyAt: Instant | null
  /** How long the last attempt took. */
  lastTookMs: number | null
  /** '' when the last attempt was delivered. */
  lastError: string
  createdAt: Instant
}
