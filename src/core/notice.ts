import type { Check } from './check'
import type { Ping } from './ping'
import type { Instant } from './time'

/**
 * A flip, and all that there is to tell about it: what integrations put into words.
 * Read once for a flip and shared by its channels. spec/integrations.md §4.1.
 */
export interface Notice {
  /** As it is now; it may have moved on since the flip. */
  check: Check
  project: { code: string; name: string }
  /** What the check changed to. */
  status: 'up' | 'down'
  reason: 'timeout' | 'fail' | ''
  /** When it changed. */
  at: Instant
  /** Now. */
  nowAt: Instant
  /** For an up: how long it was down, or null when not known. */
  downForMs: number | null
  /** The newest ping that is not younger than the flip. */
  lastPing: Ping | null
  /** What is kept of its body; null when there is none. */
  lastBody: Buffer | null
  /** The other checks of the project that are down, at most a thousand; null when there are no others. */
  others: { name: string; code: string; status: Check['status']; lastPingAt: Instant | null }[] | null
  /** For e-mail: of the account with this address, or of the owner of the project. */
  tz: string
  /** For e-mail to an account: its projects, each with how many checks show down now; else null. */
  accountProjects: { name: string; code: string; down: number }[] | null
  /** The same for every attempt to tell this flip to this channel. */
  notificationCode: string
  /** How often this channel was told before that the check is still down; 0 for the flip itself. */
  round: number
  /** Where a person ends the repetition; null when the channel says it once. */
  acknowledgeUrl: string | null
  /** What this channel was not told because this took its place (D19); null when that is nothing. */
  missed: Missed | null
  isTest: boolean
}

export interface Missed {
  /** How many changes of status. */
  count: number
  /** The last of them, oldest first: what the check was, from when until when. */
  stretches: Stretch[]
}

export interface Stretch {
  status: 'up' | 'down'
  reason: Notice['reason']
  at: Instant
  untilAt: Instant
}
